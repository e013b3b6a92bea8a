/* Native dialogs: data-open="id", data-close, light dismiss, Ctrl/Cmd+Enter, confirmations, data-toggle panels.
   The browser itself traps the focus and gives it back to the opener. */
const confirmDialog = document.getElementById("confirm");

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-open], [data-close], [data-toggle]");
  if (control?.dataset.open) open(control.dataset.open, control);
  else if (control?.hasAttribute("data-close")) control.closest("dialog")?.close("cancel");
  else if (control?.dataset.toggle) toggle(control.dataset.toggle);
  else if (event.target.nodeName === "DIALOG" && outside(event)) event.target.close("cancel");
});

function open(id, opener) {
  opener.closest("details.menu")?.removeAttribute("open");
  document.getElementById(id)?.showModal();
}

/* A click on the backdrop is a click on the dialog, outside its box; a drag that ends there is not. */
function outside(event) {
  const box = event.target.getBoundingClientRect();
  return (
    event.detail > 0 &&
    (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom)
  );
}

function toggle(id) {
  const panel = document.getElementById(id);
  panel.hidden = !panel.hidden;
  for (const control of document.querySelectorAll(`[data-toggle="${CSS.escape(id)}"][aria-expanded]`)) {
    control.setAttribute("aria-expanded", String(!panel.hidden));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("dialog form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[type=submit]:not([value=cancel])"));
});

/* After an htmx answer: a dialog that came with it opens; the dialog whose form went through closes. */
function openArrivals() {
  for (const dialog of document.querySelectorAll("dialog[data-autoopen]:not([open])")) {
    dialog.removeAttribute("data-autoopen");
    dialog.showModal();
  }
}
document.addEventListener("htmx:after:swap", openArrivals);
openArrivals();

/* A form that came back with its errors: the first wrong field has the focus. */
document.addEventListener("htmx:after:swap", () => {
  document.querySelector("dialog[open] [aria-invalid=true]")?.focus();
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement?.closest?.("dialog form");
  if (!form || ctx.request.method === "GET" || ctx.response.status >= 400) return;
  form.closest("dialog").close("ok");
  form.reset();
});

/* ask(question) → a promise of yes or no. */
function ask(text, source) {
  const danger = source?.closest?.("[data-confirm-ok]")?.dataset.confirmOk;
  confirmDialog.querySelector("h2").textContent = danger ? `${danger}?` : "Are you sure?";
  confirmDialog.querySelector("[data-text]").textContent = text;
  confirmDialog.querySelector("[value=ok]").textContent = danger ?? "Yes, do it";
  confirmDialog.returnValue = "cancel";
  confirmDialog.showModal();
  return new Promise((resolve) => {
    confirmDialog.addEventListener("close", () => resolve(confirmDialog.returnValue === "ok"), { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ask(ctx.confirm, ctx.sourceElement).then((yes) => (yes ? issueRequest() : dropRequest()));
});

const confirmed = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(question, submitter ?? form).then((yes) => {
    if (!yes) return;
    confirmed.add(form);
    form.requestSubmit(submitter);
  });
}, { capture: true });
