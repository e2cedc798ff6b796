const status = document.querySelector('[data-copy-status]');

const select = (element) => getSelection()?.selectAllChildren(element);

for (const button of document.querySelectorAll('[data-copy]')) {
  const source = document.querySelector(button.dataset.copy);
  button.hidden = source === null;
  button.addEventListener('click', async () => {
    let told = button.dataset.done;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      select(source);
      told = button.dataset.failed;
    }
    button.textContent = told;
    if (status !== null) status.textContent = told;
  });
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
