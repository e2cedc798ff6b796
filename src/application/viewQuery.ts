import { type CursorValues, decodeCursor, encodeCursor } from './cursor.ts';
import type { Page, Row, ViewDeclaration, ViewQuery } from './ports.ts';

/** A query as checked against the declaration of its view: what every store has to translate. */
export type CheckedQuery = {
  /** Index members, each with the value that it must equal. */
  fixed: readonly (readonly [member: string, value: string | number])[];
  /** The members after those: they order what matches, before the id does. Bounds are on the first. */
  order: readonly string[];
  /** Where the page before ended: a value for each member of `order`, then the id. */
  after: CursorValues | undefined;
};

/** Checks a query; throws `RangeError` where it asks for what was not declared, and `InvalidCursor`. */
export const checkQuery = (view: ViewDeclaration, query: ViewQuery): CheckedQuery => {
  const members = view.indexes[query.index];
  if (members === undefined) throw new RangeError(`View ${view.name} declares no index ${query.index}; add it there.`);
  checkShape(query, members);
  const order = members.slice(query.equals.length);
  return {
    fixed: query.equals.map((value, n) => [members[n] ?? '', value] as const),
    order,
    after: query.after === undefined ? undefined : decodeCursor(query.index, query.after, order.length + 1),
  };
};

const checkShape = (query: ViewQuery, members: readonly string[]): void => {
  const bounded = query.from !== undefined || query.before !== undefined;
  if (query.equals.length + (bounded ? 1 : 0) > members.length) {
    throw new RangeError(`Index ${query.index} has ${members.length} members; ask for no more than that.`);
  }
  if (!Number.isSafeInteger(query.limit) || query.limit < 1) throw new RangeError('A limit is a whole number from 1.');
};

/** The query without its cursor: what is counted. */
export const withoutCursor = ({ after: _, ...query }: ViewQuery): ViewQuery => query;

/** A page from what was found with a limit one higher; `keysOf` gives a row's values for the cursor. */
export const pageOf = <F>(
  query: ViewQuery,
  found: readonly F[],
  as: { row: (each: F) => Row; keys: (each: F) => CursorValues },
): Page => {
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  const rows = shown.map(as.row);
  if (found.length <= query.limit || last === undefined) return { rows, next: undefined };
  return { rows, next: encodeCursor(query.index, as.keys(last)) };
};

/** An index member as a cursor holds it: null where the row lacks it. */
export const cursorValue = (key: unknown): string | number | null =>
  typeof key === 'string' || (typeof key === 'number' && Number.isFinite(key)) ? key : null;
