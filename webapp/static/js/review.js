/* The review page without reloads: scenes turn by arrow keys, swipes and links; a click on the picture pins the comment;
   forms answer in place. Everything here also works as plain links and forms. Also: the slideshow, and a gentle question
   every 12 s whether a newer version was sent or the link was closed. */
const ASK_EVERY = 12_000;
const SWIPE = 50; /* pixels */
const drafts = new Map(); /* what was typed and not posted, by what it is about */

const $ = (query, root = document) => root.querySelector(query);
const review = () => $("#review");

/* ---- turning scenes, sending forms -------------------------------------------------------------------------------- */

async function load(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, page, fresh: page.getElementById("review") };
}

function show(page, fresh, url) {
  keepDraft();
  const reel = $("#reel")?.scrollLeft ?? 0;
  review().replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  document.body.dataset.review = page.body.dataset.review;
  for (const part of [".views", ".top-r"]) {
    const next = $(part, page);
    if (next && $(part)) $(part).replaceWith(document.adoptNode(next));
  }
  if (url && url !== location.href) history.pushState({ review: true }, "", url);
  if ($("#reel")) $("#reel").scrollLeft = reel;
  bringBackDraft();
  enhance();
}

let turning = 0; /* only the last of several quick turns is shown */

async function turn(url, { push = true, focus = "" } = {}) {
  const mine = (turning += 1);
  let loaded;
  try {
    loaded = await load(url);
  } catch {
    location.assign(url);
    return;
  }
  if (mine !== turning) return;
  if (!loaded.fresh || !loaded.answer.ok) {
    location.assign(url);
    return;
  }
  const y = scrollY;
  show(loaded.page, loaded.fresh, push ? url : "");
  scrollTo({ top: y, behavior: "instant" });
  const back = focus && $(focus);
  if (back) back.focus({ preventScroll: true });
  else $("#shot-title")?.focus({ preventScroll: true });
  const current = $("#reel [aria-current]");
  const reel = $("#reel");
  if (current && reel) {
    const [a, b] = [current.getBoundingClientRect(), reel.getBoundingClientRect()];
    if (a.left < b.left || a.right > b.right) reel.scrollLeft += a.left - b.left - (b.width - a.width) / 2;
  }
}

function keepDraft() {
  const form = $("[data-compose]");
  if (!form) return;
  const text = form.elements.text.value;
  if (text.trim()) drafts.set(form.dataset.compose, text);
  else drafts.delete(form.dataset.compose);
}

function bringBackDraft() {
  const form = $("[data-compose]");
  if (form && !form.elements.text.value) form.elements.text.value = drafts.get(form.dataset.compose) ?? "";
}

let isSending = false; /* a second click while the answer is on its way */

async function send(form, submitter) {
  if (isSending) return;
  isSending = true;
  submitter?.setAttribute("aria-busy", "true");
  try {
    await sendOnce(form, submitter);
  } finally {
    isSending = false;
    submitter?.removeAttribute("aria-busy");
  }
}

async function sendOnce(form, submitter) {
  const body = new FormData(form, submitter);
  const isVerdict = submitter?.name === "verdict";
  let loaded;
  try {
    loaded = await load(submitter?.getAttribute("formaction") ?? form.action, { method: "POST", body: new URLSearchParams(body) });
  } catch {
    say("That could not be sent. Check the connection and try again.", "bad");
    return;
  }
  const { answer, page, fresh } = loaded;
  if (!fresh) {
    /* another page: closed, too many, who are you */
    form.dataset.plain = "1";
    form.requestSubmit(submitter);
    return;
  }
  if (answer.ok && !isVerdict) {
    for (const field of form.querySelectorAll("textarea")) field.value = "";
    drafts.delete(form.dataset.compose);
  }
  const y = scrollY;
  show(page, fresh, answer.redirected ? answer.url.split("#")[0].replace(/[?&]say=1/, "") : "");
  scrollTo({ top: y, behavior: "instant" });
  const wrong = $("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (isVerdict && submitter.value === "changes") $("#text-new")?.focus();
  else if (isVerdict) document.getElementById(submitter.id)?.focus({ preventScroll: true });
  else if (answer.ok && answer.url.includes("#")) arrive(answer.url.split("#")[1]);
  else $("[role=alert]")?.scrollIntoView({ block: "nearest" });
}

function arrive(id) {
  const place = document.getElementById(id);
  place?.scrollIntoView({ block: "nearest" });
  place?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-turn]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const way = link.rel ? `.turn-${link.rel}` : "#reel [aria-current]";
  turn(link.href.split("#")[0], { focus: way });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const plain = form.dataset.plain || event.submitter?.hasAttribute("data-plain");
  if (!form.matches("#review [data-send]") || plain || event.defaultPrevented) return;
  event.preventDefault();
  if (event.submitter?.hasAttribute("data-unpin")) pin(null);
  else send(form, event.submitter);
});

addEventListener("popstate", () => {
  if (review()) turn(location.href, { push: false });
});
let sending = false; /* what is sent is not lost */
document.addEventListener("submit", (event) => {
  sending = !event.defaultPrevented && event.target.matches("[data-compose]");
});
addEventListener("beforeunload", (event) => {
  keepDraft();
  if (sending) drafts.delete($("[data-compose]")?.dataset.compose);
  if (drafts.size) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, dialog, [role=region]")) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = way && $(`.turn-${way}`);
  if (!link) return;
  event.preventDefault();
  turn(link.href.split("#")[0]);
});

