/* Times in the reader's own zone: <time data-local> says UTC until this has run. And a day chosen in a form ends where its
   maker is: <input type=date data-zone="id"> keeps the field `id` at the minutes that this browser is ahead of UTC. */
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const minute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function tell() {
  for (const element of document.querySelectorAll("time[data-local]")) {
    const at = new Date(element.dateTime);
    const isEndOfDay = at.getHours() === 23 && at.getMinutes() === 59;
    element.title = `${element.textContent.trim()}`;
    element.textContent = (isEndOfDay ? day : minute).format(at);
    element.removeAttribute("data-local");
  }
  for (const field of document.querySelectorAll("[data-zone]")) note(field);
}

function note(field) {
  const offset = document.getElementById(field.dataset.zone);
  const hint = document.querySelector(`[data-zone-hint="${field.dataset.zone}"]`);
  if (hint) hint.textContent = "The link ends at midnight, your time.";
  if (!offset) return;
  const end = new Date(field.value ? `${field.value}T23:59:59` : Date.now());
  offset.value = Number.isNaN(end.getTime()) ? "" : String(-end.getTimezoneOffset());
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-zone]")) note(event.target);
});
document.addEventListener("htmx:after:swap", tell);
tell();
