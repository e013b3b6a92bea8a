/* What htmx does with an answer that is not a success.

   - Our own alert (errors/_alert.html, marked data-alert) goes to the toasts, wherever the request was aimed.
   - A fragment without that mark (a form with its errors, a conflict) is swapped as asked.
   - A whole page, an empty answer or a foreign 5xx is not swapped into a corner of this page: words instead.
   - No answer at all (network) says so; autosave and polling have their own words and are left alone. */
const say = (text, hint = "") =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, hint, kind: "bad" } }));

const quiet = (source) => source?.closest?.("[data-autosave], [hx-trigger*='every']");

document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  const text = ctx.text ?? "";
  if (text.includes("data-alert")) {
    ctx.target = document.getElementById("toasts");
    ctx.swap = "beforeend";
    ctx.select = null;
    delete ctx.hx.retarget;
    delete ctx.hx.reswap;
    if (quiet(ctx.sourceElement)) ctx.swap = "none";
  } else if (/^\s*<!doctype/i.test(text) || !text.trim() || ctx.response.status >= 500) {
    ctx.swap = "none";
    delete ctx.hx.reswap;
    if (!quiet(ctx.sourceElement)) {
      say("That did not work.", `The server answered ${ctx.response.status}. Try again, or reload the page.`);
    }
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || quiet(ctx.sourceElement)) return;
  say("The server did not answer.", "Check the connection and try again.");
});
