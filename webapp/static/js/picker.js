/* Adding assets: a link field that empties once its links are taken, and the picker in the form of a storyboard
   (buttons that need JavaScript, dialogs that must stand outside that form, files dropped anywhere on it). */
const sent = new WeakMap();

const linkField = (source) => source?.closest?.("[data-links]") ?? source?.querySelector?.("[data-links]");

document.addEventListener("htmx:config:request", (event) => {
  const source = event.detail.ctx.sourceElement;
  const field = linkField(source);
  if (!field || (source !== field && source.nodeName !== "FORM")) return;
  if (field.value.trim()) sent.set(field, field.value);
  else if (source === field) event.preventDefault();
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  const field = linkField(ctx.sourceElement);
  if (field && sent.get(field) === field.value && ctx.response.status < 300) field.value = "";
  const rows = document.getElementById("asset-rows");
  if (rows?.contains(event.target) || event.target === rows || field?.closest("[data-picker]")) {
    rows.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

for (const picker of document.querySelectorAll("[data-picker]")) {
  const template = picker.querySelector("template[data-picker-dialogs]");
  const dialogs = template.content.cloneNode(true);
  const arrived = [...dialogs.children];
  document.body.append(dialogs);
  for (const dialog of arrived) {
    window.htmx.process(dialog);
    for (const form of dialog.querySelectorAll("form[data-dropzone]")) {
      form.dispatchEvent(new CustomEvent("dropzone-arrived", { bubbles: true }));
    }
  }
  for (const button of picker.querySelectorAll("button[hidden]")) button.hidden = false;
  const field = picker.querySelector("[data-links]");
  picker.querySelector("[data-add-links]").addEventListener("click", () => window.htmx.trigger(field, "add"));
  acceptFiles(picker, document.getElementById("picker-upload"));
}

/* Files dropped on the picker go through the upload dialog, which shows how far they are. */
function acceptFiles(picker, dialog) {
  const withFiles = (event) => [...event.dataTransfer.types].includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    picker.addEventListener(kind, (event) => {
      if (!withFiles(event)) return;
      event.preventDefault();
      picker.dataset.over = "";
    });
  }
  picker.addEventListener("dragleave", (event) => {
    if (!picker.contains(event.relatedTarget)) delete picker.dataset.over;
  });
  picker.addEventListener("drop", (event) => {
    if (!withFiles(event)) return;
    event.preventDefault();
    delete picker.dataset.over;
    dialog.showModal();
    const files = dialog.querySelector("input[type=file]");
    files.files = event.dataTransfer.files;
    files.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
