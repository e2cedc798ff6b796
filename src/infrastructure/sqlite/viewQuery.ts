import { type CursorValues, decodeCursor } from '#application/cursor.ts';
import type { ViewDeclaration, ViewQuery } from '#application/ports.ts';
import { columnOf, indexOf, tableOf } from './viewTables.ts';

type Value = string | number;
type Condition = { sql: string; values: readonly Value[] };

/** A statement with its values; `members` are the index members that order the page. */
export type Selection = Condition & { members: readonly string[] };

/** What finds a page and one row more: columns `json`, then the ordering members as `k0`, `k1` …, then `id`. */
export const pageSelection = (view: ViewDeclaration, generation: number, query: ViewQuery): Selection => {
  const { members, from, where } = matching(view, generation, query);
  const order = [...members.map(columnOf), 'id'];
  const conditions = [...where, ...afterCursor(query, order)];
  const direction = query.descending ? ' DESC' : '';
  const sql = `SELECT json, ${[...members.map((member, n) => `${columnOf(member)} AS k${n}`), 'id'].join(', ')}
    FROM ${from} WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}
    ORDER BY ${order.map((column) => column + direction).join(', ')} LIMIT ?`;
  return { sql, values: [...conditions.flatMap((condition) => condition.values), query.limit + 1], members };
};

/** What counts the matching rows, no further than the limit, wherever the cursor stands. */
export const countSelection = (view: ViewDeclaration, generation: number, query: ViewQuery): Selection => {
  const { members, from, where } = matching(view, generation, { ...query, after: '' });
  const conditions = where.map((condition) => condition.sql).join(' AND ');
  const sql = `SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} WHERE ${conditions} LIMIT ?)`;
  return { sql, values: [...where.flatMap((condition) => condition.values), query.limit], members };
};

const matching = (view: ViewDeclaration, generation: number, query: ViewQuery) => {
  const members = view.indexes[query.index];
  if (members === undefined) throw new RangeError(`View ${view.name} declares no index ${query.index}; add it there.`);
  checkShape(query, members);
  const rest = members.slice(query.equals.length);
  const equals = query.equals.map((value, n) => ({ sql: `${columnOf(members[n] ?? '')} = ?`, values: [value] }));
  const where: Condition[] = [{ sql: 'json IS NOT NULL', values: [] }, ...equals, ...bounds(query, rest[0])];
  const from = `${tableOf(view.name, generation)} INDEXED BY ${indexOf(view.name, generation, members)}`;
  return { members: rest, from, where };
};

const checkShape = (query: ViewQuery, members: readonly string[]): void => {
  const bounded = query.from !== undefined || query.before !== undefined;
  if (query.equals.length + (bounded ? 1 : 0) > members.length) {
    throw new RangeError(`Index ${query.index} has ${members.length} members; ask for no more than that.`);
  }
  if (!Number.isSafeInteger(query.limit) || query.limit < 1) throw new RangeError('A limit is a whole number from 1.');
};

/** Bounds compare only values of their own kind: numbers stand before texts in an index. */
const bounds = (query: ViewQuery, member: string | undefined): readonly Condition[] => {
  const kind = query.from ?? query.before;
  if (kind === undefined || member === undefined) return [];
  const numeric = typeof kind === 'number';
  const lowest = query.from ?? (numeric ? -Number.MAX_VALUE : '');
  const highest = query.before ?? (numeric ? '' : undefined);
  const column = columnOf(member);
  // With a cursor, that is where the search starts; the unary plus keeps SQLite from starting at the bound instead.
  const [plusLow, plusHigh] = query.after ? (query.descending ? ['', '+'] : ['+', '']) : ['', ''];
  const low = { sql: `${plusLow}${column} >= ?`, values: [lowest] };
  return highest === undefined ? [low] : [low, { sql: `${plusHigh}${column} < ?`, values: [highest] }];
};

const afterCursor = (query: ViewQuery, order: readonly string[]): readonly Condition[] => {
  if (query.after === undefined) return [];
  const values: CursorValues = decodeCursor(query.index, query.after, order.length);
  const marks = values.map(() => '?').join(', ');
  const sql = `(${order.join(', ')}) ${query.descending ? '<' : '>'} (${marks})`;
  return [{ sql, values: values.map((value) => value ?? Number.NEGATIVE_INFINITY) }];
};
