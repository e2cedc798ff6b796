import type { AccessRecordsErased } from '#domain/access/eraseRecords.ts';
import { finishErasure } from '../eraseRegistration.ts';
import type { Handling } from '../handleCommand.ts';
import type { Reaction } from '../runReactions.ts';

const prefix = 'registration-';

/** On an erasure, destroys the data key, wherever the process stopped that was to do it (PIPL art. 47). */
export const destroyDataKey = (deps: Handling): Reaction => ({
  name: 'destroyDataKey',
  on: {
    RegistrationErased: async ({ stream }) => {
      await finishErasure(deps, stream.slice(prefix.length));
    },
    AccessRecordsErased: async ({ data }) => deps.dataKeys.destroy((data as AccessRecordsErased['data']).key),
  },
});
