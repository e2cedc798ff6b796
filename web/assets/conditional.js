/** Shows what the chosen answers ask for besides, and hides the rest: each names the fields that it brings up. */
const show = (form) => {
  const chosen = [...form.querySelectorAll('[data-brings]:checked')];
  const brought = new Set(chosen.flatMap(({ dataset }) => dataset.brings.split(' ')));
  for (const fields of form.querySelectorAll('[data-conditional]')) {
    const asked = brought.has(fields.dataset.conditional);
    fields.hidden = !asked;
    fields.disabled = !asked;
  }
};

for (const form of document.querySelectorAll('form:has([data-conditional])')) {
  form.addEventListener('change', () => show(form));
}
