/* A session that ends while somebody works: the page asks to sign in, in a dialog, and goes on where it was. Whatever
   answers 401 says so; once the same person is back the event `signed-in` lets others (autosave, polls) try again.
   Somebody else signing in here gets a page of their own, with nothing of what was typed (the answer's HX-Refresh). */
const dialog = document.getElementById("sign-in-again");
const begun = new WeakMap(); /* request context → how often this page had signed in when it was sent */
let signIns = 0;

document.addEventListener("htmx:before:request", (event) => begun.set(event.detail.ctx, signIns));

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!dialog || ctx.response?.status !== 401 || dialog.contains(ctx.sourceElement)) return;
  if (begun.get(ctx) !== signIns) return; /* an answer from before */
  document.documentElement.dataset.live = "out";
  for (const element of document.querySelectorAll(".live")) element.textContent = "Signed out";
  if (!dialog.open) {
    for (const other of document.querySelectorAll("dialog[open]")) other.close("cancel");
    dialog.showModal();
  }
});

/* in the capture phase: before others ask again */
document.addEventListener("signed-in", () => {
  signIns += 1;
  document.documentElement.dataset.live = "on";
  dialog.close("ok");
}, { capture: true });
