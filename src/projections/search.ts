import type { Amended, Submitted } from '#domain/registration/events.ts';
import { type Occurred, projection } from './projection.ts';
import { idOf, registrationOf, type Stored, type StoredEvent } from './stored.ts';

/** The keyed hashes by which a registration is found, and its office to bound a search by. */
export type SearchRow = {
  id: string;
  office: string;
  wifeName: string;
  wifeIdNumber: string;
  husbandName: string;
  husbandIdNumber: string;
};

const keysFrom = (event: Occurred<Stored<Submitted | Amended>>): SearchRow => {
  const { wifeName, wifeIdNumber, husbandName, husbandIdNumber } = event.data.lookup;
  return { id: idOf(event), office: event.data.office, wifeName, wifeIdNumber, husbandName, husbandIdNumber };
};

/** Search by name or ID number of either spouse within a subtree of offices. */
export const search = projection<StoredEvent, SearchRow>({
  name: 'search',
  indexes: {
    wifeName: ['wifeName', 'office'],
    wifeIdNumber: ['wifeIdNumber', 'office'],
    husbandName: ['husbandName', 'office'],
    husbandIdNumber: ['husbandIdNumber', 'office'],
  },
  keysOf: registrationOf,
  on: {
    Submitted: (_, event) => keysFrom(event),
    Amended: (_, event) => keysFrom(event),
    Redirected: (row, { data }) => row && { ...row, office: data.office },
  },
});
