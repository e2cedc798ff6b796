// What went wrong is read out first, and an error's link leads into its field, not only to it.
document.querySelector('[data-focus]')?.focus();

for (const link of document.querySelectorAll('.error-summary a[href^="#"]')) {
  link.addEventListener('click', (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (target === null) return;
    event.preventDefault();
    target.scrollIntoView({ block: 'center' });
    target.focus();
  });
}
