import { type InboxFilter, inboxStatuses } from '#application/staffQueries.ts';

/** What the address of a workbench says: the tab, its filters, and the cursors that lead to the page shown. */
export type Asked = {
  tab: InboxFilter['status'];
  due: InboxFilter['due'];
  handler: 'mine' | 'nobody' | undefined;
  parity: number | undefined;
  flagged: boolean;
  /** Cursors of the pages before and of this one, the oldest first; none on the first page. */
  trail: readonly string[];
};

const dues = ['overdue', 'today', 'later'] as const;
const handlers = ['mine', 'nobody'] as const;
const longestTrail = 60;

const oneOf = <T extends string>(choices: readonly T[], value: unknown): T | undefined =>
  choices.find((choice) => choice === value);

/** Reads the address; what it does not understand is left out. */
export const askedOf = (query: Readonly<Record<string, unknown>>): Asked => ({
  tab: oneOf(inboxStatuses, query['tab']) ?? 'submitted',
  due: oneOf(dues, query['due']),
  handler: oneOf(handlers, query['handler']),
  parity: query['parity'] === '1' || query['parity'] === '2' ? Number(query['parity']) : undefined,
  flagged: query['flagged'] === '1',
  trail: typeof query['at'] === 'string' && query['at'] !== '' ? query['at'].split('.').slice(0, longestTrail) : [],
});

/** The address that asks so, under a path. */
export const addressOf = (path: string, asked: Partial<Asked>): string => {
  const query = new URLSearchParams({
    ...(asked.tab === undefined || asked.tab === 'submitted' ? {} : { tab: asked.tab }),
    ...(asked.due && { due: asked.due }),
    ...(asked.handler && { handler: asked.handler }),
    ...(asked.parity && { parity: String(asked.parity) }),
    ...(asked.flagged && { flagged: '1' }),
    ...(asked.trail?.length && { at: asked.trail.join('.') }),
  });
  return query.size === 0 ? path : `${path}?${query}`;
};

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
