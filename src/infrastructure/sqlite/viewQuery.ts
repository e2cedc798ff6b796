import type { ViewDeclaration, ViewQuery } from '#application/ports.ts';
import { type CheckedQuery, checkQuery, withoutCursor } from '#application/viewQuery.ts';
import { columnOf, indexOf, tableOf } from './viewTables.ts';

type Value = string | number;
type Condition = { sql: string; values: readonly Value[] };

/** A statement with its values; `members` are the index members that order the page. */
export type Selection = Condition & { members: readonly string[] };

/** What finds a page and one row more: columns `json`, then the ordering members as `k0`, `k1` …, then `id`. */
export const pageSelection = (view: ViewDeclaration, generation: number, query: ViewQuery): Selection => {
  const { members, from, where, after } = matching(view, generation, query);
  const order = [...members.map(columnOf), 'id'];
  const conditions = [...where, ...afterCursor(query, order, after)];
  const direction = query.descending ? ' DESC' : '';
  const sql = `SELECT json, ${[...members.map((member, n) => `${columnOf(member)} AS k${n}`), 'id'].join(', ')}
    FROM ${from} WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}
    ORDER BY ${order.map((column) => column + direction).join(', ')} LIMIT ?`;
  return { sql, values: [...conditions.flatMap((condition) => condition.values), query.limit + 1], members };
};

/** What counts the matching rows, no further than the limit, wherever the cursor stands. */
export const countSelection = (view: ViewDeclaration, generation: number, query: ViewQuery): Selection => {
  const { members, from, where } = matching(view, generation, withoutCursor(query));
  const conditions = where.map((condition) => condition.sql).join(' AND ');
  const sql = `SELECT count(*) AS rows FROM (SELECT 1 FROM ${from} WHERE ${conditions} LIMIT ?)`;
  return { sql, values: [...where.flatMap((condition) => condition.values), query.limit], members };
};

const matching = (view: ViewDeclaration, generation: number, query: ViewQuery) => {
  const { fixed, order: members, after } = checkQuery(view, query);
  const equals = fixed.map(([member, value]) => ({ sql: `${columnOf(member)} = ?`, values: [value] }));
  const where: Condition[] = [{ sql: 'json IS NOT NULL', values: [] }, ...equals, ...bounds(query, members[0])];
  const index = view.indexes[query.index] ?? [];
  const from = `${tableOf(view.name, generation)} INDEXED BY ${indexOf(view.name, generation, index)}`;
  return { members, from, where, after };
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

const afterCursor = (
  { descending }: ViewQuery,
  order: readonly string[],
  after: CheckedQuery['after'],
): readonly Condition[] => {
  if (after === undefined) return [];
  const sql = `(${order.join(', ')}) ${descending ? '<' : '>'} (${after.map(() => '?').join(', ')})`;
  return [{ sql, values: after.map((value) => value ?? Number.NEGATIVE_INFINITY) }];
};
