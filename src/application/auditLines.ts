import { maskIdNumber, maskName } from '#domain/people/mask.ts';
import type { TrailRow } from '#projections/trail.ts';
import type { Deps } from './deps.ts';
import type { ViewQuery } from './ports.ts';
import { nameOf } from './staffView.ts';

/** One line of the trail, opened: who, from which address, why, and what was searched for, that one masked. */
export type TrailLine = {
  row: TrailRow;
  name: string | undefined;
  address: string | undefined;
  reason: string | undefined;
  searched: string | undefined;
};

/** What narrows a trail. `kind`: acts, looks of one sort, or comings and goings; days are inclusive. */
export type TrailFilter = {
  kind?: TrailKind;
  from?: string;
  to?: string;
  account?: string;
  /** Only what was not their own task. */
  other?: boolean;
  after?: string;
};

export const trailKinds = ['acts', 'opened', 'printed', 'exported', 'searched', 'listed', 'signIns', 'trail'] as const;
export type TrailKind = (typeof trailKinds)[number];

export type TrailPage = { lines: readonly TrailLine[]; next: string | undefined };

/** Lines looked at for one page at most: what no index narrows is sought among so many, then further behind the cursor. */
const mostScanned = 20_000;
/** Lines read in one step at most, but for a page that is longer itself. */
const mostAtOnce = 1000;
const signIns: ReadonlySet<string> = new Set(['SignedIn', 'SignedOut', 'SignInRefused', 'SessionRevoked']);
const single: ReadonlySet<string> = new Set(['opened', 'history', 'lookedUp', 'scanOpened']);

const isKind = (kind: TrailKind, { type, what = '' }: TrailRow): boolean => {
  switch (kind) {
    case 'acts':
      return !signIns.has(type) && type !== 'PersonalDataViewed' && type !== 'AuditTrailRead';
    case 'signIns':
      return signIns.has(type);
    case 'trail':
      return type === 'AuditTrailRead';
    case 'opened':
      return type === 'PersonalDataViewed' && single.has(what);
    case 'printed':
    case 'exported':
    case 'searched':
    case 'listed':
      return type === 'PersonalDataViewed' && what === kind;
  }
};

const matches = (filter: TrailFilter, office: string | undefined) => (row: TrailRow) =>
  (office === undefined || row.office === office) &&
  (filter.kind === undefined || isKind(filter.kind, row)) &&
  (filter.account === undefined || row.account === filter.account) &&
  (filter.other !== true || row.task === 'other');

/** The instant (UTC ISO 8601) at which a legal day begins in Guizhou. */
const beginningOf = (day: string, later = 0): string =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + later * 86_400_000).toISOString();

/** The first and the last moment of a filter's days, as bounds of an index. */
const boundsOf = ({ from, to }: TrailFilter) => ({
  ...(from === undefined ? {} : { from: beginningOf(from) }),
  ...(to === undefined ? {} : { before: beginningOf(to, 1) }),
});

const masked = (text: string): string => (/^\d{17}[\dXx]$/.test(text) ? maskIdNumber(text) : maskName(text));

type Names = ReadonlyMap<string | undefined, string | undefined>;

/** The names of all who act in these lines, each asked for once. */
const namesOf = async (deps: Deps, rows: readonly TrailRow[]): Promise<Names> => {
  const accounts = [...new Set(rows.map(({ actor }) => actor.account))];
  return new Map(await Promise.all(accounts.map(async (one) => [one, await nameOf(deps, one)] as const)));
};

const opened = async (deps: Deps, row: TrailRow, names: Names): Promise<TrailLine> => {
  const personal = (row.personal && (await deps.sealing.open(row.personal, row.stream))) as
    | { address?: string; reason?: string; searched?: string }
    | undefined;
  return {
    row,
    name: names.get(row.actor.account),
    address: personal?.address,
    reason: personal?.reason,
    searched: personal?.searched === undefined ? undefined : masked(personal.searched),
  };
};

/** Whose lines: of a record, of an account, or of an office's people. */
export type TrailOf = { subject: string } | { account: string } | { office: string };

/** The index that leaves out most of what a filter does not let through. */
const indexFor = (of: TrailOf, { account, other }: TrailFilter): Pick<ViewQuery, 'index' | 'equals'> => {
  if ('subject' in of) return { index: 'subject', equals: [of.subject] };
  if ('account' in of) return { index: 'account', equals: [of.account] };
  if (account !== undefined) return { index: 'account', equals: [account] };
  return other ? { index: 'officeTask', equals: [of.office, 'other'] } : { index: 'office', equals: [of.office] };
};

/**
 * The newest lines first, so many of those that a filter lets through; more behind `next`. What is rare is sought in ever
 * larger steps; where a step holds more than fit, it is taken again in a size that does.
 */
export const trailPage = async (deps: Deps, of: TrailOf, filter: TrailFilter, most: number): Promise<TrailPage> => {
  const rows: TrailRow[] = [];
  const isWanted = matches(filter, 'office' in of ? of.office : undefined);
  const asked = { ...indexFor(of, filter), ...boundsOf(filter), descending: true };
  let { after } = filter;
  let limit = most;
  for (let scanned = 0; scanned < mostScanned && rows.length < most; ) {
    const page = await deps.viewStore.find('trail', { ...asked, limit, ...(after === undefined ? {} : { after }) });
    const wanted = (page.rows as readonly TrailRow[]).filter(isWanted);
    const left = most - rows.length;
    if (wanted.length > left) {
      limit = left;
      continue;
    }
    rows.push(...wanted);
    scanned += page.rows.length;
    after = page.next;
    limit = Math.max(left - wanted.length, Math.min(limit * 4, mostAtOnce));
    if (after === undefined) break;
  }
  const names = await namesOf(deps, rows);
  return { lines: await Promise.all(rows.map((row) => opened(deps, row, names))), next: after };
};
