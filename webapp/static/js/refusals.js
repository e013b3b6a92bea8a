/* What htmx does with an answer that is not a success (htmx 4 swaps 4xx and 5xx like any other answer).

   - Our own alert (errors/_alert.html, marked data-alert) goes to the toasts, wherever the request was aimed; an open
     dialog shows it itself, for nothing outside it can be reached then.
   - A fragment without that mark (a form with its errors, a conflict) is swapped as asked.
   - A whole page, an empty answer or a foreign 5xx is not swapped into a corner of this page: words instead.
   - No answer at all (network) says so.
   Autosave and polling try again by themselves, so what passes (429, 5xx, no network) has its own words there; and a poll
   that is refused says why once, not every second. */
const region = document.getElementById("toasts");
let pollTold = false;

function say(source, text, hint = "") {
  const dialog = source?.closest?.("dialog[open]");
  if (dialog) inDialog(dialog, `${text} ${hint}`);
  else document.dispatchEvent(new CustomEvent("toast", { detail: { text, hint, kind: "bad" } }));
}

function inDialog(dialog, sentence) {
  dialog.querySelector(".refusal")?.remove();
  const words = document.createElement("p");
  words.className = "refusal";
  words.setAttribute("role", "alert");
  words.textContent = sentence.trim();
  (dialog.querySelector("footer") ?? dialog.lastElementChild).before(words);
}

/* The sentences of our alert, without its markup. */
function sentencesOf(text) {
  const words = new DOMParser().parseFromString(text, "text/html").querySelector("[data-alert] p");
  return words?.textContent.replace(/\s+/g, " ") ?? "That did not work.";
}

/* The next try, and the next time the dialog opens, begin without it. */
const forget = (dialog) => dialog?.querySelector?.(".refusal")?.remove();
document.addEventListener("htmx:before:request", (event) => forget(event.detail.ctx.sourceElement?.closest?.("dialog")));
document.addEventListener("close", (event) => forget(event.target), true);

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
  if (status === 401 && document.getElementById("sign-in-again")) {
    event.preventDefault(); /* js/sign-in-again.js asks */
    return;
  }
  const text = ctx.text ?? "";
  const alert = text.includes("data-alert");
  if (!alert && status < 500 && text.trim() && !/^\s*<!doctype/i.test(text)) return;
  event.preventDefault();
  if (quiet(ctx, status)) return;
  const dialog = ctx.sourceElement?.closest?.("dialog[open]");
  if (alert && dialog) inDialog(dialog, sentencesOf(text));
  else if (alert) window.htmx.swap({ sourceElement: region, target: region, swap: "beforeend", text });
  else say(ctx.sourceElement, "That did not work.", `The server answered ${status}. Try again, or reload the page.`);
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || retriesItself(ctx)) return;
  say(ctx.sourceElement, "The server did not answer.", "Check the connection and try again.");
});
