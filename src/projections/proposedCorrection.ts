import { projection } from './projection.ts';
import { atOf, idOf, registrationOf, type StoredEvent } from './stored.ts';

/** A correction that waits for a second person, by its registration; gone once it is decided. `personal` seals what it is. */
export type ProposedCorrectionRow = {
  id: string;
  office: string;
  proposedAt: string;
  proposedBy: string;
  changed: readonly string[];
  personal: string;
};

/** What waits at an office for someone else to look at (R10). */
export const proposedCorrection = projection<StoredEvent, ProposedCorrectionRow>({
  name: 'proposedCorrection',
  indexes: { waiting: ['office', 'proposedAt'] },
  keysOf: registrationOf,
  on: {
    CorrectionProposed: (_, event) => {
      const { office, proposedBy, changed, personal } = event.data;
      return { id: idOf(event), office, proposedAt: atOf(event), proposedBy, changed, personal };
    },
    CorrectionDismissed: () => undefined,
    Corrected: (row, { data }) => (data.correction === undefined ? row : undefined),
    Revoked: () => undefined,
    RegistrationErased: () => undefined,
  },
});
