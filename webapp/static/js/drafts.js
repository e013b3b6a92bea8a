/* What was typed and not saved yet outlives a reload: kept in this tab until the server has it, or its person signs out.
   Fields of <form data-autosave> come back as typed, with the scene's version they began at, and are then saved; words of
   <form data-keep> come back into their field. */
const person = document.body.dataset.person;
const place = `drafts ${person} ${location.pathname}`;
const keeps = "form[data-autosave], form[data-keep]";
const keyOf = (field) => `${field.form.id || field.form.getAttribute("action")} ${field.name}`;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(place)) ?? {};
  } catch {
    return {};
  }
}

function write(drafts) {
  try {
    if (Object.keys(drafts).length) sessionStorage.setItem(place, JSON.stringify(drafts));
    else sessionStorage.removeItem(place);
  } catch {
    /* no room, or no storage: the page works without */
  }
}

function forget(form) {
  const drafts = read();
  for (const field of form.elements) {
    if (field.name && !field.classList.contains("is-dirty")) delete drafts[keyOf(field)];
  }
  write(drafts);
}

if (person) {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.form?.matches(keeps) || !field.name || field.type === "hidden" || field.type === "password") return;
    const drafts = read();
    const key = keyOf(field);
    drafts[key] = { value: field.value, began: drafts[key]?.began ?? field.form.elements.version?.value };
    write(drafts);
  });

  /* autosave has cleaned what the server confirmed by now: this listener is younger than its own */
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement?.closest?.(keeps);
    if (form && ctx.response?.status < 300) forget(form);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("drafts ")) sessionStorage.removeItem(key);
    }
  });

  /* htmx listens to the fields from DOMContentLoaded on */
  document.addEventListener("DOMContentLoaded", () => setTimeout(bringBack));
}

function bringBack() {
  const drafts = read();
  for (const form of document.querySelectorAll(keeps)) {
    for (const field of form.elements) {
      const draft = field.name && drafts[keyOf(field)];
      if (!draft || field.value === draft.value) continue;
      field.value = draft.value;
      if (draft.began) field.dataset.began = draft.began;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
