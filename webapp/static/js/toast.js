/* Toasts: short messages in the role=status region #toasts.

   They come from four places, all with the same markup (macros.html, toast()):
   - flashed messages, rendered by the layout;
   - the answer's header  HX-Trigger: {"toast": {"text": "Scene 3 deleted", "undo": "/url", "kind": "ok", "hint": ""}}
     (the simplest way with htmx 4: htmx fires the event `toast` and it bubbles to the document);
   - a partial  <hx-partial hx-target="#toasts" hx-swap="beforeend">…</hx-partial>;
   - other islands:  document.dispatchEvent(new CustomEvent("toast", { detail: { text } })).
   Good news leaves by itself, longer with an Undo; bad news stays until dismissed. */
const region = document.getElementById("toasts");
const template = document.getElementById("toast-template");
const STAY_MS = { ok: 5000, info: 7000 };
const STAY_WITH_UNDO_MS = 10000;
const ICONS = { ok: "check", info: "info", bad: "circle-alert" };

function build({ text, kind = "ok", hint = "", undo = "" }) {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.kind = kind;
  const use = toast.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[kind] ?? "check"}`));
  toast.querySelector("span").textContent = text;
  if (hint) {
    const small = document.createElement("small");
    small.textContent = ` ${hint}`;
    toast.querySelector("p").append(small);
  }
  if (undo) toast.querySelector("[data-dismiss]").before(undoForm(undo));
  return toast;
}

function undoForm(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const button = document.createElement("button");
  button.type = "submit";
  button.textContent = "Undo";
  form.append(button);
  return form;
}

/* Let it go when its time is over, but not while somebody reads or reaches for it. */
function schedule(toast) {
  const { kind } = toast.dataset;
  if (kind === "bad") return;
  const stay = toast.querySelector("form") ? STAY_WITH_UNDO_MS : (STAY_MS[kind] ?? STAY_MS.ok);
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1500);
    else toast.remove();
  };
  setTimeout(leave, stay);
}

document.addEventListener("toast", (event) => region.append(build(event.detail)));

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest(".toast")?.remove();
});

/* Undo goes through htmx where there is htmx; a page shown by a plain answer keeps its plain form. */
region.addEventListener("submit", (event) => {
  if (!window.htmx) return;
  event.preventDefault();
  event.target.closest(".toast").remove();
  window.htmx.ajax("POST", event.target.getAttribute("action"), { source: document.body, target: document.body, swap: "none" });
});

/* An alert swapped in arrives in its wrapper: unwrap it, then start the clock of every newcomer. */
new MutationObserver((records) => {
  for (const node of records.flatMap((record) => [...record.addedNodes])) {
    if (!(node instanceof Element)) continue;
    if (node.matches("[data-alert]")) node.replaceWith(...node.children);
    else if (node.matches(".toast")) schedule(node);
  }
}).observe(region, { childList: true });
region.querySelectorAll(".toast").forEach(schedule);
