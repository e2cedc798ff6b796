import type { Amended, Corrected, Redirected, Submitted } from '#domain/registration/events.ts';
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
  /** Offices that passed it on (R10), the first first; absent where none did, which keeps the row out of `…PassedOn`. */
  passedFrom?: readonly string[];
  firstFrom?: string;
};

const keysFrom = (event: Occurred<Stored<Submitted | Amended | Corrected>>): SearchRow => {
  const { wifeName, wifeIdNumber, husbandName, husbandIdNumber } = event.data.lookup;
  return { id: idOf(event), office: event.data.office, wifeName, wifeIdNumber, husbandName, husbandIdNumber };
};

const redirected = (row: SearchRow, { data }: Occurred<Stored<Redirected>>): SearchRow => {
  const { office, fromOffice } = data;
  const passedFrom = [...(row.passedFrom ?? []), fromOffice];
  return { ...row, office, passedFrom, firstFrom: row.firstFrom ?? fromOffice };
};

/** Search by name or ID number of either spouse within a subtree of offices, and of what was passed on from there. */
export const search = projection<StoredEvent, SearchRow>({
  name: 'search',
  indexes: {
    wifeName: ['wifeName', 'office'],
    wifeIdNumber: ['wifeIdNumber', 'office'],
    husbandName: ['husbandName', 'office'],
    husbandIdNumber: ['husbandIdNumber', 'office'],
    wifeNamePassedOn: ['wifeName', 'firstFrom'],
    wifeIdNumberPassedOn: ['wifeIdNumber', 'firstFrom'],
    husbandNamePassedOn: ['husbandName', 'firstFrom'],
    husbandIdNumberPassedOn: ['husbandIdNumber', 'firstFrom'],
  },
  keysOf: registrationOf,
  on: {
    Submitted: (_, event) => keysFrom(event),
    Amended: (row, event) => ({ ...row, ...keysFrom(event) }),
    Corrected: (row, event) => ({ ...row, ...keysFrom(event) }),
    Redirected: (row, event) => row && redirected(row, event),
    RegistrationErased: () => undefined,
  },
});
