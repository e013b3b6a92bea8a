/* "/" goes to the search, "?" shows the shortcuts; never while somebody types. */
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    const field = [...document.querySelectorAll("[data-search]")].find((element) => element.checkVisibility());
    if (field) field.focus();
    else document.querySelector(".search-link")?.click();
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("shortcuts")?.showModal();
  }
});
