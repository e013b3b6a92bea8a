/* The board's own few things: a dialog whose content htmx fetched opens itself, Print prints. */
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  if (target instanceof HTMLDialogElement && !target.open && event.detail.ctx.response?.status < 400) {
    const title = target.querySelector("h2");
    if (title) {
      target.setAttribute("aria-labelledby", title.id);
      target.removeAttribute("aria-label");
    }
    target.showModal();
  }
});

/* Links and buttons that work without JavaScript, and open a dialog with it. */
document.addEventListener(
  "click",
  (event) => {
    const control = event.target.closest?.("a[data-open], button[type=submit][data-open], dialog a[data-close]");
    if (control && (!control.dataset.open || document.getElementById(control.dataset.open))) event.preventDefault();
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
