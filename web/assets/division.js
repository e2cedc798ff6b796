/**
 * The search box of a division becomes a combobox (ARIA 1.2, list autocomplete): results while typing, arrow keys,
 * Enter to choose or to look inside, Escape to close. Without this script the button beside the box does the same.
 */
const pause = 120;
let pickers = 0;

const option = (division, id, inside) => {
  const item = document.createElement('li');
  item.id = id;
  item.role = 'option';
  item.lang = 'zh-CN';
  item.setAttribute('aria-selected', 'false');
  const names = division.label.split(' ');
  item.append(names.at(-1));
  const above = document.createElement('small');
  above.textContent = names.slice(0, -1).join(' ') + (division.leaf ? '' : ` (${inside})`);
  item.append(above);
  return item;
};

/** The chosen place, in the markup that the server sends too. */
const chosenChoice = (name, { code, label }) => {
  const choice = document.createElement('label');
  choice.className = 'choice';
  const radio = document.createElement('input');
  Object.assign(radio, { type: 'radio', name, value: code, checked: true });
  const text = document.createElement('span');
  text.lang = 'zh-CN';
  text.textContent = label;
  choice.append(radio, text);
  return choice;
};

const enhance = (picker) => {
  pickers += 1;
  const { name, found, none, inside, chosen } = picker.dataset;
  const input = picker.querySelector(`[name="${name}-search"]`);
  const status = picker.querySelector('[data-division-status]');
  const place = picker.querySelector('[data-division-chosen]');
  const offered = picker.querySelector('[data-division-found]');
  const list = document.createElement('ul');
  list.id = `divisions-${pickers}`;
  list.role = 'listbox';
  list.className = 'listbox';
  list.hidden = true;
  list.setAttribute('aria-label', picker.querySelector('legend').textContent);
  input.role = 'combobox';
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', list.id);
  input.closest('.division-search').append(list);
  picker.querySelector('[data-division-find]').hidden = true;

  let divisions = [];
  let active = -1;
  let asked = 0;
  let shownFor = '';
  let timer;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const point = (index) => {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = (index + divisions.length) % divisions.length;
    const item = list.children[active];
    item.setAttribute('aria-selected', 'true');
    item.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', item.id);
  };

  const show = (results) => {
    divisions = results;
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.replaceChildren(...results.map((one, index) => option(one, `${list.id}-${index}`, inside)));
    list.hidden = results.length === 0;
    input.setAttribute('aria-expanded', String(results.length > 0));
    status.textContent = results.length === 0 ? none : found.replace('{n}', results.length);
  };

  const ask = async (query, widen = (one) => one) => {
    asked += 1;
    const mine = asked;
    const typed = input.value.trim();
    try {
      const answer = await fetch(`/divisions?${new URLSearchParams(query)}`);
      if (!answer.ok || mine !== asked) return;
      shownFor = typed;
      show((await answer.json()).divisions.map(widen));
    } catch {
      // Offline for a moment: the button still works once the network does.
      picker.querySelector('[data-division-find]').hidden = false;
    }
  };

  const choose = (division) => {
    if (!division.leaf) {
      void ask({ under: division.code }, (one) => ({ ...one, label: `${division.label} ${one.label}` }));
      return;
    }
    place.replaceChildren(chosenChoice(name, division));
    offered.replaceChildren();
    picker.querySelector('.deeper')?.remove();
    input.value = '';
    close();
    status.textContent = chosen.replace('{name}', division.label);
    const elsewhere = !division.code.startsWith('52');
    for (const fields of picker.closest('form').querySelectorAll('[data-conditional]')) {
      fields.hidden = !elsewhere;
      fields.disabled = !elsewhere;
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    const text = input.value.trim();
    if (text === '') {
      asked += 1;
      close();
      status.textContent = '';
      return;
    }
    timer = setTimeout(() => void ask({ text }), pause);
  });

  const acts = {
    ArrowDown: () => point(active + 1),
    ArrowUp: () => point(active < 0 ? -1 : active - 1),
    Enter: () => choose(divisions[Math.max(active, 0)]),
    Escape: close,
  };

  input.addEventListener('keydown', (event) => {
    const text = input.value.trim();
    const act = acts[event.key];
    if (act === undefined || event.isComposing || text === '') return;
    if (list.hidden && event.key !== 'ArrowDown') return;
    event.preventDefault();
    // What is listed may belong to what was typed before: nothing is chosen from it by mistake.
    const stale = list.hidden || shownFor !== text;
    if (stale && event.key !== 'Escape') void ask({ text });
    else act();
  });

  // Before the box loses the focus to the list.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[role="option"]');
    if (item !== null) choose(divisions[[...list.children].indexOf(item)]);
  });
  input.addEventListener('blur', close);
};

for (const picker of document.querySelectorAll('[data-division-picker]')) enhance(picker);
