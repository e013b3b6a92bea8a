/* The comments drawer beside the board. Every a[data-notes] (top bar, cards, pins, tabs) shows its address in the drawer
   instead of leaving the page; "c" opens and closes it, Escape closes.

   - The drawer's own address (data-url) carries what it is narrowed to. When the poll brings a newer data-stamp on the
     button than the drawer has, the drawer is fetched again; words typed and not sent stay (.is-dirty, see morph.js),
     and the threads they stand in are asked for whatever became of them (keep).
   - A pin is placed by "Pin" and a click into a picture, or with the keyboard: arrow keys move it, Enter sets it. */
const shell = document.querySelector(".shell");
const drawer = () => document.getElementById("notes");
const button = () => document.getElementById("notes-button");
const isOpen = () => Boolean(drawer()) && !drawer().hidden;
const job = drawer()?.dataset.url;
let wanted = null; // the element to show when the drawer has come
let opener = null;

function remember(open) {
  try {
    if (open) sessionStorage.notes = job;
    else sessionStorage.removeItem("notes");
  } catch {
    /* not remembered */
  }
}

function mark() {
  button()?.setAttribute("aria-expanded", String(isOpen()));
}

function kept() {
  return [...document.querySelectorAll("#notes .thread:has(.is-dirty)")].map((thread) => thread.id.slice("thread-".length));
}

function fetchInto(url) {
  const asked = new URL(url, location.href);
  asked.hash = "";
  for (const id of kept()) asked.searchParams.append("keep", id);
  return window.htmx.ajax("GET", asked.pathname + asked.search, { source: drawer(), target: "#notes", swap: "outerMorph" });
}

function show(url, focus) {
  wanted = focus;
  return fetchInto(url);
}

function close() {
  if (!isOpen()) return;
  drawer().hidden = true;
  remember(false);
  mark();
  stopPinning();
  (opener?.isConnected ? opener : button())?.focus();
}

/* What came: open, and where somebody wanted to go has the focus. */
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id === "notes" || event.detail.ctx?.sourceElement?.closest?.("#notes")) {
    if (wanted !== null) {
      drawer().hidden = false;
      remember(true);
      const target = wanted && document.getElementById(wanted);
      (target || document.getElementById("notes-title"))?.focus({ preventScroll: !target });
      if (target) target.scrollIntoView({ block: "center" });
      if (wanted === "say") openComposer();
    }
    wanted = null;
    count();
  }
  mark();
  renew();
});

function openComposer() {
  const composer = document.getElementById("compose");
  if (document.querySelector("#notes .thread")) return;
  composer.open = true;
  composer.querySelector("textarea").focus();
}

function renew() {
  const there = drawer();
  if (!isOpen() || there.dataset.renewing || !button()) return;
  if (Number(button().dataset.stamp) <= Number(there.dataset.stamp ?? 0)) return;
  there.dataset.renewing = "yes";
  fetchInto(there.dataset.url).finally(() => delete drawer().dataset.renewing);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-notes]");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
    event.preventDefault();
    if (link === button() && isOpen()) return close();
    if (!link.closest("#notes")) opener = link;
    const url = new URL(link.getAttribute("href"), location.href); // a pin's link is one of SVG, whose href is no text
    show(url, url.hash.slice(1) || (link.hasAttribute("data-say") ? "say" : ""));
  } else if (event.target.closest?.("[data-notes-close]")) {
    close();
  }
});

document.addEventListener("change", (event) => {
  const filter = event.target.closest?.("#notes #notes-by");
  if (filter) fetchInto(`${job}?${new URLSearchParams(new FormData(filter))}`);
});

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open], details.menu[open]")) {
    if (document.documentElement.dataset.pinning !== undefined) stopPinning();
    else if (isOpen() && (!typing(event.target) || event.target.closest("#notes"))) close();
    return;
  }
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest?.("#notes form");
  if (sends) return sends.requestSubmit();
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  if (isOpen()) close();
  else button()?.click();
});

/* ---- what is typed ------------------------------------------------------------------------------------------------ */

document.addEventListener("input", (event) => {
  if (!event.target.closest?.("#notes") || event.target.closest("#notes-by")) return;
  if (event.target.matches(".tick")) return count();
  for (const field of event.target.form?.elements ?? []) {
    if (field.name && field.form === event.target.form) field.classList.add("is-dirty");
  }
});

/* Sent: the form is empty again before the answer is swapped in. Refused: what was typed stays. */
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement?.closest?.("#notes form");
  if (!form || ctx.request.method === "GET" || ctx.response.status >= 400) return;
  for (const field of form.querySelectorAll(".is-dirty")) field.classList.remove("is-dirty");
  form.reset();
  form.closest("details.note-new, details.note-fold")?.removeAttribute("open");
});

addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("#notes textarea.is-dirty")].some((field) => field.value.trim())) event.preventDefault();
});

/* The button says what it will do: which scene, how many comments. */
function count() {
  const words = document.querySelector("[data-redo-words]");
  if (!words) return;
  const ticked = [...document.querySelectorAll("#notes .tick:checked")];
  const scenes = new Set(ticked.map((tick) => tick.dataset.scene));
  const many = `${ticked.length} comment${ticked.length === 1 ? "" : "s"}`;
  words.textContent = scenes.size > 1 ? `Redo ${scenes.size} scenes with ${many}` : `Redo scene ${[...scenes][0]} with ${many}`;
}

/* ---- pins --------------------------------------------------------------------------------------------------------- */

const composer = () => document.querySelector("#compose form");
let place = null; // the button that stands where the pin would be

function startPinning(event) {
  document.documentElement.dataset.pinning = "";
  say("Click the point in a picture. Esc stops.", "info");
  const card = document.getElementById(`scene-${composer().elements.scene_id.value}`) ?? document.querySelector("#board > .scene");
  if (event.detail === 0 && card) byKeyboard(card);
  else card?.scrollIntoView({ block: "nearest" });
}

function stopPinning() {
  delete document.documentElement.dataset.pinning;
  place?.remove();
  place = null;
}

function setPin(card, x, y) {
  const { elements } = composer();
  const clamp = (share) => String(Math.round(Math.min(1, Math.max(0, share)) * 1000));
  elements.scene_id.value = card.dataset.id;
  elements.pin_x.value = clamp(x);
  elements.pin_y.value = clamp(y);
  for (const field of elements) if (field.name) field.classList.add("is-dirty");
  const said = composer().querySelector("[data-pin-said]");
  said.hidden = false;
  said.classList.add("is-dirty");
  said.querySelector("span").textContent = `Pinned in scene ${[...card.parentElement.children].indexOf(card) + 1}, ${Math.round(x * 100)} % from the left, ${Math.round(y * 100)} % from the top.`;
  stopPinning();
  composer().elements.text.focus();
}

function unpin() {
  const { elements } = composer();
  elements.pin_x.value = elements.pin_y.value = "";
  composer().querySelector("[data-pin-said]").hidden = true;
}

function byKeyboard(card) {
  const frame = card.querySelector(".frame");
  const at = { x: 0.5, y: 0.5 };
  place = document.createElement("button");
  place.type = "button";
  place.className = "pin-place";
  const move = () => {
    place.style.insetInlineStart = `${at.x * 100}%`;
    place.style.insetBlockStart = `${at.y * 100}%`;
    place.setAttribute("aria-label", `Pin, ${Math.round(at.x * 100)} % from the left, ${Math.round(at.y * 100)} % from the top. Arrow keys move it, Enter sets it.`);
  };
  const steps = { ArrowLeft: [-0.02, 0], ArrowRight: [0.02, 0], ArrowUp: [0, -0.02], ArrowDown: [0, 0.02] };
  place.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    at.x = Math.min(1, Math.max(0, at.x + step[0]));
    at.y = Math.min(1, Math.max(0, at.y + step[1]));
    move();
  });
  place.addEventListener("click", (event) => {
    event.stopPropagation();
    if (event.detail === 0) setPin(card, at.x, at.y);
  });
  move();
  frame.append(place);
  place.focus();
}

function say(text, kind = "ok") {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#compose [data-pin]")) startPinning(event);
  else if (event.target.closest?.("#compose [data-unpin]")) unpin();
});

/* Before every other click: while a pin is placed, a picture is not opened. */
document.addEventListener(
  "click",
  (event) => {
    if (document.documentElement.dataset.pinning === undefined || event.target === place) return;
    const frame = event.target.closest?.("#board .scene .frame");
    if (!frame) return;
    event.preventDefault();
    event.stopPropagation();
    const box = frame.getBoundingClientRect();
    setPin(frame.closest(".scene"), (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  },
  true,
);

/* ---- the beginning ------------------------------------------------------------------------------------------------ */

function begin() {
  const id = /^#comment-([\w-]+)$/.exec(location.hash)?.[1];
  if (id) return show(`${job}?comment=${encodeURIComponent(id)}`, `comment-${id}`);
  try {
    if (sessionStorage.notes === job && matchMedia("(min-width: 1081px)").matches) show(job, "").then(() => document.activeElement?.blur?.());
  } catch {
    /* storage is switched off */
  }
}
if (shell && job) {
  mark();
  if (window.htmx) begin();
  else addEventListener("DOMContentLoaded", begin);
  addEventListener("hashchange", begin);
}
