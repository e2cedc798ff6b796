import type { CountersRow } from '#projections/counters.ts';
import type { Deps } from './deps.ts';
import { countOverdueIn, type OpenStatus, openStatuses } from './inboxCounts.ts';
import { officesBelow, type SubtreeLine, subtreeLines } from './offices.ts';

type Counts = Omit<CountersRow, 'id'>;

/** One line of an overview: an office with the sums over itself and all below it (S1). */
export type OfficeNumbers = Omit<SubtreeLine, 'codes'> & { counts: Counts; overdue: number };

const statuses = [
  'submitted',
  'received',
  'accepted',
  'registered',
  'rejected',
  'declined',
  'withdrawn',
  'revoked',
] as const;
/** A province has a thousand and a half offices: so many questions stand before the store at once, no more. */
const atOnce = 32;

const sum = (rows: readonly CountersRow[]): Counts =>
  Object.fromEntries(
    statuses.map((status) => [status, rows.reduce((total, row) => total + Number(row[status]), 0)]),
  ) as Counts;

type Busy = { office: string; status: OpenStatus };

/** How many are overdue at each office that has anything open, asked only where it has. */
const overdueAt = async (deps: Deps, rows: readonly CountersRow[]): Promise<ReadonlyMap<string, number>> => {
  const busy: readonly Busy[] = rows.flatMap((row) =>
    openStatuses.filter((status) => row[status] > 0).map((status) => ({ office: row.id, status })),
  );
  const counts = new Map<string, number>();
  for (let from = 0; from < busy.length; from += atOnce) {
    const asked = busy.slice(from, from + atOnce);
    const answers = await Promise.all(asked.map(({ office, status }) => countOverdueIn(deps, office, status)));
    for (const [n, { office }] of asked.entries()) counts.set(office, (counts.get(office) ?? 0) + (answers[n] ?? 0));
  }
  return counts;
};

/** The numbers of an office itself and of each office that reports to it with all below (S1, for what is open now). */
export const overviewOf = async (deps: Deps, code: string): Promise<readonly OfficeNumbers[]> => {
  const office = deps.offices.find(code);
  if (office === undefined) return [];
  const lines = subtreeLines(deps.offices, office, officesBelow(deps.offices, code));
  const rows = (await deps.viewStore.get(
    'counters',
    lines.flatMap(({ codes }) => codes),
  )) as readonly CountersRow[];
  const byOffice = new Map(rows.map((row) => [row.id, row]));
  const overdue = await overdueAt(deps, rows);
  return lines.map(({ codes, ...line }) => ({
    ...line,
    counts: sum(codes.flatMap((one) => byOffice.get(one) ?? [])),
    overdue: codes.reduce((total, one) => total + (overdue.get(one) ?? 0), 0),
  }));
};
