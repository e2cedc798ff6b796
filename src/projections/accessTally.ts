import { dayInShanghai } from '#domain/calendar/day.ts';
import type { AnyEvent } from './projection.ts';

/** How often personal data were looked at. `opened`: single records; `other`: of them outside one's own task. */
export type AccessTally = {
  opened: number;
  other: number;
  searched: number;
  listed: number;
  printed: number;
  exported: number;
  self: number;
};

type Counted = { what: string; task: string; self?: true };
type Staff = { account: string; office: string };

const none: AccessTally = { opened: 0, other: 0, searched: 0, listed: 0, printed: 0, exported: 0, self: 0 };
const single: ReadonlySet<string> = new Set(['opened', 'history', 'lookedUp']);

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

/** A tally with one more look. */
export const tallied = (before: Partial<AccessTally> = {}, { data }: AnyEvent): AccessTally => {
  const { what, task, self } = data as unknown as Counted;
  const kind = single.has(what) ? 'opened' : (what as keyof AccessTally);
  const { opened, other, searched, listed, printed, exported, self: selves } = { ...none, ...before };
  const now = { opened, other, searched, listed, printed, exported, self: selves };
  return {
    ...now,
    [kind]: now[kind] + 1,
    other: now.other + (task === 'other' && single.has(what) ? 1 : 0),
    self: now.self + (self ? 1 : 0),
  };
};
