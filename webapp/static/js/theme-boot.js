/* Runs before the first paint (a plain blocking script): the chosen theme, if any, or the system's by CSS alone. */
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  /* storage is switched off: the system's theme it is */
}
