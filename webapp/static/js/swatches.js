/* The colour editor: picker and hex follow each other; rows are added and removed. */
document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-swatches] li");
  if (!row) return;
  const [picker, hex] = row.querySelectorAll("input");
  if (event.target === picker) hex.value = picker.value;
  else if (/^#[0-9a-f]{6}$/i.test(hex.value)) picker.value = hex.value;
});

document.addEventListener("click", (event) => {
  const editor = event.target.closest?.("[data-swatches]");
  if (!editor) return;
  if (event.target.closest("[data-remove-row]")) {
    event.target.closest("li").remove();
    editor.querySelector("[data-add-row]").focus();
    editor.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.target.closest("[data-add-row]")) {
    const list = editor.querySelector("ul");
    list.append(editor.querySelector("template").content.cloneNode(true));
    list.lastElementChild.querySelector("input").focus();
  }
});
