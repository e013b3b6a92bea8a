/* A line of the checks leads somewhere: the dialog it stands in closes, a panel that is folded opens, the field has the focus. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-lead]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const target = document.getElementById(decodeURIComponent(new URL(link.href).hash.slice(1)));
  if (!target) return;
  link.closest("dialog")?.close();
  if (target.nodeName === "DETAILS") target.open = true;
  if (target.matches("textarea, input, select")) requestAnimationFrame(() => target.focus({ preventScroll: true }));
});
