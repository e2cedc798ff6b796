import { setTimeout as wait } from 'node:timers/promises';
import { viewProgress } from '#application/awaitViews.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import type { Clock } from '#application/ports.ts';
import { runProjections } from '#application/runProjections.ts';
import { upcast } from '#application/upcast.ts';
import { httpIdentityCheck } from '#infrastructure/identity/httpIdentityCheck.ts';
import { uuids } from '#infrastructure/ids.ts';
import { hashPassword } from '#infrastructure/passwords.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { account } from '#projections/account.ts';
import { organisation } from '#projections/organisation.ts';
import { openStores, type StorePlaces } from '../stores.ts';
import type { FirstAdmin } from './makeFirstAdmin.ts';
import { OperationError, opening, tell } from './program.ts';

const checkBoundMs = 10_000;
const viewsBoundMs = 120_000;

const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false });
const silent = {
  warn: (line: object) => tell(JSON.stringify(line)),
  error: (line: object) => tell(JSON.stringify(line)),
};

/** Where the first admin is to be made, and the register that they are checked against. */
export type FirstAdminPlaces = { places: StorePlaces; identityUrl: string; clock: Clock };

/** Opens the stores, carries the two views that are needed, and does the work over them. */
export const overStores = async (
  { places, identityUrl, clock }: FirstAdminPlaces,
  work: (deps: FirstAdmin) => Promise<void>,
): Promise<void> => {
  const stores = await opening(openStores(places));
  const { eventStore, viewStore, dataKeys, keys } = stores;
  const elsewhere = { carried: () => true, checkpoint: (view: string) => viewStore.checkpoint({ view }) };
  const progress = viewProgress(pause, viewsBoundMs, elsewhere);
  const running = { eventStore, viewStore, upcast, wait: pause, log: silent };
  const views = runProjections({ ...running, projections: [organisation, account], onProgress: progress.moved });
  const offices = await openOfficeDirectory({ viewStore, wait: pause });
  const caughtUp = async () => {
    if (!(await progress.until(['organisation', 'account'], await eventStore.lastPosition()))) {
      throw new OperationError('视图没有及时更新，请重新运行。 The views did not come along in time; run it again.');
    }
    await offices.refresh();
  };
  try {
    const identity = httpIdentityCheck({ identityUrl, timeoutMs: checkBoundMs });
    const sealing = createSealing(keys, dataKeys);
    const ids = uuids(clock);
    await work({
      eventStore,
      viewStore,
      dataKeys,
      sealing,
      clock,
      offices,
      ids,
      identity,
      hashPassword,
      caughtUp,
    });
  } finally {
    offices.stop();
    await views.stop();
    await stores.close();
  }
};
