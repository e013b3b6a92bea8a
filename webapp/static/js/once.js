/* A plain form is sent once: a second click while the answer is on its way does nothing. Forms that htmx or another
   island sends look after themselves (hx-disable, js/review.js). A page that the browser brings back begins again. */
const FORGET_AFTER_MS = 30_000; /* an answer that is a download leaves the page where it is */
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  setTimeout(() => sent.delete(form), FORGET_AFTER_MS);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});
