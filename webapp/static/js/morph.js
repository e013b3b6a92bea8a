/* What a morph must leave alone, told to htmx as an extension (the name is allowed in layout.html's htmx-config):
   - a style attribute: only scripts make one (the CSP bans them in markup), and copying it would break the CSP;
   - an opened <details> stays open: the server does not know which ones are;
   - a form with autosave never goes back to an older version: an answer put together before the last save may arrive after it. */
const version = (form) => Number(form.elements.version?.value ?? 0);

window.htmx.registerExtension("slate-morph", {
  htmx_before_morph_attr: (element, { attrName, newValue }) =>
    attrName !== "style" && !(attrName === "open" && newValue === null && element.nodeName === "DETAILS"),
  htmx_before_morph_node: (element, { newNode }) =>
    !(element.matches?.("form[data-autosave]") && newNode.elements && version(newNode) < version(element)),
});
