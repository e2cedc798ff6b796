import { projection } from './projection.ts';
import { idOf, type StoredEvent } from './stored.ts';

/** Which registration a query code (its keyed hash) opens. Written once, and gone once the registration is erased. */
export type QueryCodeRow = { id: string; registrationId: string };

/** Look-up by query code (R3, R4). */
export const queryCode = projection<StoredEvent, QueryCodeRow>({
  name: 'queryCode',
  indexes: {},
  keysOf: (event) =>
    event.type === 'Submitted' || event.type === 'RegistrationErased' ? [event.data.lookup.queryCode] : [],
  on: {
    Submitted: (_, event) => ({ id: event.data.lookup.queryCode, registrationId: idOf(event) }),
    RegistrationErased: () => undefined,
  },
});
