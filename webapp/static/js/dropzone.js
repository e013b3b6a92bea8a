/* <form class="dropzone" data-dropzone data-target="#tiles" data-swap="afterbegin">: drop or pick files; each goes up by
   itself with a progress bar, and its answer (the finished tile) is swapped into data-target. Without this island the file
   field and the form's button do the same work. XMLHttpRequest, because fetch cannot report upload progress. */
for (const form of document.querySelectorAll("form[data-dropzone]")) bind(form);

/* A form that came later says so itself. */
document.addEventListener("dropzone-arrived", (event) => bind(event.target));

function bind(form) {
  const field = form.querySelector("input[type=file]");
  form.querySelector("button[type=submit], button:not([type])")?.setAttribute("hidden", "");
  field.addEventListener("change", () => sendAll(form, field));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(form, field);
  });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.dataset.over = "";
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) delete form.dataset.over;
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    delete form.dataset.over;
    for (const file of event.dataTransfer.files) send(form, field.name, file);
  });
}

function sendAll(form, field) {
  for (const file of field.files) send(form, field.name, file);
  field.value = "";
}

function row(form, file) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  const words = document.createElement("span");
  const bar = document.createElement("progress");
  label.className = "truncate";
  label.textContent = file.name;
  words.textContent = "Waiting";
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Upload of ${file.name}`);
  item.append(label, words, bar);
  form.querySelector(".uploads").append(item);
  return { item, words, bar };
}

function send(form, name, file) {
  const { item, words, bar } = row(form, file);
  const largest = Number(form.querySelector("[data-max-mb]")?.dataset.maxMb ?? Infinity);
  if (file.size > largest * 1024 * 1024) {
    /* said here: a server ends the connection long before such a file is through */
    fail(item, words, bar, `The file is too large: ${Math.ceil(file.size / 1024 / 1024)} MB, at most ${largest} MB.`);
    return;
  }
  const body = new FormData(form);
  body.delete(name);
  body.append(name, file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded;
    words.textContent = `${Math.floor((100 * event.loaded) / (event.total || 1))} %`;
  });
  request.upload.addEventListener("load", () => {
    words.textContent = "Reading";
  });
  request.addEventListener("load", () => {
    if (request.status < 300) {
      item.remove();
      window.htmx.swap({ sourceElement: form, target: form.dataset.target, swap: form.dataset.swap ?? "afterbegin", text: request.responseText });
    } else {
      fail(item, words, bar, refusal(request));
    }
  });
  request.addEventListener("error", () => fail(item, words, bar, "No connection. Choose the file again."));
  request.send(body);
}

/* The sentence of our alert partial, or what can be said without one. */
function refusal(request) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const words = answer.querySelector("[data-alert] p")?.textContent.replace(/\s+/g, " ").trim();
  return words || (request.status === 413 ? "The file is too large." : `Not uploaded: the server answered ${request.status}.`);
}

function fail(item, words, bar, sentence) {
  bar.remove();
  words.className = "failed";
  words.setAttribute("role", "alert");
  words.textContent = sentence;
}
