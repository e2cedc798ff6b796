import type { StoredRow } from '#application/ports.ts';
import type { Services } from '#application/services.ts';
import { addDays } from '#domain/calendar/day.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import type { InboxRow } from '#projections/inbox.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { SearchRow } from '#projections/search.ts';
import { coupleOf } from './couples.ts';

/** One registration as the four views of it keep it. */
export type ViewRows = { inbox: StoredRow; registration: StoredRow; search: StoredRow; queryCode: StoredRow };

type Status = InboxRow['status'];

// Of a hundred registrations of a year's end: a few open, most long since registered.
const statusOf = (n: number): Status => {
  const share = n % 100;
  if (share < 20) return 'submitted';
  if (share < 24) return 'received';
  if (share < 30) return 'accepted';
  if (share < 36) return 'rejected';
  if (share < 38) return 'declined';
  return share < 40 ? 'withdrawn' : 'registered';
};

/** So many of each office are due before all others, and have a data key of their own: more than the pages measured show. */
export const firstToShow = 200;

const dueIn = (nth: number): number => (nth < firstToShow ? (nth % 12) - 1 : 12 + (nth % 200));

/** Makes rows as the projections would, registration by registration, spread over so many villages' offices. */
export const rowMaker = ({ deps }: Services, villages: readonly string[], today: string) => {
  const { sealing, dataKeys, ids } = deps;
  const key = (kind: string, text: string): string => sealing.lookupKey(kind, text);
  const shared = dataKeys.next();
  const sealedFor = async (id: string, n: number): Promise<string> => {
    const dataKey = n < firstToShow * villages.length ? await dataKeys.next() : await shared;
    return sealing.seal(dataKey, { data: coupleOf(villages[n % villages.length] ?? '', n) }, `registration-${id}`);
  };
  return async (n: number): Promise<ViewRows> => {
    const village = villages[n % villages.length] ?? '';
    const nth = Math.floor(n / villages.length);
    const [id, office, couple] = [ids(), village.slice(0, 9), coupleOf(village, n)];
    const status = statusOf(nth);
    const dueOn = addDays(today, status === 'submitted' ? dueIn(nth) : -(nth % 300));
    const submittedAt = `${addDays(dueOn, -1)}T02:00:00.000Z`;
    const personal = await sealedFor(id, n);
    const open = { id, office, status, parity: 1, personal, submittedAt };
    const inbox: InboxRow = {
      ...open,
      dueOn,
      handler: status === 'submitted' ? '' : `h${n % 3}`,
      flags: n % 9 ? 0 : 1,
    };
    const registration: RegistrationRow = {
      ...open,
      revision: 0,
      declaredPlace: office,
      submittedOn: addDays(dueOn, -1),
      reviewDueOn: dueOn,
      outcomeDueOn: addDays(dueOn, 1),
      flags: [],
    };
    const search: SearchRow = {
      id,
      office,
      wifeName: key('name', couple.wife.name),
      wifeIdNumber: key('idNumber', couple.wife.idNumber),
      husbandName: key('name', couple.husband.name),
      husbandIdNumber: key('idNumber', couple.husband.idNumber),
    };
    const code = key('queryCode', queryCodeFrom(sealing.queryCodeBytes(id)));
    const stored = (row: { id: string }): StoredRow => ({ id: row.id, position: 1, row });
    return {
      inbox: stored(inbox),
      registration: stored(registration),
      search: stored(search),
      queryCode: stored({ id: code, registrationId: id } as { id: string }),
    };
  };
};
