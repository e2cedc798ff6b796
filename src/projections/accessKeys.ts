import type { AccessRecordsErased } from '#domain/access/eraseRecords.ts';
import type { AccessEvent } from '#domain/access/events.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** A data key that access records are sealed with, and the day of its last record; `erased` once it was destroyed. */
export type AccessKeyRow = { id: string; standing: 'kept' | 'erased'; lastOn: string };

type Access = Stored<AccessEvent>;

/** A sealed text begins with its form and the id of its data key. */
const sealedUnder = /^s\d+\.([\w-]+)\./;

const recorded = (row: AccessKeyRow | undefined, { meta }: Occurred<Access>, id: string): AccessKeyRow => {
  const on = dayInShanghai(Date.parse(String(meta['at'])));
  return { id, standing: row?.standing ?? 'kept', lastOn: row === undefined || row.lastOn < on ? on : row.lastOn };
};

/** Which data keys seal access records, and until when they are needed (S6; PIPL art. 47). */
export const accessKeys = projection<Access | AccessRecordsErased, AccessKeyRow>({
  name: 'accessKeys',
  indexes: { kept: ['standing', 'lastOn'] },
  keysOf: (event) => {
    if (event.type === 'AccessRecordsErased') return [event.data.key];
    const [, key] = sealedUnder.exec(event.data.personal) ?? [];
    return key === undefined ? [] : [key];
  },
  on: {
    PersonalDataViewed: recorded,
    AuditTrailRead: recorded,
    SignedIn: recorded,
    SignedOut: recorded,
    SignInRefused: recorded,
    SessionRevoked: recorded,
    AccessRecordsErased: (_, { data }) => ({ id: data.key, standing: 'erased', lastOn: data.lastOn }),
  },
});
