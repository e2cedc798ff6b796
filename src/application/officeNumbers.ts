import type { CountersRow } from '#projections/counters.ts';
import type { Deps } from './deps.ts';
import { countOverdue, openStatuses } from './inboxCounts.ts';
import type { Office } from './offices.ts';

type Counts = Omit<CountersRow, 'id'>;

/** One line of an overview: an office with the sums over itself and all below it; `own` is the asked office alone. */
export type OfficeNumbers = { office: Office; own: boolean; counts: Counts; overdue: number };

const statuses = ['submitted', 'received', 'accepted', 'registered', 'rejected', 'declined', 'withdrawn'] as const;

const sum = (rows: readonly CountersRow[]): Counts =>
  Object.fromEntries(
    statuses.map((status) => [status, rows.reduce((total, row) => total + Number(row[status]), 0)]),
  ) as Counts;

/** Codes of an office and all that report to it. */
const subtree = (deps: Deps, code: string): readonly string[] => [
  code,
  ...deps.offices.children(code).flatMap((office) => subtree(deps, office.code)),
];

const overdueOf = async (deps: Deps, rows: readonly CountersRow[]): Promise<number> => {
  const busy = rows.filter((row) => openStatuses.some((status) => row[status] > 0));
  const counts = await Promise.all(busy.map((row) => countOverdue(deps, row.id)));
  return counts.reduce((total, count) => total + count, 0);
};

const numbers = async (deps: Deps, office: Office, codes: readonly string[], own: boolean): Promise<OfficeNumbers> => {
  const rows = (await deps.viewStore.get('counters', codes)) as readonly CountersRow[];
  return { office, own, counts: sum(rows), overdue: await overdueOf(deps, rows) };
};

/** The numbers of an office itself and of each office that reports to it with all below (S1, for what is open now). */
export const overviewOf = async (deps: Deps, code: string): Promise<readonly OfficeNumbers[]> => {
  const office = deps.offices.find(code);
  if (office === undefined) return [];
  const below = deps.offices.children(code).map((child) => numbers(deps, child, subtree(deps, child.code), false));
  return Promise.all([numbers(deps, office, [code], true), ...below]);
};
