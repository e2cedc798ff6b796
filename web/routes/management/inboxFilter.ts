import { type InboxFilter, inboxStatuses } from '#application/staffQueries.ts';
import { policies } from '#domain/calendar/policy.ts';
import { paritiesOf } from '../../parities.ts';

/** What the address of a workbench says: the tab, its filters, and the cursors that lead to the page shown. */
export type Asked = {
  tab: InboxFilter['status'];
  due: InboxFilter['due'];
  handler: 'mine' | 'nobody' | undefined;
  parity: number | undefined;
  flagged: boolean;
  /** Cursors of the pages before and of this one, the oldest first; none on the first page. */
  trail: readonly string[];
  /** Pages before those of the trail: an address holds only so many cursors. */
  passed: number;
};

const dues = ['overdue', 'today', 'later'] as const;
const handlers = ['mine', 'nobody'] as const;
const longestTrail = 60;

/** Which child a registration is for, under any policy there was (R11). */
export const parities: readonly number[] = paritiesOf({
  maxParity: Math.max(...policies.map(({ maxParity }) => maxParity)),
});

const oneOf = <T extends string>(choices: readonly T[], value: unknown): T | undefined =>
  choices.find((choice) => choice === value);

const trailOf = (at: unknown): readonly string[] =>
  typeof at === 'string' && at !== '' ? at.split('.').slice(-longestTrail) : [];

/** Reads the address; what it does not understand is left out. */
export const askedOf = (query: Readonly<Record<string, unknown>>): Asked => ({
  tab: oneOf(inboxStatuses, query['tab']) ?? 'submitted',
  due: oneOf(dues, query['due']),
  handler: oneOf(handlers, query['handler']),
  parity: parities.find((parity) => String(parity) === query['parity']),
  flagged: query['flagged'] === '1',
  trail: trailOf(query['at']),
  passed: /^\d{1,6}$/.test(String(query['passed'])) ? Number(query['passed']) : 0,
});

/** The address that asks so, under a path. */
export const addressOf = (path: string, asked: Partial<Asked>): string => {
  const { trail = [] } = asked;
  const passed = (asked.passed ?? 0) + Math.max(0, trail.length - longestTrail);
  const query = new URLSearchParams({
    ...(asked.tab === undefined || asked.tab === 'submitted' ? {} : { tab: asked.tab }),
    ...(asked.due && { due: asked.due }),
    ...(asked.handler && { handler: asked.handler }),
    ...(asked.parity && { parity: String(asked.parity) }),
    ...(asked.flagged && { flagged: '1' }),
    ...(trail.length > 0 && { at: trail.slice(-longestTrail).join('.') }),
    ...(trail.length > 0 && passed > 0 && { passed: String(passed) }),
  });
  return query.size === 0 ? path : `${path}?${query}`;
};

/** Which page of its tab is asked for, from 1. */
export const pageNumber = ({ trail, passed }: Asked): number => (trail.length === 0 ? 1 : passed + trail.length + 1);

/** Whether anything narrows the tab. */
export const isNarrowed = ({ due, handler, parity, flagged }: Asked): boolean =>
  due !== undefined || handler !== undefined || parity !== undefined || flagged;

/** The same as the application asks it. */
export const filterOf = (asked: Asked, account: string): InboxFilter => {
  const after = asked.trail.at(-1);
  return {
    status: asked.tab,
    ...(asked.due && { due: asked.due }),
    ...(asked.handler && { handler: asked.handler === 'mine' ? account : '' }),
    ...(asked.parity && { parity: asked.parity }),
    ...(asked.flagged && { flagged: true }),
    ...(after !== undefined && { after }),
  };
};
