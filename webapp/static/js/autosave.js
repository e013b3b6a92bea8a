/* Autosave for <form data-autosave="id-of-the-output">: what was typed is never lost and never called saved too early.

   - A field is dirty from its first keystroke until the server has confirmed exactly that revision; dirty fields are skipped
     by morphs (htmx-config: morphSkip).
   - Only dirty fields are sent: a save never carries back what somebody else has changed meanwhile. With them goes the
     version of the scene that the oldest of them began at: what somebody else changed since in the same field is asked
     about (the form.merge beside), what they changed in others is no conflict. While a question is open, nothing is saved.
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
const answered = new WeakMap(); // request context → the question it answered
const began = new WeakMap(); // field → the version of the scene that it was changed from

const tab = (() => {
  const fresh = Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
  try {
    return (sessionStorage.tab ||= fresh);
  } catch {
    return fresh;
  }
})();

const formOf = (ctx) => (ctx?.sourceElement?.matches?.("form[data-autosave]") ? ctx.sourceElement : null);
const dirty = (form) => [...form.querySelectorAll(".is-dirty")];
const questionOf = (form) => document.querySelector(`form[data-merge="${form.id}"]`);
const plain = (text) => text.replace(/\r\n?/g, "\n");

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
  if (!event.target.classList.contains("is-dirty")) {
    /* a draft that js/drafts.js brought back was begun at an earlier version */
    began.set(event.target, Number(event.target.dataset.began ?? form.elements.version?.value ?? 0));
    delete event.target.dataset.began;
  }
  event.target.classList.add("is-dirty");
  const question = questionOf(form);
  if (question) keepUp(question, event.target);
  else show(form, "dirty", "Unsaved");
});

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  ctx.request.headers["X-Tab"] = tab;
  const form = formOf(ctx);
  if (form && questionOf(form)) event.preventDefault();
  else if (form) sent.set(ctx, revisions.get(form) ?? 0);
});

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const form = formOf(ctx);
  if (!form) return;
  clearTimeout(timers.get(form));
  /* a queued save was put together before the answer to the one before it: that brought a new output and a new version */
  if (ctx.target?.isConnected === false) ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
  const oldest = Math.min(...dirty(form).map((field) => began.get(field) ?? 0));
  ctx.request.body?.set?.("version", Number.isFinite(oldest) ? oldest : form.elements.version.value);
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
  } else if (status === 401) {
    failures.set(form, 0);
    show(form, "failed", "Not saved: sign in again");
  } else if (status !== 409) {
    show(form, "failed", "Not saved");
  }
});

/* after the swap of an older revision's "Saved", the words typed since are still unsaved */
document.addEventListener("htmx:finally:request", (event) => {
  const form = formOf(event.detail.ctx);
  const status = event.detail.ctx.response?.status;
  if (!form || !(status < 300) || !dirty(form).length) return;
  for (const field of dirty(form)) began.set(field, Number(form.elements.version.value));
  show(form, "dirty", "Unsaved");
});

document.addEventListener("htmx:error", (event) => {
  const form = formOf(event.detail.ctx);
  if (form && !event.detail.ctx.response) retry(form, "Not saved (no connection), trying again");
});

function clean(form) {
  for (const field of dirty(form)) {
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

document.addEventListener("signed-in", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) if (dirty(form).length) save(form);
});

/* The question of a conflict (scenes/_merge.html). What is typed on in the card meanwhile is "mine" there, too. */
function keepUp(question, field) {
  const mine = question.elements[`mine-${field.name}`];
  if (!mine) return;
  const merged = question.elements[`merged-${field.name}`];
  if (merged && plain(merged.value) === plain(mine.value)) merged.value = field.value;
  mine.value = field.value;
  const said = mine.parentElement.querySelector("[data-said=mine]");
  if (said) said.textContent = field.options ? field.selectedOptions[0].textContent : field.value;
}

/* Whoever writes into "both in one" has chosen it. */
document.addEventListener("input", (event) => {
  const own = event.target.closest?.("[data-merged]")?.closest(".side-own");
  if (own) own.querySelector("input[type=radio]").checked = true;
});

/* An answered question: what it carried is settled, what was typed since in other fields is saved now. */
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const question = ctx.sourceElement?.closest?.("form[data-merge]");
  const form = question && document.getElementById(question.dataset.merge);
  if (!form || ctx.response.status >= 300) return;
  for (const field of dirty(form)) {
    const mine = question.elements[`mine-${field.name}`];
    if (mine && plain(mine.value) === plain(field.value)) field.classList.remove("is-dirty");
  }
  clearTimeout(timers.get(form));
  answered.set(ctx, question); // by the end of the request it has left the page
});

document.addEventListener("htmx:finally:request", (event) => {
  const question = answered.get(event.detail.ctx);
  const form = question && document.getElementById(question.dataset.merge);
  if (!form) return;
  if (document.activeElement === document.body) form.elements[question.dataset.first]?.focus({ preventScroll: true });
  if (!dirty(form).length) return;
  show(form, "dirty", "Unsaved");
  save(form);
});

/* Whoever turns to another app on a phone may never come back: save what is typed now, not in 600 ms. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const form of document.querySelectorAll("form[data-autosave]")) if (dirty(form).length) save(form);
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-autosave] .is-dirty")) event.preventDefault();
});
