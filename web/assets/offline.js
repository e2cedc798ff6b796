import { offerScan } from './camera.js';
import { keptData, refreshData } from './offline-data.js';
import { codeIn, namesMatch, revokedReason, verifyCode } from './verify-certificate.mjs';

const dayMs = 86_400_000;
const clockDriftMs = 3_600_000;
const refreshEveryMs = 900_000;

const form = document.querySelector('[data-offline]');
const one = (name) => document.querySelector(`[data-${name}]`);
const { lang } = document.documentElement;
const moments = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Shanghai' });
const ages = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });
const counts = new Intl.NumberFormat(lang);

const filled = (text, fill) => text.replace(/\{(\w+)\}/g, (place, name) => fill[name] ?? place);

const ageOf = (ms) => {
  const minutes = Math.floor(Math.max(ms, 0) / 60_000);
  if (minutes < 60) return ages.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? ages.format(-hours, 'hour') : ages.format(-Math.floor(hours / 24), 'day');
};

/** Shows the one part among those of a kind that is named, and hides the others. */
const showOnly = (kind, name) => {
  for (const part of document.querySelectorAll(`[data-${kind}]`)) part.hidden = part.dataset[kind] !== name;
};

const listState = ({ list, fault }) => {
  if (fault !== undefined) return 'refused';
  if (list === undefined) return 'none';
  const age = Date.now() - Date.parse(list.issuedAt);
  if (age < -clockDriftMs) return 'clock';
  return age > list.warnAfterDays * dayMs ? 'old' : 'fresh';
};

/** Says how old the list is, in words. */
const showList = (data) => {
  const { list } = data;
  showOnly('list', listState(data));
  for (const line of document.querySelectorAll('[data-list-text]')) {
    line.textContent = list
      ? filled(line.dataset.listText, {
          at: moments.format(new Date(list.issuedAt)),
          age: ageOf(Date.now() - Date.parse(list.issuedAt)),
          count: counts.format(list.count),
          days: list.warnAfterDays,
        })
      : '';
  }
};

const refresh = async () => {
  const outcome = await refreshData();
  showOnly('refreshed', outcome);
  showList(await keptData());
};

/** A certificate number as typed, in its one spelling: electronic without marks, ordinary with its hyphens. */
const numberIn = (text) => {
  const plain = text.replace(/[\s-]/g, '').toUpperCase();
  if (/^GZ\d{20}$/.test(plain)) return plain;
  return /^GZ[12]\d{12}$/.test(plain) ? plain.replace(/^(GZ[12])(\d{4})/, '$1-$2-') : undefined;
};

/** What can be said of a bare number: nobody signed it, but it may be in the list. */
const judgeNumber = async (number, { list }) => {
  const reason = list && (await revokedReason(list, number));
  return { outcome: reason === undefined ? 'numberOnly' : 'void', reason, facts: { number } };
};

const judge = async (typed, names, data) => {
  const text = typed.normalize('NFKC').trim();
  const code = codeIn(text);
  const number = numberIn(text);
  if (code === undefined) return number === undefined ? { outcome: 'noCode' } : judgeNumber(number, data);
  if (data.jwks === undefined) return { outcome: 'noKeys' };
  const found = await verifyCode(code, data.jwks);
  if (!found.genuine) return { outcome: found.reason === 'unknownKey' ? 'unknownKey' : 'forged' };
  const facts = found.claims;
  const reason = data.list && (await revokedReason(data.list, facts.number));
  if (reason !== undefined) return { outcome: 'void', reason, facts };
  const given = names.some((name) => name !== '');
  if (given && !(await namesMatch(facts, ...names))) return { outcome: 'otherNames', facts };
  return { outcome: data.list === undefined ? 'noList' : 'genuine', facts, names: given };
};

const showFacts = (facts = {}) => {
  for (const row of document.querySelectorAll('[data-fact]')) {
    const value = facts[row.dataset.fact];
    row.hidden = value === undefined;
    row.querySelector('dd').textContent = value ?? '';
  }
  one('facts').hidden = Object.keys(facts).length === 0;
};

const show = ({ outcome, reason, facts, names }, data) => {
  showOnly('outcome', outcome);
  showOnly('reason', reason);
  showOnly('names', names ? 'match' : undefined);
  showFacts(facts);
  one('limits').hidden = !['genuine', 'noList'].includes(outcome);
  one('checked-at').textContent = moments.format(new Date());
  one('result').hidden = false;
  showList(data);
};

let checked = { text: '', names: '' };

/** The names typed for this code; those left over from the one before belong to others, and are taken away. */
const namesFor = (text) => {
  const boxes = [form.elements.wife, form.elements.husband];
  const names = boxes.map((box) => box.value.trim());
  const isLeftOver = text !== checked.text && names.join('|') === checked.names;
  if (isLeftOver) for (const box of boxes) box.value = '';
  checked = { text, names: names.join('|') };
  return isLeftOver ? ['', ''] : names;
};

const check = async () => {
  const { text } = form.elements;
  const data = await keptData();
  show(await judge(text.value, namesFor(text.value), data), data);
  // A scanner held in the hand types the next code over this one.
  text.focus();
  text.select();
  one('result').scrollIntoView({ block: 'nearest' });
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
form.addEventListener('reset', () => {
  one('result').hidden = true;
});
one('refresh').addEventListener('click', refresh);
addEventListener('online', refresh);
setInterval(refresh, refreshEveryMs);
void offerScan(one('scan'), (text) => {
  form.elements.text.value = text;
  void check();
});

showList(await keptData());
form.hidden = false;
// First the page itself, so that it can be opened again without a network.
await navigator.serviceWorker
  ?.register('/offline/worker.js', { scope: '/offline', updateViaCache: 'none' })
  .catch(() => undefined);
await refresh();
document.documentElement.dataset.ready = '';
