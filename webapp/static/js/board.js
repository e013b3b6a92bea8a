/* The board's own few things: a dialog whose content htmx fetched opens itself, a decision is bound to the words on the page
   when its dialog opened, the keyboard keeps its place when a card goes, Print prints. */
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
  const dialog = document.getElementById(event.target.closest?.("[data-open]")?.dataset.open);
  const seen = dialog?.querySelector("[name=seen]");
  if (seen) seen.value = document.querySelector("[data-seen]").dataset.seen;
});

/* When the card with the focus is deleted (or its fields freeze), the focus goes to the card that took its place. */
let place = null;
document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("#board > .scene");
  place = card && { card, number: [...card.parentElement.children].indexOf(card) };
});

document.addEventListener("htmx:after:swap", () => {
  if (!place || place.card.isConnected || document.activeElement !== document.body) return;
  const cards = [...document.querySelectorAll("#board > .scene")];
  cards[Math.min(place.number, cards.length - 1)]?.querySelector(".scene-f summary, .scene-f a")?.focus({ preventScroll: true });
});
