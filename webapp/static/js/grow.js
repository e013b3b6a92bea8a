/* data-grow="3.5" → flex-grow: the strict CSP bans style attributes but not the CSSOM. */
function apply(root) {
  for (const element of root.querySelectorAll("[data-grow]")) {
    const share = String(Number(element.dataset.grow) || 0);
    if (element.style.flexGrow !== share) element.style.flexGrow = share;
  }
}

apply(document);
/* A swap brings new elements and a morph takes the style attribute away again; this runs before the next paint. */
new MutationObserver(() => apply(document)).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["data-grow", "style"],
});
