/* Autosave for <form data-autosave="id-of-the-output">: what was typed is never lost and never called saved too early.

   - A field is dirty from its first keystroke until the server has confirmed exactly that revision; dirty fields (and the
     hidden version beside them, or a morph would hide a conflict) are skipped by morphs (htmx-config: morphSkip).
   - Only dirty fields are sent: a save never carries back what somebody else has changed meanwhile.
   - What the server says about a clean field is what stands in it, even while it has the focus; otherwise the next
     keystroke there would quietly undo another person's words.
   - Every request says which tab it comes from (X-Tab), so a tab has no conflict with its own saves in flight.
   - Revisions live in a WeakMap, not in data attributes: a morph would strip those.
   - No answer, 429 or 5xx: try again by itself; the page asks before it is left only while something is unsaved. */
const RETRY_MS = [2000, 5000, 15000, 30000];
const revisions = new WeakMap();
const failures = new WeakMap();
const sent = new WeakMap(); // request context → the revision it carries
const timers = new WeakMap();

const tab = (() => {
  const fresh = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  try {
    return (sessionStorage.tab ||= fresh);
  } catch {
    return fresh;
  }
})();

const formOf = (ctx) => ctx?.sourceElement?.closest?.("form[data-autosave]");

function show(form, state, words) {
  const output = document.getElementById(form.dataset.autosave);
  if (!output) return;
  output.dataset.s = state;
  output.textContent = words;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form || event.target === form) return;
  revisions.set(form, (revisions.get(form) ?? 0) + 1);
  event.target.classList.add("is-dirty");
  form.elements.version?.classList.add("is-dirty");
  show(form, "dirty", "Unsaved");
});

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  ctx.request.headers["X-Tab"] = tab;
  const form = formOf(ctx);
  if (form) sent.set(ctx, revisions.get(form) ?? 0);
});

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const form = formOf(ctx);
  if (!form) return;
  clearTimeout(timers.get(form));
  /* a queued save was put together before the answer to the one before it: that brought a new output and a new version */
  if (ctx.target?.isConnected === false) ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
  if (form.elements.version) ctx.request.body?.set?.("version", form.elements.version.value);
  for (const name of new Set(ctx.request.body?.keys?.())) {
    if (name !== "version" && !form.elements[name]?.classList.contains("is-dirty")) ctx.request.body.delete(name);
  }
  show(form, "saving", "Saving");
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = formOf(ctx);
  if (!form) return;
  const { status } = ctx.response;
  if (status < 300) {
    failures.delete(form);
    if (sent.get(ctx) === (revisions.get(form) ?? 0)) clean(form);
  } else if (status === 429 || status >= 500) {
    retry(form, `Not saved (the server answered ${status}), trying again`);
  } else if (status !== 409) {
    show(form, "failed", "Not saved");
  }
});

/* after the swap of an older revision's "Saved", the words typed since are still unsaved */
document.addEventListener("htmx:finally:request", (event) => {
  const form = formOf(event.detail.ctx);
  const status = event.detail.ctx.response?.status;
  if (form?.querySelector(".is-dirty") && status < 300) show(form, "dirty", "Unsaved");
});

document.addEventListener("htmx:error", (event) => {
  const form = formOf(event.detail.ctx);
  if (form && !event.detail.ctx.response) retry(form, "Not saved (no connection), trying again");
});

function clean(form) {
  for (const field of form.querySelectorAll(".is-dirty")) {
    field.classList.remove("is-dirty");
    if (field.options) for (const option of field.options) option.defaultSelected = option.selected;
    else field.defaultValue = field.value;
  }
}

/* A morph changes what the markup says; a field somebody has typed in once shows it only when told. */
document.addEventListener("htmx:after:swap", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    for (const field of form.querySelectorAll("select, textarea, input:not([type=hidden])")) {
      if (!field.classList.contains("is-dirty")) follow(field);
    }
  }
});

function follow(field) {
  if (field.options) {
    const said = [...field.options].find((option) => option.defaultSelected);
    if (said && !said.selected) said.selected = true;
    return;
  }
  const typing = document.activeElement === field;
  /* the server trims: the space before the next word stays while it is being typed */
  if (field.value === field.defaultValue || (typing && field.value.trim() === field.defaultValue.trim())) return;
  const caret = field.selectionStart;
  field.value = field.defaultValue;
  if (typing) field.setSelectionRange(caret, caret);
}

function retry(form, words) {
  const count = failures.get(form) ?? 0;
  failures.set(form, count + 1);
  show(form, "failed", words);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), RETRY_MS[Math.min(count, RETRY_MS.length - 1)]));
}

/* The form's own trigger is `input`; fired on the form itself it saves without making a field dirty. */
function save(form) {
  if (form.isConnected) window.htmx.trigger(form, "input");
}

addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) if (failures.has(form)) save(form);
});

/* "Keep mine": take the other side's version as the base and send what stands in the dirty fields.
   "Take theirs": nothing here is dirty any more, so the link's answer (hx-get) may fill the fields. */
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-take], [data-take-theirs]");
    const form = button?.closest("form[data-autosave]");
    if (!form) return;
    if (button.dataset.take) {
      form.elements.version.value = button.dataset.take;
      save(form);
      return;
    }
    clearTimeout(timers.get(form));
    for (const field of form.querySelectorAll(".is-dirty")) field.classList.remove("is-dirty");
    /* morphs pass the question by until it is answered; now it is */
    button.closest(".conflict").removeAttribute("hx-morph-skip");
    show(form, "", "");
  },
  true,
);

/* Whoever turns to another app on a phone may never come back: save what is typed now, not in 600 ms. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const field of document.querySelectorAll("form[data-autosave] input[name=version].is-dirty")) save(field.form);
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-autosave] .is-dirty")) event.preventDefault();
});
