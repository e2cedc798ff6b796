import { dayInShanghai } from '#domain/calendar/day.ts';
import type { AnyEvent } from './projection.ts';

/**
 * How often personal data were looked at. `opened`: single registrations and certificates; `other`: of them outside
 * one's own task; `listed`: other offices' registrations; `staffData`: accounts and lists of people; `passwords`: slips.
 */
export type AccessTally = {
  opened: number;
  other: number;
  searched: number;
  listed: number;
  staffData: number;
  passwords: number;
  printed: number;
  exported: number;
  self: number;
};

type Counted = { subject: { kind: string }; what: string; task: string; self?: true };
type Staff = { account: string; office: string };

const none: AccessTally = {
  opened: 0,
  other: 0,
  searched: 0,
  listed: 0,
  staffData: 0,
  passwords: 0,
  printed: 0,
  exported: 0,
  self: 0,
};
const single: ReadonlySet<string> = new Set(['opened', 'history', 'lookedUp', 'scanOpened']);

/** The staff who made a look; undefined where someone else did. */
export const lookerOf = ({ meta }: AnyEvent): Staff | undefined => {
  const actor = meta['actor'] as ({ kind: string } & Staff) | undefined;
  return actor?.kind === 'staff' ? actor : undefined;
};

/** The legal day and the hour of the day (0 to 23) of an event in Guizhou. */
export const timeOf = ({ meta }: AnyEvent): { day: string; hour: number } => {
  const at = Date.parse(String(meta['at']));
  return { day: dayInShanghai(at), hour: (new Date(at).getUTCHours() + 8) % 24 };
};

/** Under which number a look counts: accounts and organisations are looked at for their staff, all else for citizens. */
const memberOf = ({ subject: { kind }, what, task }: Counted): keyof AccessTally => {
  const ofStaff = kind === 'account' || kind === 'organisation';
  if (single.has(what)) return ofStaff ? 'staffData' : 'opened';
  if (what === 'listed' && task === 'own') return 'staffData';
  return what === 'printed' && ofStaff ? 'passwords' : (what as keyof AccessTally);
};

/** A tally with one more look. */
export const tallied = (before: Partial<AccessTally> = {}, { data }: AnyEvent): AccessTally => {
  const look = data as unknown as Counted;
  const kind = memberOf(look);
  const now = Object.fromEntries(
    Object.entries(none).map(([name, zero]) => [name, before[name as keyof AccessTally] ?? zero]),
  );
  const { [kind]: count = 0, other = 0, self = 0 } = now;
  return {
    ...(now as AccessTally),
    [kind]: count + 1,
    other: other + (kind === 'opened' && look.task === 'other' ? 1 : 0),
    self: self + (look.self ? 1 : 0),
  };
};
