/** An empty list of options under a search box, called by what is looked for. */
export const listOf = (id, label) => {
  const list = document.createElement('ul');
  Object.assign(list, { id, role: 'listbox', className: 'listbox', hidden: true });
  list.setAttribute('aria-label', label);
  return list;
};

const option = ({ label, leaf }, id, inside) => {
  const item = document.createElement('li');
  Object.assign(item, { id, role: 'option', lang: 'zh-CN' });
  item.setAttribute('aria-selected', 'false');
  const names = label.split(' ');
  const above = document.createElement('small');
  above.textContent = names.slice(0, -1).join(' ') + (leaf ? '' : ` (${inside})`);
  item.append(names.at(-1), above);
  return item;
};

/** One option per division: its own name, those above it in small, and that it can be looked into where it can. */
export const optionsOf = (divisions, id, inside) =>
  divisions.map((division, index) => option(division, `${id}-${index}`, inside));
