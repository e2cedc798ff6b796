import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from '#application/deps.ts';
import type { Clock } from '#application/ports.ts';
import { calendars, loadCalendar, loadLocalDays } from '#infrastructure/calendar/holidays.ts';
import { uuids } from '#infrastructure/ids.ts';
import { certificateCodes } from '#infrastructure/sealing/certificateCode.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import type { Stores } from './stores.ts';

/** What differs from one composition to another. */
export type Surroundings = Pick<
  Deps,
  | 'divisions'
  | 'offices'
  | 'staff'
  | 'signIn'
  | 'identity'
  | 'population'
  | 'documents'
  | 'publicUrl'
  | 'demo'
  | 'awaitViews'
  | 'observe'
> & {
  dataDir: string;
  clock: Clock;
};

/** The application's dependencies over opened stores, with the real calendar. */
export const platformDeps = async (stores: Stores, { dataDir, ...surroundings }: Surroundings): Promise<Deps> => {
  const { keys, logKeys, eventStore, viewStore, transientStore, dataKeys } = stores;
  return {
    eventStore,
    viewStore,
    transientStore,
    dataKeys,
    sealing: createSealing(keys, dataKeys),
    certificateCodes: await certificateCodes(keys),
    checkpointKeys: checkpointKeys(logKeys),
    ids: uuids(surroundings.clock),
    randomBytes,
    wait: (ms) => wait(ms),
    calendarOf: calendars(loadCalendar(dataDir), loadLocalDays(dataDir)),
    ...surroundings,
  };
};
