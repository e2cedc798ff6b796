import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { projections } from '#projections/index.ts';
import { openStores, type StorePlaces, type Stores } from '../../../src/stores.ts';
import { type AppProcess, startApp } from './appProcess.ts';

/** Several processes of the program over the same stores, and a look at who carries the views. */
export type Instances = {
  /** Those that a proxy would ask: neither dead nor stopped. */
  answering: () => readonly AppProcess[];
  all: () => readonly AppProcess[];
  /** The process that holds the lease, or undefined. */
  holder: () => Promise<AppProcess | undefined>;
  /** Ends one at once; `startAgain` puts a new one in its place. */
  kill: (victim: AppProcess) => Promise<void>;
  startAgain: (victim: AppProcess) => Promise<void>;
  pause: (victim: AppProcess) => void;
  resume: (victim: AppProcess) => void;
  /** How long (ms) until another than the victim holds the lease and has brought the views to the log's end as it is now. */
  untilGoneOn: (victim: AppProcess, mostMs: number) => Promise<number>;
  end: () => Promise<void>;
};

const views = projections.map(({ name }) => name);

const holderIn = async ({ transientStore }: Stores): Promise<number | undefined> => {
  const lease = await transientStore.get('lease', 'followers', Date.now()).catch(() => undefined);
  const pid = Number(String(lease?.['holder']).split('/')[1]);
  return Number.isNaN(pid) ? undefined : pid;
};

const carriedTo = async ({ viewStore }: Stores): Promise<number> => {
  const stands = await Promise.all(views.map((view) => viewStore.checkpoint({ view })));
  return Math.min(...stands);
};

const settingsOf = ({ directory, eventStoreUrl, viewStoreUrl }: StorePlaces) => ({
  DATA_DIR: directory,
  ...(eventStoreUrl === undefined ? {} : { EVENT_STORE_URL: eventStoreUrl }),
  ...(viewStoreUrl === undefined ? {} : { VIEW_STORE_URL: viewStoreUrl }),
});

/** Starts so many over the same stores. */
export const startInstances = async (places: StorePlaces, count: number): Promise<Instances> => {
  const stores = await openStores(places);
  const settings = settingsOf(places);
  const instances = Array.from({ length: count }, () => startApp(settings));
  const paused = new Set<AppProcess>();
  await Promise.all(instances.map(({ ready }) => ready));
  const untilGoneOn = async (victim: AppProcess, mostMs: number): Promise<number> => {
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    const last = await stores.eventStore.lastPosition();
    while (took() < mostMs) {
      const holder = await holderIn(stores);
      if (holder !== undefined && holder !== victim.pid && (await carriedTo(stores)) >= last) break;
      await wait(25);
    }
    return took();
  };
  return {
    all: () => instances,
    answering: () => instances.filter((one) => !paused.has(one)),
    holder: async () => {
      const pid = await holderIn(stores);
      return instances.find((one) => one.pid === pid && !one.over());
    },
    kill: (victim) => victim.kill(),
    startAgain: async (victim) => {
      const again = startApp(settings);
      instances[instances.indexOf(victim)] = again;
      await again.ready;
    },
    pause: (victim) => {
      paused.add(victim);
      victim.pause();
    },
    resume: (victim) => {
      victim.resume();
      paused.delete(victim);
    },
    untilGoneOn,
    end: async () => {
      await Promise.all(instances.map((one) => one.kill()));
      await stores.close();
    },
  };
};

const patienceMs = 2_000;

/**
 * Whether somebody holds the write lock of an embedded store for longer than any write takes: a process that was stopped in
 * the middle of one does, and nobody else can write until it goes on or ends.
 */
export const lockIsHeld = (directory: string): boolean =>
  ['events.sqlite', 'views.sqlite', 'transient.sqlite', 'keys.sqlite'].some((file) => {
    const database = new DatabaseSync(join(directory, file), { timeout: patienceMs });
    try {
      database.exec('begin immediate; rollback');
      return false;
    } catch {
      return true;
    } finally {
      database.close();
    }
  });
