import type { KeyObject } from 'node:crypto';
import type { DataKeys, EventStore, TransientStore, ViewStore } from '#application/ports.ts';
import { type Keys, loadKeys } from '#infrastructure/sealing/keys.ts';
import { openDataKeys } from '#infrastructure/sqlite/dataKeys.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { projections } from '#projections/index.ts';

/** Where the stores are: below a directory, but for those that a URL puts on a server. */
export type StorePlaces = {
  directory: string;
  eventStoreUrl?: string | undefined;
  viewStoreUrl?: string | undefined;
  onTrouble?: (trouble: unknown) => void;
};

/** The opened stores and keys of one platform. */
export type Stores = {
  keys: Keys;
  eventStore: EventStore;
  viewStore: ViewStore;
  transientStore: TransientStore;
  dataKeys: DataKeys;
  close: () => Promise<void>;
};

// Loaded where they are used: the embedded stores start without them.
const eventStoreDb = () => import('#infrastructure/eventStoreDb/eventStore.ts');
const mongoDb = async () => ({
  ...(await import('#infrastructure/mongoDb/viewStore.ts')),
  ...(await import('#infrastructure/mongoDb/transientStore.ts')),
  ...(await import('#infrastructure/mongoDb/dataKeys.ts')),
});

/** The log; `readOnly` opens an embedded one that another process writes. */
export const openLog = async (places: StorePlaces, readOnly = false): Promise<EventStore> => {
  const { directory, eventStoreUrl: url, onTrouble = () => undefined } = places;
  if (url === undefined) return openEventStore({ directory, readOnly });
  return (await eventStoreDb()).openEventStoreDb({ url, onTrouble });
};

/** The views, prepared for all projections. */
export const openViews = async ({ directory, viewStoreUrl: url }: StorePlaces): Promise<ViewStore> => {
  const viewStore =
    url === undefined ? await openViewStore({ directory }) : await (await mongoDb()).openMongoViewStore({ url });
  await viewStore.prepare(projections);
  return viewStore;
};

/** What several instances share besides the log and the views: it lies where the views lie. */
const openShared = async ({ directory, viewStoreUrl: url }: StorePlaces, master: KeyObject) => {
  if (url === undefined) {
    return {
      transientStore: await openTransientStore({ directory }),
      dataKeys: await openDataKeys({ directory, master }),
    };
  }
  const { openMongoTransientStore, openMongoDataKeys } = await mongoDb();
  return {
    transientStore: await openMongoTransientStore({ url }),
    dataKeys: await openMongoDataKeys({ url, master }),
  };
};

/** Opens, and on the first start makes, everything that a platform keeps. */
export const openStores = async (places: StorePlaces): Promise<Stores> => {
  const keys = loadKeys(places.directory);
  const eventStore = await openLog(places);
  const viewStore = await openViews(places);
  const { transientStore, dataKeys } = await openShared(places, keys.master);
  const close = async () => {
    for (const store of [eventStore, viewStore, transientStore, dataKeys]) await store.close();
  };
  return { keys, eventStore, viewStore, transientStore, dataKeys, close };
};
