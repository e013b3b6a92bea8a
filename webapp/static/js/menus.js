/* <details class="menu"> behaves like a menu: one open at a time, Escape and clicks outside close it.
   <details data-open-wide> is folded on narrow windows only; the style sheet shows its content on wide ones anyway,
   so opening it here changes nothing to see, but tells the keyboard and the screen reader. */
document.addEventListener("click", (event) => {
  const inside = event.target.closest?.("details.menu");
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const chosen = menu === inside && event.target.closest(".menu-panel :is(a, button)");
    if (menu !== inside || chosen) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

const wide = matchMedia("(min-width: 1081px)");
function unfold() {
  for (const panel of document.querySelectorAll("details[data-open-wide]")) panel.open = wide.matches;
}
wide.addEventListener("change", unfold);
unfold();
