import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');

/** The requirements of levels 1 and 2 in OWASP ASVS 5.0 by section; gaps in their numbers are level 3. */
const sections: Readonly<Record<string, readonly number[]>> = {
  '1.1': [1, 2],
  '1.2': [1, 2, 3, 4, 5, 6, 7, 8, 9],
  '1.3': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '1.4': [1, 2, 3],
  '1.5': [1, 2],
  '2.1': [1, 2, 3],
  '2.2': [1, 2, 3],
  '2.3': [1, 2, 3, 4],
  '2.4': [1],
  '3.2': [1, 2],
  '3.3': [1, 2, 3, 4],
  '3.4': [1, 2, 3, 4, 5, 6],
  '3.5': [1, 2, 3, 4, 5],
  '3.7': [1, 2],
  '4.1': [1, 2, 3],
  '4.2': [1],
  '4.3': [1, 2],
  '4.4': [1, 2, 3, 4],
  '5.1': [1],
  '5.2': [1, 2, 3],
  '5.3': [1, 2],
  '5.4': [1, 2, 3],
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
  '9.1': [1, 2, 3],
  '9.2': [1, 2, 3, 4],
  '10.1': [1, 2],
  '10.2': [1, 2],
  '10.3': [1, 2, 3, 4],
  '10.4': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '10.5': [1, 2, 3, 4, 5],
  '10.6': [1, 2],
  '10.7': [1, 2, 3],
  '11.1': [1, 2],
  '11.2': [1, 2, 3],
  '11.3': [1, 2, 3],
  '11.4': [1, 2, 3, 4],
  '11.5': [1],
  '11.6': [1],
  '12.1': [1, 2, 3],
  '12.2': [1, 2],
  '12.3': [1, 2, 3, 4],
  '13.1': [1],
  '13.2': [1, 2, 3, 4, 5],
  '13.3': [1, 2],
  '13.4': [1, 2, 3, 4, 5],
  '14.1': [1, 2],
  '14.2': [1, 2, 3, 4],
  '14.3': [1, 2, 3],
  '15.1': [1, 2, 3],
  '15.2': [1, 2, 3],
  '15.3': [1, 2, 3, 4, 5, 6, 7],
  '16.1': [1],
  '16.2': [1, 2, 3, 4, 5],
  '16.3': [1, 2, 3, 4],
  '16.4': [1, 2, 3],
  '16.5': [1, 2, 3],
  '17.1': [1],
  '17.2': [1, 2, 3, 4],
  '17.3': [1, 2],
};

const required = Object.entries(sections).flatMap(([section, numbers]) => numbers.map((n) => `V${section}.${n}`));

type Row = { first: string; last: string; verdict: string; text: string };

const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const [, first, last = first, verdict, text] =
    /^\| (V[\d.]+)(?:–(V[\d.]+))? \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
  return first && last && verdict && text ? [{ first, last, verdict, text }] : [];
});

const partsOf = (id: string): readonly number[] => id.slice(1).split('.').map(Number);

const isBefore = (one: string, other: string): boolean => {
  const [a, b] = [partsOf(one), partsOf(other)];
  const at = a.findIndex((part, n) => part !== b[n]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
};

const standsIn = (id: string) => (row: Row) => !isBefore(id, row.first) && !isBefore(row.last, id);

describe('the table of security', () => {
  test('has every requirement of levels 1 and 2 once, and no other', () => {
    expect(required).toHaveLength(253);
    for (const id of required) expect({ id, rows: rows.filter(standsIn(id)).length }).toEqual({ id, rows: 1 });
    for (const { first, last } of rows) expect(required).toEqual(expect.arrayContaining([first, last]));
  });

  test('names a test or code wherever something is met, and nothing that does not exist', () => {
    const files = [...page.matchAll(/`((?:src|web|test|docs|package|compose|README|tsconfig|biome)[\w./-]*\.\w+)`/g)];
    expect(files.length).toBeGreaterThan(200);
    expect(files.map(([, path = '']) => path).filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test('says of each whether it is met', () => {
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['yes', 'part', 'site', '–']));
  });
});
