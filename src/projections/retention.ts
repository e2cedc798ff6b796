import type { AccountEvent } from '#domain/account/events.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import type { EndedStatus } from '#domain/calendar/retention.ts';
import { type Occurred, projection } from './projection.ts';
import { registrationOf, type Stored, type StoredEvent } from './stored.ts';

/**
 * A registration that ended, or an account of staff that was closed (`account-<account>`), by the day of the last act on
 * it; `erased` and `accountErased` once its personal data were given up.
 */
export type RetentionRow = { id: string; standing: KeptStanding | ErasedStanding; lastActOn: string };

/** What ends in one way, and is to be erased when its time is over. */
export type KeptStanding = EndedStatus | 'closed';
export type ErasedStanding = 'erased' | 'accountErased';

type StoredEnding = StoredEvent | Stored<AccountEvent>;

const accountPrefix = 'account-';

const keysOf = (event: { stream: string }): readonly string[] =>
  event.stream.startsWith(accountPrefix) ? [event.stream] : registrationOf(event);

const stands =
  (standing: RetentionRow['standing']) =>
  (_: RetentionRow | undefined, { meta }: Occurred<StoredEnding>, id: string): RetentionRow => ({
    id,
    standing,
    lastActOn: dayInShanghai(Date.parse(String(meta['at']))),
  });

/** What is kept since when: where those are found whose time is over (PIPL art. 47). */
export const retention = projection<StoredEnding, RetentionRow>({
  name: 'retention',
  indexes: { kept: ['standing', 'lastActOn'] },
  keysOf,
  on: {
    Registered: stands('registered'),
    Rejected: stands('rejected'),
    Declined: stands('declined'),
    Withdrawn: stands('withdrawn'),
    CorrectionProposed: stands('registered'),
    CorrectionDismissed: stands('registered'),
    Corrected: stands('registered'),
    Revoked: stands('revoked'),
    RegistrationErased: stands('erased'),
    AccountClosed: stands('closed'),
    AccountErased: stands('accountErased'),
  },
});
