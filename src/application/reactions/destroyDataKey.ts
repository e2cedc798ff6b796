import type { AccessRecordsErased } from '#domain/access/eraseRecords.ts';
import type { ScanRemoved } from '#domain/registration/events.ts';
import { finishAccountErasure } from '../eraseAccount.ts';
import { finishErasure } from '../eraseRegistration.ts';
import type { Handling } from '../handleCommand.ts';
import type { ScanStore } from '../ports.ts';
import type { Reaction } from '../runReactions.ts';

const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** On an erasure, destroys the data key and deletes the scans, wherever the process stopped that was to do it (PIPL art. 47). */
export const destroyDataKey = (deps: Handling & { scanStore: ScanStore }): Reaction => ({
  name: 'destroyDataKey',
  on: {
    RegistrationErased: async ({ stream }) => {
      await finishErasure(deps, idIn(stream));
    },
    ScanRemoved: ({ data }) => deps.scanStore.delete((data as ScanRemoved['data']).scan),
    AccountErased: async ({ stream }) => {
      await finishAccountErasure(deps, idIn(stream));
    },
    AccessRecordsErased: async ({ data }) => deps.dataKeys.destroy((data as AccessRecordsErased['data']).key),
  },
});
