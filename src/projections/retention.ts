import { dayInShanghai } from '#domain/calendar/day.ts';
import type { EndedStatus } from '#domain/calendar/retention.ts';
import { type Occurred, projection } from './projection.ts';
import { atOf, idOf, registrationOf, type StoredEvent } from './stored.ts';

/** A registration that ended, by the day of the last act on it; `erased` once its personal data were given up. */
export type RetentionRow = { id: string; standing: EndedStatus | 'erased'; lastActOn: string };

const stands = (standing: RetentionRow['standing']) => (_: RetentionRow | undefined, event: Occurred<StoredEvent>) => ({
  id: idOf(event),
  standing,
  lastActOn: dayInShanghai(Date.parse(atOf(event))),
});

/** What is kept since when: where those are found whose time is over (PIPL art. 47). */
export const retention = projection<StoredEvent, RetentionRow>({
  name: 'retention',
  indexes: { kept: ['standing', 'lastActOn'] },
  keysOf: registrationOf,
  on: {
    Registered: stands('registered'),
    Rejected: stands('rejected'),
    Declined: stands('declined'),
    Withdrawn: stands('withdrawn'),
    RegistrationErased: stands('erased'),
  },
});
