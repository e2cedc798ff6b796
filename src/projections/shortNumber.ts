import { projection } from './projection.ts';
import { registrationOf, type StoredEvent } from './stored.ts';

/** Which registrations' ids end in a short number; more than one is rare, yet happens. */
export type ShortNumberRow = { id: string; registrations: readonly string[] };

/** The end of a registration's id, by which pages name it: short enough to be said on the phone. */
export const shortNumberOf = (id: string): string => id.slice(-8);

/** Look-up by short number, for whoever reads audit trails (S6); it holds no data of the couple and outlives them. */
export const shortNumber = projection<StoredEvent, ShortNumberRow>({
  name: 'shortNumber',
  indexes: {},
  keysOf: (event) => (event.type === 'Submitted' ? registrationOf(event).map(shortNumberOf) : []),
  on: {
    Submitted: (row, event, id) => ({ id, registrations: [...(row?.registrations ?? []), ...registrationOf(event)] }),
  },
});
