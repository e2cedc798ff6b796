import type { Document, Sort } from 'mongodb';
import type { Row, ViewDeclaration, ViewQuery } from '#application/ports.ts';
import { checkQuery, cursorValue, withoutCursor } from '#application/viewQuery.ts';

type Value = string | number | null;
type Condition = readonly [field: string, operators: Document];

/** The field beside a row's JSON that holds one of its members; no name can break it. */
export const fieldOf = (member: string): string => `key_${encodeURIComponent(member).replaceAll('.', '%2E')}`;

/** The members of a row that any index may be over, now or later: its texts and numbers. */
export const fieldsOf = (row: Row): { [field: string]: string | number } =>
  Object.fromEntries(
    Object.entries(row).flatMap(([member, value]) => {
      const key = cursorValue(value);
      return key === null ? [] : [[fieldOf(member), typeof key === 'number' ? key + 0 : key]];
    }),
  );

/** The keys of an index; deleted rows lie in a range of their own. */
export const indexKeys = (members: readonly string[]): Record<string, 1> =>
  Object.fromEntries(['live', ...members.map(fieldOf), '_id'].map((field) => [field, 1 as const]));

/** How to find a page: each branch of the filter is one range of the index, in the order of the index. */
export const pageSelection = (view: ViewDeclaration, query: ViewQuery) => {
  const { fixed, order, after } = checkQuery(view, query);
  const equal = fixed.map(([member, value]): Condition => [fieldOf(member), { $eq: value }]);
  const fields = [...order.map(fieldOf), '_id'];
  const always: Condition[] = [['live', { $eq: true }], ...equal, ...bounds(query, fields)];
  const branches = after === undefined ? [[]] : branchesAfter(fields, after, query.descending === true);
  const filters = branches.map((branch) => joined([...always, ...branch]));
  const [only] = filters;
  const filter: Document = filters.length === 1 && only !== undefined ? only : { $or: filters };
  const sort: Sort = fields.map((field) => [field, query.descending ? -1 : 1] as const);
  return { filter, sort, order };
};

/** What matches a query, wherever its cursor stands. */
export const countFilter = (view: ViewDeclaration, query: ViewQuery): Document =>
  pageSelection(view, withoutCursor(query)).filter;

/** MongoDB compares with a bound only values of its own kind. */
const bounds = ({ from, before }: ViewQuery, [field = '_id']: readonly string[]): readonly Condition[] => [
  ...(from === undefined ? [] : [[field, { $gte: from }] as const]),
  ...(before === undefined ? [] : [[field, { $lt: before }] as const]),
];

/** What stands after these values in an index: equal in the first fields, beyond in the next. */
const branchesAfter = (fields: readonly string[], values: readonly Value[], descending: boolean): Condition[][] =>
  fields.flatMap((field, n) => {
    const equal = fields.slice(0, n).map((each, m): Condition => [each, { $eq: values[m] ?? null }]);
    const beyond = field === '_id' ? beyondId(values[n], descending) : beyondValue(values[n] ?? null, descending);
    return beyond.map((operators) => [...equal, [field, operators] as const]);
  });

const beyondId = (id: Value | undefined, descending: boolean): Document[] => [descending ? { $lt: id } : { $gt: id }];

const absent = { $eq: null };
const anyNumber = { $gte: -Number.MAX_VALUE };
const anyText = { $gte: '' };

/** An index holds what is absent first, then numbers, then texts. */
const beyondValue = (value: Value, descending: boolean): Document[] => {
  if (value === null) return descending ? [] : [anyNumber, anyText];
  if (typeof value === 'number') return descending ? [{ $lt: value }, absent] : [{ $gt: value }, anyText];
  return descending ? [{ $lt: value }, anyNumber, absent] : [{ $gt: value }];
};

/** Conditions on one field side by side; where an operator comes twice, both have to hold. */
const joined = (conditions: readonly Condition[]): Document => {
  const filter: Document = {};
  const also: Document[] = [];
  for (const [field, operators] of conditions) {
    const before: Document = filter[field] ?? {};
    if (Object.keys(operators).some((operator) => operator in before)) also.push({ [field]: operators });
    else filter[field] = { ...before, ...operators };
  }
  return also.length === 0 ? filter : { ...filter, $and: also };
};