let touch = null;
document.addEventListener("touchstart", (event) => {
  touch = event.touches.length === 1 && event.target.closest?.("[data-frame]") ? event.touches[0] : null;
}, { passive: true });
document.addEventListener("touchend", (event) => {
  const end = event.changedTouches[0];
  if (!touch || !end) return;
  const [x, y] = [end.clientX - touch.clientX, end.clientY - touch.clientY];
  touch = null;
  if (Math.abs(x) < SWIPE || Math.abs(x) < 2 * Math.abs(y)) return;
  $(x < 0 ? ".turn-next" : ".turn-prev")?.click();
}, { passive: true });

/* ---- pins --------------------------------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  const frame = event.target.closest?.("[data-frame]");
  if (!frame || event.target.closest("a") || !$("[data-pin-x]") || !$("img", frame)) return;
  const box = frame.getBoundingClientRect();
  const share = (at, from, size) => Math.min(1000, Math.max(0, Math.round((1000 * (at - from)) / size)));
  pin([share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]);
  $("#text-new")?.focus({ preventScroll: matchMedia("(min-width: 1081px)").matches });
});

function pin(place) {
  const dot = $("[data-pin]");
  $("[data-pin-x]").value = place ? place[0] : "";
  $("[data-pin-y]").value = place ? place[1] : "";
  $("[data-pinned]").hidden = !place;
  if (!place) {
    dot.setAttribute("visibility", "hidden");
    return;
  }
  dot.removeAttribute("visibility");
  dot.setAttribute("x", `${place[0] / 10}%`);
  dot.setAttribute("y", `${place[1] / 10}%`);
}

function enhance() {
  if (review() && $("[data-pin-x]")) review().dataset.pinsOn = "";
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});

/* ---- the slideshow ------------------------------------------------------------------------------------------------ */

function slideshow(stage) {
  const slides = [...stage.querySelectorAll(".film > li")];
  const lengths = slides.map((slide) => Number(slide.dataset.ms));
  const button = $("[data-toggle-play]", stage);
  const icons = { play: $("use", button).getAttribute("href").split("#")[0] };
  let at = slides.findIndex((slide) => !slide.hidden);
  let spent = 0;
  let last = 0;
  let going = false;

  const start = (index) => lengths.slice(0, index).reduce((sum, each) => sum + each, 0);
  function paint() {
    const now = start(at) + Math.min(spent, lengths[at]);
    $("progress", stage).value = now;
    $("[data-clock]", stage).textContent = (now / 1000).toFixed(1);
  }
  function go(index) {
    if (index >= slides.length) {
      location.assign(stage.dataset.end);
      return;
    }
    at = Math.max(0, index);
    spent = 0;
    for (const [number, slide] of slides.entries()) {
      slide.hidden = number !== at;
      slide.toggleAttribute("aria-current", number === at);
    }
    for (const image of slides[at + 1]?.querySelectorAll("img") ?? []) image.loading = "eager";
    paint();
  }
  function play(on) {
    going = on;
    last = performance.now();
    $("span", button).textContent = on ? "Pause" : "Play";
    $("use", button).setAttribute("href", `${icons.play}#${on ? "pause" : "play"}`);
    if (on) requestAnimationFrame(tick);
  }
  function tick(now) {
    if (!going) return;
    spent += document.hidden ? 0 : now - last;
    last = now;
    if (spent >= lengths[at]) go(at + 1);
    else paint();
    requestAnimationFrame(tick);
  }
  button.setAttribute("role", "button");
  stage.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (event.target.closest("[data-toggle-play]")) play(!going);
    else if (step) {
      play(false);
      go(at + Number(step.dataset.step));
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === " " && !event.target.closest("summary, a:not([data-toggle-play]), button")) play(!going);
    else if (step && at + step < slides.length) go(at + step);
    else return;
    event.preventDefault();
  });
  for (const image of slides[at + 1]?.querySelectorAll("img") ?? []) image.loading = "eager";
  const paused = new URLSearchParams(location.search).has("paused");
  play(!paused && !matchMedia("(prefers-reduced-motion: reduce)").matches);
}

/* ---- is it still the newest version ------------------------------------------------------------------------------- */

function say(text, kind = "info") {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
}

async function ask() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(document.body.dataset.review, { credentials: "same-origin", cache: "no-store" });
  } catch {
    return; /* no connection now; asked again */
  }
  if (answer.status === 200) tell("A newer version was sent.", "Show it");
  else if ([401, 404, 410].includes(answer.status)) tell("This link was closed.", "Reload");
}

function tell(text, words) {
  clearInterval(asking);
  const bar = document.createElement("div");
  bar.className = "notice notice-warn newer";
  bar.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.className = "btn";
  link.href = location.href.split("#")[0];
  link.textContent = words;
  const line = document.createElement("p");
  line.textContent = text;
  bar.append(line, link);
  $("#main").prepend(bar);
}

let asking = 0;
if (document.body.dataset.review) asking = setInterval(ask, ASK_EVERY);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && asking) ask();
});
if ($("[data-play]")) slideshow($("[data-play]"));
enhance();
