import type { KeyObject } from 'node:crypto';
import { logTiles } from '#application/log/tiles.ts';
import type { DataKeys, EventStore, ScanStore, TransientStore, ViewStore } from '#application/ports.ts';
import { ConfigError } from '#infrastructure/config.ts';
import { hasKeys, KeyFileError, type Keys, type LogKeys, loadKeys, loadLogKeys } from '#infrastructure/sealing/keys.ts';
import { requireMaster } from '#infrastructure/sealing/masterKey.ts';
import { refuseDamaged } from '#infrastructure/sqlite/damage.ts';
import { openDataKeys } from '#infrastructure/sqlite/dataKeys.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openScanStore } from '#infrastructure/sqlite/scanStore.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { requireWritable } from '#infrastructure/writable.ts';
import { projections } from '#projections/index.ts';
import { requireKeyring, requireWholeLog } from './requireWhole.ts';

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
  logKeys: LogKeys;
  eventStore: EventStore;
  viewStore: ViewStore;
  transientStore: TransientStore;
  dataKeys: DataKeys;
  scanStore: ScanStore;
  close: () => Promise<void>;
};

// Loaded where they are used: the embedded stores start without them.
const eventStoreDb = () => import('#infrastructure/eventStoreDb/eventStore.ts');
const mongoDb = async () => ({
  ...(await import('#infrastructure/mongoDb/viewStore.ts')),
  ...(await import('#infrastructure/mongoDb/transientStore.ts')),
  ...(await import('#infrastructure/mongoDb/dataKeys.ts')),
  ...(await import('#infrastructure/mongoDb/scanStore.ts')),
});

/** The log; `readOnly` opens an embedded one that another process writes. */
export const openLog = async (places: StorePlaces, readOnly = false): Promise<EventStore> => {
  const { directory, eventStoreUrl: url, onTrouble = () => undefined } = places;
  if (url === undefined) return openEventStore({ directory, readOnly });
  return (await eventStoreDb()).openEventStoreDb({ url, onTrouble });
};

/** The views, prepared for all projections. */
export const openViews = async (places: StorePlaces): Promise<ViewStore> => {
  const { directory, eventStoreUrl, viewStoreUrl: url } = places;
  const viewStore =
    url === undefined ? await openViewStore({ directory }) : await (await mongoDb()).openMongoViewStore({ url });
  await viewStore.prepare([...projections, logTiles]);
  await requireSameLog(viewStore, eventStoreUrl).catch(async (fault: unknown) => {
    await viewStore.close();
    throw fault;
  });
  return viewStore;
};

/** Views hold positions, which mean something else in a log of another kind: what was folded there would be folded twice. */
const requireSameLog = async (viewStore: ViewStore, eventStoreUrl: string | undefined): Promise<void> => {
  const kinds = ['log embedded', 'log on EventStoreDB'] as const;
  const [own, other] = eventStoreUrl === undefined ? kinds : kinds.toReversed();
  if ((await viewStore.checkpoint({ view: other ?? '' })) > 0) {
    throw new ConfigError(
      `视图来自另一种事件库（${other}）。请移走视图（views.sqlite，或 MongoDB 的 views、checkpoints、view.* 集合，不要动 dataKeys）后重新启动。\n` +
        `The views were folded from another log (${other}). Remove them (views.sqlite, or in MongoDB the collections views, ` +
        'checkpoints and view.*, never dataKeys) and start again.',
    );
  }
  await viewStore.commit({ view: own ?? '' }, [], 1);
};

/** The data keys: they lie where the views lie. */
export const openKeyring = async (
  { directory, viewStoreUrl: url }: StorePlaces,
  master: KeyObject,
): Promise<DataKeys> =>
  url === undefined ? openDataKeys({ directory, master }) : (await mongoDb()).openMongoDataKeys({ url, master });

/** The scans of documents: they lie where the data keys lie. */
export const openScans = async ({ directory, viewStoreUrl: url }: StorePlaces): Promise<ScanStore> =>
  url === undefined ? openScanStore({ directory }) : (await mongoDb()).openMongoScanStore({ url });

/** Sessions, drafts and leases: they lie where the views lie. */
export const openTransient = async ({ directory, viewStoreUrl: url }: StorePlaces): Promise<TransientStore> =>
  url === undefined ? openTransientStore({ directory }) : (await mongoDb()).openMongoTransientStore({ url });

/** What several instances share besides the log and the views; data keys of another master key are refused. */
const openShared = async (places: StorePlaces, master: KeyObject) => {
  const dataKeys = await openKeyring(places, master);
  try {
    await requireMaster(dataKeys, master);
    const transientStore = await openTransient(places);
    return { transientStore, dataKeys, scanStore: await openScans(places) };
  } catch (fault) {
    await dataKeys.close();
    throw fault;
  }
};

/** A log without its keys is not gone on with: under new ones couples, names and codes would no longer be found. */
const requireKeys = async (directory: string, eventStore: EventStore): Promise<void> => {
  // Whoever began the log made the keys before: another process may just be doing so.
  if (hasKeys(directory) || (await eventStore.lastPosition()) === 0 || hasKeys(directory)) return;
  throw new KeyFileError(
    `事件库已有内容，但 ${directory} 里没有密钥：请把 keys/ 放回去（见备份）。\n` +
      `The log has events, but ${directory} has no keys: put its keys/ back, from your backup or another instance.`,
  );
};

const embeddedFiles = ({ eventStoreUrl, viewStoreUrl }: StorePlaces) => [
  ...(eventStoreUrl === undefined ? (['events.sqlite'] as const) : []),
  ...(viewStoreUrl === undefined ? (['keys.sqlite', 'scans.sqlite', 'views.sqlite', 'transient.sqlite'] as const) : []),
];

/** Everything beside the log; a log that lacks what it needs, or its own end, is refused. */
const openBeside = async (places: StorePlaces, eventStore: EventStore) => {
  const { directory, eventStoreUrl, viewStoreUrl } = places;
  await requireKeys(directory, eventStore);
  if (viewStoreUrl === undefined) await requireKeyring(directory, eventStore);
  const keys = loadKeys(directory);
  const logKeys = loadLogKeys(directory);
  const viewStore = await openViews(places);
  try {
    if (eventStoreUrl === undefined) await requireWholeLog(directory, eventStore, viewStore);
    return { keys, logKeys, viewStore, ...(await openShared(places, keys.master)) };
  } catch (fault) {
    await viewStore.close();
    throw fault;
  }
};

/** Opens, and on the first start makes, everything that a platform keeps; damaged files are refused by name. */
export const openStores = async (places: StorePlaces): Promise<Stores> => {
  const files = embeddedFiles(places);
  if (files.length > 0) requireWritable(places.directory);
  refuseDamaged(places.directory, files);
  const eventStore = await openLog(places);
  const { viewStore, transientStore, dataKeys, scanStore, ...keys } = await openBeside(places, eventStore).catch(
    async (fault: unknown) => {
      await eventStore.close();
      throw fault;
    },
  );
  const close = async () => {
    for (const store of [eventStore, viewStore, transientStore, dataKeys, scanStore]) await store.close();
  };
  return { ...keys, eventStore, viewStore, transientStore, dataKeys, scanStore, close };
};
