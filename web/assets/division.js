import { listOf, optionsOf } from './listbox.js';

/**
 * The search box of a division becomes a combobox (ARIA 1.2, list autocomplete): results while typing, arrow keys,
 * Enter to choose or to look inside, Escape to close. Without this script the button beside the box does the same.
 */
const pause = 120;

/** The chosen place, in the markup that the server sends too. */
const chosenChoice = (name, { code, label, brings }) => {
  const choice = document.createElement('label');
  choice.className = 'choice';
  const radio = document.createElement('input');
  Object.assign(radio, { type: 'radio', name, value: code, checked: true });
  if (brings.length > 0) radio.dataset.brings = brings.join(' ');
  const text = document.createElement('span');
  text.lang = 'zh-CN';
  text.textContent = label;
  choice.append(radio, text);
  return choice;
};

const close = (box) => {
  box.list.hidden = true;
  box.active = -1;
  box.input.setAttribute('aria-expanded', 'false');
  box.input.removeAttribute('aria-activedescendant');
};

const point = (box, index) => {
  box.list.children[box.active]?.setAttribute('aria-selected', 'false');
  box.active = (index + box.divisions.length) % box.divisions.length;
  const item = box.list.children[box.active];
  item.setAttribute('aria-selected', 'true');
  item.scrollIntoView({ block: 'nearest' });
  box.input.setAttribute('aria-activedescendant', item.id);
};

const show = (box, divisions) => {
  const { input, list, status, texts } = box;
  box.divisions = divisions;
  box.active = -1;
  input.removeAttribute('aria-activedescendant');
  list.replaceChildren(...optionsOf(divisions, list.id, texts.inside));
  list.hidden = divisions.length === 0;
  input.setAttribute('aria-expanded', String(divisions.length > 0));
  status.textContent = divisions.length === 0 ? texts.none : texts.found.replace('{n}', divisions.length);
};

/** Asks the server; an answer that another question overtook is dropped. */
const ask = async (box, query, widen = (one) => one) => {
  box.asked += 1;
  const mine = box.asked;
  const typed = box.input.value.trim();
  try {
    const answer = await fetch(`/divisions?${new URLSearchParams({ ...query, of: box.texts.of })}`);
    if (!answer.ok || mine !== box.asked) return;
    box.shownFor = typed;
    show(box, (await answer.json()).divisions.map(widen));
  } catch {
    // Offline for a moment: the button still works once the network does.
    box.find.hidden = false;
  }
};

const lookInside = (box, { code, label }) =>
  ask(box, { under: code }, (one) => ({ ...one, label: `${label} ${one.label}` }));

const choose = (box, division) => {
  if (!division.leaf) {
    void lookInside(box, division);
    return;
  }
  const { picker, input, status, texts } = box;
  picker.querySelector('[data-division-chosen]').replaceChildren(chosenChoice(texts.name, division));
  picker.querySelector('[data-division-found]').replaceChildren();
  picker.querySelector('.deeper')?.remove();
  input.value = '';
  close(box);
  status.textContent = texts.chosen.replace('{name}', division.label);
  picker.dispatchEvent(new Event('change', { bubbles: true }));
};

const typed = (box) => {
  clearTimeout(box.timer);
  const text = box.input.value.trim();
  if (text !== '') {
    box.timer = setTimeout(() => void ask(box, { text }), pause);
    return;
  }
  box.asked += 1;
  close(box);
  box.status.textContent = '';
};

const acts = {
  ArrowDown: (box) => point(box, box.active + 1),
  ArrowUp: (box) => point(box, box.active < 0 ? -1 : box.active - 1),
  Enter: (box) => choose(box, box.divisions[Math.max(box.active, 0)]),
  Escape: close,
};

const pressed = (box, event) => {
  const text = box.input.value.trim();
  const act = acts[event.key];
  if (act === undefined || event.isComposing || text === '') return;
  if (box.list.hidden && event.key !== 'ArrowDown') return;
  event.preventDefault();
  // What is listed may belong to what was typed before: nothing is chosen from it by mistake.
  const stale = box.list.hidden || box.shownFor !== text;
  if (stale && event.key !== 'Escape') void ask(box, { text });
  else act(box);
};

const clicked = (box, event) => {
  const item = event.target.closest('[role="option"]');
  if (item !== null) choose(box, box.divisions[[...box.list.children].indexOf(item)]);
};

const listen = (box) => {
  const { input, list } = box;
  input.addEventListener('input', () => typed(box));
  input.addEventListener('keydown', (event) => pressed(box, event));
  input.addEventListener('blur', () => close(box));
  // Before the box loses the focus to the list.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => clicked(box, event));
};

const enhance = (picker, index) => {
  const texts = picker.dataset;
  const input = picker.querySelector(`[name="${texts.name}-search"]`);
  const find = picker.querySelector('[data-division-find]');
  const status = picker.querySelector('[data-division-status]');
  const list = listOf(`divisions-${index + 1}`, picker.querySelector('legend').textContent);
  const attributes = {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': list.id,
  };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  input.closest('.division-search').append(list);
  find.hidden = true;
  listen({
    picker,
    texts,
    input,
    find,
    status,
    list,
    divisions: [],
    active: -1,
    asked: 0,
    shownFor: '',
    timer: undefined,
  });
};

document.querySelectorAll('[data-division-picker]').forEach(enhance);
