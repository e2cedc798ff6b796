import { dayInShanghai } from '#domain/calendar/day.ts';
import type { CountersRow } from '#projections/counters.ts';
import type { Deps } from './deps.ts';

/** The statuses in which an office still has something to do. */
export const openStatuses = ['submitted', 'received', 'accepted'] as const;

export type OpenStatus = (typeof openStatuses)[number];

export const isOpen = (status: string): boolean => (openStatuses as readonly string[]).includes(status);

/** Overdue registrations of one tab are counted no further. */
const mostOverdue = 100;

/** How many registrations of one tab of an office are past their due day, at most 100. */
export const countOverdueIn = (deps: Deps, office: string, status: OpenStatus): Promise<number> => {
  const before = dayInShanghai(deps.clock());
  return deps.viewStore.count('inbox', { index: 'due', equals: [office, status], before, limit: mostOverdue });
};

/** How many open registrations of an office are past their due day (at most 100 of each status). */
export const countOverdue = async (deps: Deps, office: string): Promise<number> => {
  const counts = await Promise.all(openStatuses.map((status) => countOverdueIn(deps, office, status)));
  return counts.reduce((sum, count) => sum + count, 0);
};

/** The counts of all tabs of an office; undefined where nothing ever came. */
export const countersOf = async (deps: Deps, office: string): Promise<CountersRow | undefined> => {
  const [row] = await deps.viewStore.get('counters', [office]);
  return row as CountersRow | undefined;
};
