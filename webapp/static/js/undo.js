/* Ctrl+Z takes back the last thing one did to the board's structure, Ctrl+Shift+Z (or Ctrl+Y) does it again: they press the
   buttons of jobs/_undo.html. In a text field the keys stay the field's own, and an open dialog keeps them, too. */
const typing = (target) =>
  target.closest?.("textarea, select, [contenteditable], dialog, input:not([type=checkbox], [type=radio], [type=range])");

function wanted(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return "";
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && event.ctrlKey && !event.shiftKey ? "redo" : "";
}

document.addEventListener("keydown", (event) => {
  const turn = wanted(event);
  if (!turn || event.repeat || typing(event.target) || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-history="${turn}"] button`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
});
