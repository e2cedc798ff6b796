import type { MadeStatus } from '../registration/events.ts';
import { addYears, compareDays, type Day } from './day.ts';

/** Where a registration can have ended. */
export type EndedStatus = Exclude<MadeStatus, 'submitted' | 'received' | 'accepted'>;

/** How many years an ended registration's personal data are kept, counted from the last act on it (R11; PIPL art. 19, 47). */
export type Retention = {
  readonly id: string;
  readonly effectiveFrom: Day;
  readonly clause: string;
  readonly years: { readonly [S in EndedStatus]: number };
  /** For the person behind an account of staff, from its closing on. */
  readonly accountYears: number;
  /** For what identifies people in records of who looked at personal data (S6), from the record on. */
  readonly accessYears: number;
};

/** Every retention there was, oldest first; a new one is one more entry. */
export const retentions: readonly Retention[] = [
  {
    id: 'retention-1',
    // Ours from the first day on; since 2021-11-01 the Personal Information Protection Law asks for one.
    effectiveFrom: '2016-07-11',
    clause: '个人信息保护法 §19 §47 §56',
    // Ten years is the shorter fixed term for files of licensing. A decision can be sued over for five years at most
    // (Administrative Litigation Law art. 46). A withdrawal leaves nothing to decide on, only the question of misuse.
    years: { registered: 10, revoked: 10, rejected: 5, declined: 5, withdrawn: 1 },
    // Whoever decided answers for it by name as long as the decision can be sued over; later the account's name is enough.
    accountYears: 5,
    // Records of handling are to be kept for three years at least (PIPL art. 56).
    accessYears: 3,
  },
];

/**
 * The retention in force on a day: it judges what is kept on that day, older registrations too. Throws for a day before
 * the first one.
 */
export const retentionOn = (day: Day, among: readonly Retention[] = retentions): Retention => {
  const [newest] = among
    .filter((retention) => retention.effectiveFrom <= day)
    .sort((a, b) => compareDays(b.effectiveFrom, a.effectiveFrom));
  if (newest === undefined) throw new RangeError(`No retention was in force on ${day}; check the clock`);
  return newest;
};

/** The last day on which what ended so, with its last act on `lastActOn`, is kept; it may be erased from the next day on. */
export const keptUntil = ({ years }: Retention, status: EndedStatus, lastActOn: Day): Day =>
  addYears(lastActOn, years[status]);

/** The last day on which the person behind an account is kept that was closed on a day. */
export const accountKeptUntil = ({ accountYears }: Retention, closedOn: Day): Day => addYears(closedOn, accountYears);

/** The last day on which the access records of a data key keep what identifies people, its last record being of `lastOn`. */
export const accessKeptUntil = ({ accessYears }: Retention, lastOn: Day): Day => addYears(lastOn, accessYears);
