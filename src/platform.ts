import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from '#application/deps.ts';
import type { Clock, DataKeys, EventStore, TransientStore, ViewStore } from '#application/ports.ts';
import { calendars, loadCalendar, loadLocalDays } from '#infrastructure/calendar/holidays.ts';
import { uuids } from '#infrastructure/ids.ts';
import { certificateCodes } from '#infrastructure/sealing/certificateCode.ts';
import { type Keys, loadKeys } from '#infrastructure/sealing/keys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { openDataKeys } from '#infrastructure/sqlite/dataKeys.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { projections } from '#projections/index.ts';

/** The opened stores and keys of one data directory. */
export type Stores = {
  keys: Keys;
  eventStore: EventStore;
  viewStore: ViewStore;
  transientStore: TransientStore;
  dataKeys: DataKeys;
  close: () => Promise<void>;
};

/** Opens, and on the first start makes, everything below a data directory. */
export const openStores = async (directory: string): Promise<Stores> => {
  const keys = loadKeys(directory);
  const eventStore = await openEventStore({ directory });
  const viewStore = await openViewStore({ directory });
  await viewStore.prepare(projections);
  const transientStore = await openTransientStore({ directory });
  const dataKeys = await openDataKeys({ directory, master: keys.master });
  const close = async () => {
    for (const store of [eventStore, viewStore, transientStore, dataKeys]) await store.close();
  };
  return { keys, eventStore, viewStore, transientStore, dataKeys, close };
};

/** What differs from one composition to another. */
export type Surroundings = Pick<
  Deps,
  'divisions' | 'offices' | 'staff' | 'population' | 'documents' | 'publicUrl' | 'demo' | 'awaitViews'
> & {
  dataDir: string;
  clock: Clock;
};

/** The application's dependencies over opened stores, with the real calendar. */
export const platformDeps = async (stores: Stores, { dataDir, ...surroundings }: Surroundings): Promise<Deps> => {
  const { keys, eventStore, viewStore, transientStore, dataKeys } = stores;
  return {
    eventStore,
    viewStore,
    transientStore,
    dataKeys,
    sealing: createSealing(keys, dataKeys),
    certificateCodes: await certificateCodes(keys),
    ids: uuids(surroundings.clock),
    randomBytes,
    wait: (ms) => wait(ms),
    calendarOf: calendars(loadCalendar(dataDir), loadLocalDays(dataDir)),
    ...surroundings,
  };
};
