const pause = 700;
const retryAfter = 5000;

/** Which of the boxes someone is in is left as it is: what the server says of it comes with the next answer. */
const isBusy = (element) => element.contains(document.activeElement) && document.activeElement.tagName === 'SELECT';

const optionsOf = (select) => [...select.options].map(({ value, text }) => `${value} ${text}`).join('\n');

/** Takes over from the same screen as the server now shows it: notes, what fields ask for, what selects offer. */
const takeOver = (fresh) => {
  for (const part of document.querySelectorAll('[data-found]')) {
    const other = fresh.querySelector(`[data-found="${part.dataset.found}"]`);
    if (other !== null && part.innerHTML !== other.innerHTML)
      part.replaceChildren(...document.adoptNode(other).childNodes);
  }
  for (const field of document.querySelectorAll('[data-live-field]')) {
    const other = fresh.querySelector(`[data-live-field="${field.dataset.liveField}"]`);
    if (other === null) continue;
    field.hidden = other.hidden;
    field.classList.toggle('invalid', other.classList.contains('invalid'));
  }
  for (const select of document.querySelectorAll('[data-live-options]')) {
    const other = fresh.querySelector(`[data-live-options="${select.dataset.liveOptions}"]`);
    if (other === null || isBusy(select) || optionsOf(select) === optionsOf(other)) continue;
    const chosen = select.value || other.value;
    select.replaceChildren(...document.adoptNode(other).childNodes);
    select.value = chosen;
  }
};

const look = async (screen) => {
  const answer = await fetch(screen.form.dataset.screen, { headers: { accept: 'text/html', 'x-background': '1' } });
  if (!answer.ok || screen.pending) return;
  takeOver(new DOMParser().parseFromString(await answer.text(), 'text/html'));
};

const tell = ({ line }, state) => {
  line.hidden = false;
  line.textContent = line.dataset[state];
  line.dataset.state = state;
};

const keep = async (screen) => {
  const { form } = screen;
  screen.pending = false;
  tell(screen, 'beingSaved');
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(`${form.action}/keep`, { method: 'POST', body, headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(String(answer.status));
  screen.unsaved = screen.pending;
  tell(screen, screen.pending ? 'unsaved' : 'saved');
};

const save = async (screen) => {
  clearTimeout(screen.timer);
  try {
    await keep(screen);
  } catch {
    tell(screen, 'broken');
    screen.timer = setTimeout(() => void save(screen), retryAfter);
    return;
  }
  await look(screen).catch(() => undefined);
};

const changed = (screen) => {
  screen.pending = true;
  screen.unsaved = true;
  tell(screen, 'unsaved');
  clearTimeout(screen.timer);
  screen.timer = setTimeout(() => void save(screen), pause);
};

const pressed = (screen, event) => {
  const { form } = screen;
  const enter = event.key === 'Enter' && !event.isComposing;
  const held = event.ctrlKey || event.metaKey;
  const press = (selector) => {
    event.preventDefault();
    form.querySelector(selector).click();
  };
  if (enter && held) press('[data-submit]');
  else if (held && event.key === 's') {
    event.preventDefault();
    void save(screen);
  } else if (enter && event.target.id === 'card') press('[data-fill]');
  // Enter in a box goes nowhere: only a button or Ctrl+Enter sends the screen.
  else if (enter && event.target.tagName === 'INPUT') event.preventDefault();
};

/** The on-site screen keeps itself as a draft, checks while one types, and warns before what is unsaved is left. */
export const startOnSite = () => {
  const form = document.querySelector('[data-on-site]');
  if (form === null) return;
  const line = form.querySelector('[data-saving]');
  const screen = { form, line, timer: undefined, pending: false, unsaved: false };
  form.querySelector('[data-keys]').hidden = false;
  form.addEventListener('input', () => changed(screen));
  form.addEventListener('change', () => changed(screen));
  form.addEventListener('keydown', (event) => pressed(screen, event));
  form.addEventListener('submit', () => {
    clearTimeout(screen.timer);
    screen.unsaved = false;
  });
  addEventListener('beforeunload', (event) => {
    if (screen.unsaved) event.preventDefault();
  });
};
