import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Row, StoredRow, ViewQuery, ViewStore } from '#application/ports.ts';
import { allPages, goneAt, newView, rowAt } from './viewStoreRows.ts';

const written: fc.Arbitrary<StoredRow> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    position: fc.integer({ min: 1, max: 12 }),
    n: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  })
  .map(({ id, position, n }) => (n === undefined ? goneAt(id, position) : rowAt(id, position, { n })));

const commits = fc.array(
  fc.record({
    rows: fc.uniqueArray(written, { selector: ({ id }) => id, maxLength: 3 }),
    position: fc.nat({ max: 12 }),
  }),
  { maxLength: 12 },
);

/** Random commits, in any order and repeated, leave each row at its highest position and the checkpoint at its own. */
export const writesAsTheModel = (store: () => ViewStore): Promise<void> =>
  fc.assert(
    fc.asyncProperty(commits, async (steps) => {
      const { name: view } = newView();
      await store().prepare([{ name: view, indexes: {} }]);
      const model = new Map<string, StoredRow>();
      let checkpoint = 0;
      for (const { rows, position } of steps) {
        await store().commit({ view }, rows, position);
        checkpoint = Math.max(checkpoint, position);
        for (const row of rows) if (row.position > (model.get(row.id)?.position ?? 0)) model.set(row.id, row);
        const held = await store().load({ view }, ['a', 'b', 'c']);
        expect(new Map(held.map((row) => [row.id, row]))).toEqual(model);
        expect(await store().checkpoint({ view })).toBe(checkpoint);
      }
    }),
    { numRuns: 25 },
  );

type Key = string | number;

const key: fc.Arbitrary<Key> = fc.oneof(
  fc.constantFrom('', '甲', '𠮷', '\uffff', "'", 'a', 'a ', 'aa', 'A', '2026-01-01', '1', '10', 'a\u0000'),
  fc.constantFrom(0, 1, -1, 1.5, 10, -2.25, 9_007_199_254_740_991, 1e300),
);
const member = fc.option(key, { nil: undefined, freq: 4 });

const question = fc.record({
  rows: fc.array(fc.record({ a: member, b: member }, { requiredKeys: [] }), { maxLength: 25 }),
  equals: fc.option(key, { nil: undefined }),
  from: fc.option(key, { nil: undefined }),
  before: fc.option(key, { nil: undefined }),
  descending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 6 }),
});

/** The order of an index: what is absent, then numbers, then texts by their UTF-8 bytes. */
const compareKeys = (one: unknown, other: unknown): number => {
  const rank = (value: unknown) => ['undefined', 'number', 'string'].indexOf(typeof value);
  if (rank(one) !== rank(other)) return rank(one) - rank(other);
  if (typeof one === 'number') return one - Number(other);
  return Buffer.compare(Buffer.from(String(one ?? '')), Buffer.from(String(other ?? '')));
};

const compareRows = (members: readonly string[]) => (one: Row, other: Row) =>
  [...members, 'id'].map((name) => compareKeys(one[name], other[name])).find((order) => order !== 0) ?? 0;

const within = ({ from, before }: Partial<ViewQuery>, value: unknown): boolean => {
  const bound = from ?? before;
  if (bound === undefined) return true;
  if (typeof value !== typeof bound) return false;
  return (
    (from === undefined || compareKeys(value, from) >= 0) && (before === undefined || compareKeys(value, before) < 0)
  );
};

/** The two bounds of a query are of one kind. */
const sameKind = (from: Key | undefined, before: Key | undefined) =>
  from === undefined || before === undefined || typeof from === typeof before;

/** Pages of any query over any rows, joined, are the matching rows in the order of the index; so is their count. */
export const pagesAreTheSortedFilter = async (store: () => ViewStore, numRuns = 300): Promise<void> => {
  const indexes = { both: ['run', 'a', 'b'] };
  const { name: view } = newView();
  await store().prepare([{ name: view, indexes }]);
  let position = 0;
  await fc.assert(
    fc.asyncProperty(question, async ({ rows: members, equals, from, before, descending, limit }) => {
      fc.pre(sameKind(from, before));
      const run = randomUUID();
      position += 1;
      const rows = members.map((each, n) => rowAt(`${run}${n}`, position, { run, ...each }));
      await store().commit({ view }, rows, position);
      const bounds = { ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) };
      const query = { index: 'both', equals: equals === undefined ? [run] : [run, equals], ...bounds, descending };
      const [bounded, rest] = equals === undefined ? (['a', ['a', 'b']] as const) : (['b', ['b']] as const);
      const expected = rows
        .map(({ row }) => JSON.parse(JSON.stringify(row)) as Row)
        .filter((row) => (equals === undefined || row['a'] === equals) && within(bounds, row[bounded]))
        .sort(compareRows(rest));
      if (descending) expected.reverse();
      const found = await allPages((after) => store().find(view, { ...query, limit, ...(after ? { after } : {}) }));
      expect(found).toEqual(expected);
      expect(await store().count(view, { ...query, limit })).toBe(Math.min(limit, expected.length));
    }),
    { numRuns },
  );
};
