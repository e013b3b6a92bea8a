/* Around htmx's own polling (hx-trigger="every 1s"): a hidden tab asks nothing, a tab that comes back asks at once,
   and the word in .live says when the server cannot be reached. Which partial polls, and how often, is markup. */
const polls = (ctx) => ctx?.sourceEvent?.type === "every";

document.addEventListener("htmx:config:request", (event) => {
  const isOut = document.documentElement.dataset.live === "out";
  if (polls(event.detail.ctx) && (document.hidden || isOut)) event.preventDefault();
});

function askNow() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[hx-trigger*='every']")) {
    element.dispatchEvent(new CustomEvent("every", { bubbles: false }));
  }
}
document.addEventListener("visibilitychange", askNow);
addEventListener("online", askNow);
document.addEventListener("signed-in", askNow);
addEventListener("pageshow", (event) => {
  if (event.persisted) askNow();
});

function say(state) {
  document.documentElement.dataset.live = state;
  for (const element of document.querySelectorAll(".live")) {
    element.dataset.words ??= element.textContent;
    const words = state === "offline" ? "Offline, trying again" : element.dataset.words;
    if (element.textContent !== words) element.textContent = words;
  }
}
document.addEventListener("htmx:error", (event) => {
  if (polls(event.detail.ctx)) say("offline");
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!polls(ctx) || ctx.response?.status === 401) return;
  if (["offline", "out"].includes(document.documentElement.dataset.live)) say("on");
});
