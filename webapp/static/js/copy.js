/* Copy a field's text: <button data-copy="id of the field">. Where the page may not write to the clipboard (plain http),
   the text is selected instead, ready for Ctrl+C. */
document.addEventListener("click", async (event) => {
  const control = event.target.closest?.("[data-copy]");
  if (!control) return;
  const field = document.getElementById(control.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("Copied");
  } catch {
    say(document.execCommand("copy") ? "Copied" : "Press Ctrl+C to copy the marked text");
  }
});

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}
