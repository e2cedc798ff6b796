const slowAfter = 1500;

const tell = (section, text) => {
  const line = section.querySelector('[data-progress]');
  if (line !== null) line.textContent = text;
};

const replaced = async (section, response) => {
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById(section.id);
  if (fresh === null || fresh.hasAttribute('data-look-up')) return false;
  section.replaceWith(document.adoptNode(fresh));
  return true;
};

const ask = async (section, form) => {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } });
  return response.ok && replaced(section, response);
};

/** Asks the population system as soon as the page stands, and shows the answer in its place; the button stays for trouble. */
export const startLookUp = async (after) => {
  const section = document.querySelector('[data-look-up]');
  const form = section?.querySelector('form');
  if (!form) return;
  tell(section, section.dataset.asking);
  section.setAttribute('aria-busy', 'true');
  section.classList.add('asking');
  const slow = setTimeout(() => tell(section, section.dataset.slow), slowAfter);
  const shown = await ask(section, form).catch(() => false);
  clearTimeout(slow);
  section.removeAttribute('aria-busy');
  section.classList.remove('asking');
  if (shown) after();
  else tell(section, section.dataset.failed);
};
