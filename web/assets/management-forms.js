const focusFirst = () => {
  const target = document.querySelector('[data-focus]');
  if (target !== null) target.focus();
};

/** A form is sent once: a second press of its button does nothing. */
const sendOnce = () => {
  document.addEventListener('submit', (event) => {
    const { target: form } = event;
    if (form.method === 'dialog') return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'true';
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
  });
};

/** Filters apply as soon as one is chosen. */
const applyFilters = () => {
  for (const form of document.querySelectorAll('form.filters')) {
    form.addEventListener('change', () => form.requestSubmit());
  }
};

/** A suggestion's button adds its sentence to the text it belongs to, and ticks its reason. */
export const fillSuggestions = () => {
  for (const button of document.querySelectorAll('[data-suggest]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const text = document.getElementById(button.dataset.suggest);
      const sentence = button.dataset.sentence;
      if (!text.value.includes(sentence))
        text.value = text.value.trim() === '' ? sentence : `${text.value}\n${sentence}`;
      const reason = document.querySelector(`input[value="${button.dataset.reason}"][name="reasons"]`);
      if (reason !== null) reason.checked = true;
      text.focus();
    });
  }
};

/** Whoever types is not away: the session is told so every few minutes. */
const stayAwake = () => {
  const every = 5 * 60_000;
  let told = performance.now();
  document.addEventListener('input', () => {
    if (performance.now() - told < every) return;
    told = performance.now();
    fetch('/session', { headers: { accept: 'application/json' } }).catch(() => undefined);
  });
};

const offerPrinting = () => {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
};

export const startForms = () => {
  focusFirst();
  sendOnce();
  applyFilters();
  fillSuggestions();
  stayAwake();
  offerPrinting();
};
