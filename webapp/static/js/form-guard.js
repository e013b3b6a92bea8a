/* <form data-guard>: asks before the page is left while something typed was not sent.
   Also [data-fills="id"]: picking one of these fills that field, typing there unticks them. */
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-guard]")) typed = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-guard]")) typed = false;
});
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

/* What is being corrected is not wrong any more until the server says so again. */
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("form[data-guard] .field");
  if (!field) return;
  field.querySelector(".error")?.remove();
  for (const each of field.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  field.removeAttribute("aria-invalid");
});

/* A form that came back with its errors: the first wrong field has the focus. */
const wrong = document.querySelector("form[data-guard] [aria-invalid=true]");
(wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong)?.focus();

for (const group of document.querySelectorAll("[data-fills]")) {
  const field = document.getElementById(group.dataset.fills);
  group.addEventListener("change", (event) => {
    field.value = event.target.value;
  });
  field.addEventListener("input", () => {
    for (const choice of group.querySelectorAll("input")) choice.checked = choice.value === field.value;
  });
}
