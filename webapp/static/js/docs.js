/* The API's pages: filter the operations at the side, and send a request from "Try it". Without this they are all there to read. */
const menu = document.querySelector("[data-docs-menu]");
if (menu && matchMedia("(max-width: 1080px)").matches) menu.open = false;

const filter = document.querySelector("[data-docs-filter]");
if (filter) {
  filter.closest("[hidden]").hidden = false;
  filter.addEventListener("input", () => narrow(filter.value));
}

function narrow(typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const group of document.querySelectorAll("[data-docs-group]")) {
    let shown = 0;
    for (const row of group.querySelectorAll("[data-docs-words]")) {
      const words = row.dataset.docsWords.toLowerCase();
      row.hidden = !wanted.every((word) => words.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    group.hidden = !shown;
    left += shown;
  }
  document.querySelector("[data-docs-none]").textContent = left ? "" : "No operation has these words.";
}

for (const box of document.querySelectorAll("[data-try-box]")) box.hidden = false;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("[data-try]");
  if (!form) return;
  event.preventDefault();
  const answer = form.querySelector("[data-answer]");
  const button = form.querySelector("button");
  button.disabled = true;
  answer.textContent = "Asking …";
  try {
    show(answer, await ask(form));
  } catch {
    answer.textContent = "No answer: the server could not be reached.";
  } finally {
    button.disabled = false;
  }
});

async function ask(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const field of form.querySelectorAll("[data-in]")) {
    const value = field.value.trim();
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (value) query.set(field.name, value);
  }
  const headers = { Accept: "application/json" };
  const key = document.querySelector("[data-docs-key]")?.value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  const body = form.querySelector("[data-body]")?.value;
  if (body) headers["Content-Type"] = "application/json";
  const started = performance.now();
  const response = await fetch(path + (query.size ? `?${query}` : ""), { method: form.dataset.try, headers, body });
  const kind = response.headers.get("Content-Type") ?? "";
  const text = kind.includes("json") ? JSON.stringify(await response.json(), null, 2) : `${kind}, ${(await response.blob()).size} bytes`;
  return { status: response.status, text, took: Math.round(performance.now() - started) };
}

function show(place, { status, text, took }) {
  const line = document.createElement("p");
  const code = document.createElement("b");
  code.className = "docs-status";
  code.dataset.s = status < 400 ? "ok" : "no";
  code.textContent = status;
  line.append(code, ` in ${took} ms`);
  const box = document.createElement("div");
  box.className = "docs-code";
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  pre.textContent = text;
  box.append(pre);
  place.replaceChildren(line, box);
}
