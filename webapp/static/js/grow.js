/* data-grow="3.5" → flex-grow: the strict CSP bans style attributes but not the CSSOM. */
function apply(root) {
  for (const element of root.querySelectorAll?.("[data-grow]") ?? []) {
    if (element.style.flexGrow !== element.dataset.grow) element.style.flexGrow = element.dataset.grow;
  }
}

apply(document);
/* a morph takes the style attribute away again, so look after every swap, and before the next paint */
new MutationObserver(() => apply(document)).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["data-grow", "style"],
});
