/* What htmx does with an answer that is not a success (htmx 4 swaps 4xx and 5xx like any other answer).

   - Our own alert (errors/_alert.html, marked data-alert) goes to the toasts, wherever the request was aimed.
   - A fragment without that mark (a form with its errors, a conflict) is swapped as asked.
   - A whole page, an empty answer or a foreign 5xx is not swapped into a corner of this page: words instead.
   - No answer at all (network) says so.
   Autosave and polling try again by themselves, so what passes (429, 5xx, no network) has its own words there; and a poll
   that is refused says why once, not every second. */
const region = document.getElementById("toasts");
let pollTold = false;

const say = (text, hint = "") =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, hint, kind: "bad" } }));

function retriesItself(ctx) {
  return ctx.sourceEvent?.type === "every" || Boolean(ctx.sourceElement?.closest?.("[data-autosave]"));
}

function quiet(ctx, status) {
  if (ctx.sourceEvent?.type === "every" && status < 500) {
    const again = pollTold;
    pollTold = true;
    return again;
  }
  return retriesItself(ctx) && (status === 429 || status >= 500);
}

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const status = ctx.response?.status ?? 0;
  if (status < 400) return;
  const text = ctx.text ?? "";
  const alert = text.includes("data-alert");
  if (!alert && status < 500 && text.trim() && !/^\s*<!doctype/i.test(text)) return;
  event.preventDefault();
  if (quiet(ctx, status)) return;
  if (alert) window.htmx.swap({ sourceElement: region, target: region, swap: "beforeend", text });
  else say("That did not work.", `The server answered ${status}. Try again, or reload the page.`);
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || retriesItself(ctx)) return;
  say("The server did not answer.", "Check the connection and try again.");
});
