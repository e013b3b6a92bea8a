/* The fit meter at every keystroke, with exactly the numbers that the server comes to when it saves.

   The counting is services/timing.py (spoken_twelfths) and services/fit.py (Fit), in whole numbers on both sides; a browser
   test holds them together. The rate and the brief's length come from the markup. */
const TWELFTHS = 12;
const BREATH = 96;
const MS_PER_MINUTE = 60_000;
const STEP_MS = 100;
const SIGNS = "%€$£&+";
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const ADDRESS = /[\p{L}\p{N}_][./@][\p{L}\p{N}_]*[\p{L}\p{Nl}\p{No}_]/u;
const SCHEME = /^[\p{L}\p{N}_]+:\/\/(www\.)?/u;
/* a letter of a script that is written without spaces: services/timing.py says which and why */
const UNSPACED =
  /[\u0e01-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u1950-\u19cf\u1a20-\u1a7f\u3005-\u3007\u3041-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9cf\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9f\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/gu;
const FEW_UNSPACED = 6;
const PIECES = /(\p{Nd}+)|([\p{L}\p{Nl}\p{No}]+(?:[’'][\p{L}\p{Nl}\p{No}]+)*)/gu;

function said(token) {
  if (ADDRESS.test(token)) {
    const address = token.replace(SCHEME, "").replace(/^[/.,!?]+|[/.,!?]+$/gu, "");
    const parts = address.split(/[./@]/u).filter(Boolean);
    return parts.reduce((sum, part) => sum + said(part) + TWELFTHS, -TWELFTHS);
  }
  const length = (text) => [...text].length;
  let twelfths = TWELFTHS * [...token].filter((sign) => SIGNS.includes(sign)).length;
  for (const [, digits, letters] of token.matchAll(PIECES)) {
    if (digits) twelfths += TWELFTHS * (length(digits) > 2 ? length(digits) : 1);
    else twelfths += Math.max(TWELFTHS, length(letters));
  }
  return twelfths;
}

/* How many words' time a text takes, in twelfths of a word. */
function spokenTwelfths(text) {
  const tokens = text.split(SPACE).filter(Boolean);
  return tokens.reduce((sum, token) => sum + said(token.normalize("NFC").replace(/\p{M}/gu, "")), 0);
}

/* Whether counting words says how long a text takes: a name or two in such a script may be among others. */
function isCounted(text) {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const others = text.replace(UNSPACED, "").match(/\p{L}/gu)?.length ?? 0;
  return !unspaced || (unspaced <= FEW_UNSPACED && unspaced < others);
}

function fitOf(twelfths, ms, rate, counted) {
  const words = Math.ceil(twelfths / TWELFTHS);
  const room = Math.floor((ms * rate) / MS_PER_MINUTE);
  const whole = TWELFTHS * rate;
  const tenths = Math.floor((twelfths * 600) / whole);
  const spoken = (tenths + (2 * ((twelfths * 600) % whole) >= whole ? 1 : 0)) * STEP_MS;
  const needs = twelfths * MS_PER_MINUTE;
  const has = ms * whole;
  const state = !counted ? "not_counted" : !twelfths ? "silent" : needs > has ? "over" : needs * 100 > has * BREATH ? "tight" : "ok";
  return { twelfths, counted, words, room, spoken, state, over: state === "over" ? words - room : 0, left: Math.max(0, room - words) };
}

/* Seconds as the server reads them: a decimal comma is fine; half tenths go to the even one. Null: not a length. */
function lengthOf(typed) {
  const text = typed.trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const seconds = Number(text);
  if (seconds < 1 || seconds > 180) return null;
  const tenths = Math.floor(seconds * 10);
  const rest = seconds * 10 - tenths;
  return (tenths + (rest > 0.5 || (rest === 0.5 && tenths % 2) ? 1 : 0)) * STEP_MS;
}

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
const seconds = (ms) => (ms / 1000).toFixed(1);

function bold(text) {
  const b = document.createElement("b");
  b.textContent = text;
  return b;
}

function write(element, ...parts) {
  const now = parts.map((part) => part.textContent ?? part).join("");
  if (element && element.textContent !== now) element.replaceChildren(...parts);
}

function set(element, name, value) {
  if (element.dataset[name] !== String(value)) element.dataset[name] = value;
}

function showScene(meter) {
  const form = meter.closest("form[data-autosave]");
  const { rate, ms, twelfths } = meter.dataset;
  const text = form?.elements.script.value;
  const counted = form ? isCounted(text) : meter.dataset.state !== "not_counted";
  const typed = form ? lengthOf(form.elements.seconds.value) : null;
  const fit = fitOf(form ? spokenTwelfths(text) : Number(twelfths), typed ?? Number(ms), Number(rate), counted);
  set(meter, "state", fit.state);
  const start = `${plural(fit.words, "word")} · ${seconds(fit.spoken)} s · `;
  const words = meter.querySelector("p");
  if (fit.state === "silent") write(words, "No words to say");
  else if (!fit.counted) write(words, "Not counted: written without spaces");
  else if (fit.state === "over") write(words, start, bold(`${plural(fit.over, "word")} over`));
  else write(words, start + (fit.state === "tight" || !fit.left ? "just fits" : `room for ${fit.left}`));
  write(meter.querySelector("[data-fit-room]"), plural(fit.room, "word"));
  /* what moves seconds counts the words that are saved */
  const button = meter.querySelector("button");
  if (button) button.disabled = Boolean(form?.querySelector(".is-dirty"));
  return fit;
}

function showBoard(meter, fits) {
  const { rate, ms } = meter.dataset;
  const fit = fitOf(
    fits.reduce((sum, each) => sum + each.twelfths, 0),
    Number(ms),
    Number(rate),
    fits.every((each) => each.counted),
  );
  const length = `${seconds(Number(ms))} s`;
  const [words, spoken] = meter.previousElementSibling.querySelectorAll("b, .muted");
  write(words, fit.counted ? plural(fit.words, "word") : "Not counted");
  write(spoken, fit.counted ? `${seconds(fit.spoken)} s` : "");
  set(meter, "state", fit.state);
  const line = meter.querySelector("span");
  if (!fit.counted) write(line, "Some words are written without spaces");
  else if (fit.state === "silent") write(line, "Nothing is said");
  else if (fit.state === "over") write(line, bold(`${plural(fit.over, "word")} over`), ` the brief’s ${length}`);
  else if (fit.state === "tight" || !fit.left) write(line, `Just fits the brief’s ${length}`);
  else write(line, `Room for ${plural(fit.left, "more word", "more words")} in ${length}`);
}

function showScenes(line, overfull) {
  line.hidden = !overfull.length;
  set(line, "state", overfull.length ? "over" : "silent");
  const links = overfull.flatMap(([card, number], index) => {
    const link = document.createElement("a");
    link.className = "link";
    link.href = `#${card.id}`;
    link.textContent = number;
    return index ? [", ", link] : [link];
  });
  write(line.querySelector("span span"), ...links);
}

function show() {
  const cards = [...document.querySelectorAll("#board > .scene[data-id]")];
  const shown = cards.flatMap((card, index) => {
    const meter = card.querySelector("[data-fit]");
    return meter ? [[card, index + 1, showScene(meter)]] : [];
  });
  const board = document.querySelector("[data-fit-board]");
  if (!board) return;
  showBoard(board, shown.map(([, , fit]) => fit));
  const lines = document.querySelector("[data-fit-scenes]");
  showScenes(lines, shown.filter(([, , fit]) => fit.over));
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-autosave]")) show();
});
document.addEventListener("htmx:after:swap", show);
document.addEventListener("htmx:finally:request", show);
show();
