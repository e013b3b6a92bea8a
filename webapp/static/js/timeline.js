/* Trade seconds between two neighbours: drag the edge between them, or use the arrow keys on it (Shift: half seconds).
   Numbers follow at once, the server is asked when the edge is let go (keys: half a second later), Escape puts it back.
   While an edge moves, morphs pass the timeline by (hx-morph-skip). */
const STEP_MS = 100;
const BIG_STEP_MS = 500;
const SHORTEST_MS = 1000;
const KEYS_WAIT_MS = 500;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
let move = null;

const seconds = (ms) => (ms / 1000).toFixed(1);

function begin(edge, x = 0) {
  const left = edge.parentElement;
  const right = left.nextElementSibling;
  const lengths = [Number(left.dataset.ms), Number(right.dataset.ms)];
  const width = left.offsetWidth + right.offsetWidth;
  const strip = edge.closest(".strip");
  strip.setAttribute("hx-morph-skip", "");
  edge.classList.add("is-moving");
  return { edge, strip, sides: [left, right], lengths, x, perPixel: (lengths[0] + lengths[1]) / width, ms: 0, timer: 0 };
}

function show({ edge, sides, lengths }, ms) {
  const now = [lengths[0] + ms, lengths[1] - ms];
  sides.forEach((side, index) => {
    side.dataset.grow = now[index] / 1000;
    side.querySelector("[data-length]").textContent = seconds(now[index]);
  });
  edge.setAttribute("aria-valuenow", now[0] / 1000);
  edge.setAttribute("aria-valuetext", `${seconds(now[0])} and ${seconds(now[1])} seconds`);
  edge.dataset.lengths = `${seconds(now[0])} | ${seconds(now[1])}`;
}

/* Move the edge to `ms` milliseconds from where it was, as far as both sides keep a second. */
function to(ms) {
  const [left, right] = move.lengths;
  const most = Math.max(0, right - SHORTEST_MS);
  const least = Math.min(0, SHORTEST_MS - left);
  move.ms = Math.min(most, Math.max(least, Math.round(ms / STEP_MS) * STEP_MS));
  show(move, move.ms);
}

function end() {
  const ended = move;
  move = null;
  clearTimeout(ended.timer);
  ended.strip.removeAttribute("hx-morph-skip");
  ended.edge.classList.remove("is-moving");
  delete ended.edge.dataset.lengths;
  return ended;
}

function cancel() {
  if (move) show(end(), 0);
}

function commit() {
  if (!move) return;
  const ended = end();
  if (!ended.ms) return;
  const url = ended.edge.dataset.edge;
  const finished = (event) => {
    const { ctx } = event.detail;
    if (ctx.request?.action !== url) return;
    document.removeEventListener("htmx:finally:request", finished);
    if (!(ctx.response?.status < 400) && ended.edge.isConnected) show(ended, 0);
    delete ended.edge.dataset.lengths;
  };
  document.addEventListener("htmx:finally:request", finished);
  window.htmx.ajax("POST", url, { source: ended.edge, target: "#toasts", swap: "none", values: { ms: ended.ms } });
}

document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest?.(".edge");
  if (!edge || event.button) return;
  commit();
  edge.setPointerCapture(event.pointerId);
  edge.focus({ preventScroll: true });
  event.preventDefault();
  move = begin(edge, event.clientX);
  move.pointer = event.pointerId;
});

document.addEventListener("pointermove", (event) => {
  if (move?.pointer === event.pointerId) to((event.clientX - move.x) * move.perPixel);
});

document.addEventListener("pointerup", (event) => {
  if (move?.pointer === event.pointerId) commit();
});

document.addEventListener("pointercancel", (event) => {
  if (move?.pointer === event.pointerId) cancel();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && move) {
    event.preventDefault();
    cancel();
    return;
  }
  const edge = event.target.closest?.(".edge");
  const step = edge && !event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.key];
  if (!step) return;
  event.preventDefault();
  if (move?.edge !== edge) {
    commit();
    move = begin(edge);
  }
  to(move.ms + step * (event.shiftKey ? BIG_STEP_MS : STEP_MS));
  clearTimeout(move.timer);
  if (move.pointer === undefined) move.timer = setTimeout(commit, KEYS_WAIT_MS);
});

document.addEventListener("focusout", (event) => {
  if (move && move.pointer === undefined && event.target === move.edge) commit();
});
