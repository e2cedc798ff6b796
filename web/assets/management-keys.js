const isTyping = (target) => target.closest('input, select, textarea, [contenteditable], dialog[open]') !== null;

const rowLinks = () => [...document.querySelectorAll('[data-row] th a')];

const step = (by) => {
  const links = rowLinks();
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
};

const openHelp = () => document.getElementById('keys-help')?.showModal();

const toSearch = () => {
  const field = document.getElementById('search-text');
  if (field === null) location.assign('/search');
  else {
    field.focus();
    field.select();
  }
};

const acts = {
  j: () => step(1),
  k: () => step(-1),
  '/': toSearch,
  '?': openHelp,
  g: () => location.assign('/'),
};

/** j and k walk the list, / searches, g goes to the workbench, ? shows all of them; never while someone types. */
export const startKeys = () => {
  if (document.querySelector('.site-nav') === null) return;
  for (const button of document.querySelectorAll('[data-open-help]')) {
    button.hidden = false;
    button.addEventListener('click', openHelp);
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
};
