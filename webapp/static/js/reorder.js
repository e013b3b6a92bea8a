/* Reordering of <ol data-reorder data-reorder-item=".scene">: drag by .grip (SortableJS), the arrow buttons (data-move),
   or Alt + arrow keys on the grip. The move is sent at once; a refused or lost one puts the old order back and says so.

   Where it goes: the item's data-position-url (PUT position=2, counted from 1, and seen=3, the place
   it had here: when somebody else moved it the move is refused), else the list's data-reorder (POST ids=3,1,2). */
const say = (text, kind = "ok") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

const items = (list) => [...list.querySelectorAll(`:scope > ${list.dataset.reorderItem ?? ".scene"}`)];
const position = (list, item) => items(list).indexOf(item) + 1;
const name = (item) => item.querySelector("h3")?.textContent.trim() || "Moved";

/* Put the items into this order; whatever else is in the list (the add card) stays at its end. */
function arrange(list, order) {
  const rest = [...list.children].filter((child) => !order.includes(child));
  list.replaceChildren(...order.filter((item) => item.isConnected), ...rest);
}

function send(list, item, before) {
  const url = item.dataset.positionUrl ?? list.dataset.reorder;
  const [method, values] = item.dataset.positionUrl
    ? ["PUT", { position: position(list, item), seen: before.indexOf(item) + 1 }]
    : ["POST", { ids: items(list).map((each) => each.dataset.id).join(",") }];
  const finished = (event) => {
    const { ctx } = event.detail;
    if (ctx.request.action !== url) return;
    document.removeEventListener("htmx:finally:request", finished);
    const status = ctx.response?.status;
    if (status && status < 400) return;
    arrange(list, before);
    say(status ? "The new order was not saved; the old one is back." : "No connection: the old order is back.", "bad");
  };
  document.addEventListener("htmx:finally:request", finished);
  window.htmx.ajax(method, url, { source: item, target: "#toasts", swap: "none", values });
}

function move(item, step, focus) {
  const list = item.closest("[data-reorder]");
  const before = items(list);
  const from = before.indexOf(item);
  const to = from + step;
  if (to < 0) return say("Already the first", "info");
  if (to >= before.length) return say("Already the last", "info");
  const after = before.toSpliced(from, 1).toSpliced(to, 0, item);
  const settle = () => {
    arrange(list, after);
    focus?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  const sendIt = () => send(list, item, before);
  if (document.startViewTransition && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
    document.startViewTransition(settle).updateCallbackDone.then(sendIt);
  } else {
    settle();
    sendIt();
  }
  say(`${name(item)}: now at position ${to + 1} of ${before.length}`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reorder] [data-move]");
  if (button) move(button.closest("[data-id]"), Number(button.dataset.move), button);
});

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
document.addEventListener("keydown", (event) => {
  const grip = event.altKey && STEPS[event.key] && event.target.closest?.("[data-reorder] .grip");
  if (!grip) return;
  event.preventDefault();
  move(grip.closest("[data-id]"), STEPS[event.key], grip);
});

function enable(list) {
  let before = [];
  window.Sortable.create(list, {
    handle: ".grip",
    draggable: list.dataset.reorderItem ?? ".scene",
    animation: 180,
    delay: 120,
    delayOnTouchOnly: true,
    onStart: () => {
      before = items(list);
    },
    onEnd: ({ item }) => {
      if (items(list).every((each, index) => each === before[index])) return;
      say(`${name(item)}: now at position ${position(list, item)} of ${before.length}`);
      send(list, item, before);
    },
  });
}
/* Sortable is a deferred script of its own and may stand after this one: by DOMContentLoaded both have run.
   A board that is still being written becomes a list to reorder only later, by a swap. */
const enabled = new WeakSet();
function enableAll() {
  for (const list of document.querySelectorAll("[data-reorder]")) {
    if (!window.Sortable || enabled.has(list)) continue;
    enabled.add(list);
    enable(list);
  }
}
document.addEventListener("DOMContentLoaded", enableAll);
document.addEventListener("htmx:after:swap", enableAll);
