const pause = 250;

const choice = ({ code, name, place }) => {
  const label = document.createElement('label');
  label.className = 'choice';
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'office', value: code });
  const hint = Object.assign(document.createElement('span'), { className: 'hint', textContent: place });
  const text = document.createElement('span');
  text.append(name, document.createElement('br'), hint);
  label.append(input, ' ', text);
  return label;
};

const nothing = (list) =>
  Object.assign(document.createElement('p'), { className: 'hint', textContent: list.dataset.nothing });

const find = async (field, list) => {
  const text = field.value.trim();
  if (text === '') return;
  const response = await fetch(`/offices/search?${new URLSearchParams({ find: text })}`, {
    headers: { accept: 'application/json' },
  });
  if (!response.ok || field.value.trim() !== text) return;
  const found = await response.json();
  list.replaceChildren(...(found.length > 0 ? found.map(choice) : [nothing(list)]));
};

/** Offices are found as one types. */
export const startOffices = () => {
  const field = document.querySelector('[data-find-office]');
  if (field === null) return;
  const list = document.getElementById(field.dataset.findOffice);
  let waiting;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => find(field, list).catch(() => undefined), pause);
  });
};
