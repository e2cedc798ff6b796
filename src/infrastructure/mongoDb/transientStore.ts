import type { Collection, Db } from 'mongodb';
import { type Json, StoreUnavailable, type TransientStore } from '#application/ports.ts';
import { isTaken, type MongoPlace, openMongo } from './connection.ts';

type Entry = { _id: string; value: string | null; count: number; expiresAt: number };

const sweepEveryMs = 60_000;
const sweptAtOnce = 500;
const tries = 20;

const entries = (db: Db): Collection<Entry> => db.collection<Entry>('transient');
const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);

/**
 * Small state with an end, in MongoDB, shared by all instances; times are milliseconds since 1970. A counter keeps the end it
 * started with. What has ended by the clock of who asks, not the server's, is deleted a little at a time, at most once a minute.
 */
export const openMongoTransientStore = async (place: MongoPlace): Promise<TransientStore> => {
  const { answer, close } = await openMongo(place);
  await answer((db) => entries(db).createIndex({ expiresAt: 1 }, { name: 'by end' }));
  const sweep = sweeper();
  return {
    get: (kind, id, now) =>
      answer(async (db) => {
        const entry = await entries(db).findOne({ _id: keyOf(kind, id) });
        return entry?.value && entry.expiresAt > now ? (JSON.parse(entry.value) as Json) : undefined;
      }),
    put: (kind, id, value, expiresAt) => answer((db) => put(entries(db), keyOf(kind, id), value, expiresAt)),
    remove: async (kind, id) => {
      await answer((db) => entries(db).deleteOne({ _id: keyOf(kind, id) }));
    },
    increment: (kind, id, now, expiresAt, by = 1) =>
      answer(async (db) => {
        await sweep(db, now);
        return increment(entries(db), keyOf(kind, id), now, expiresAt, by);
      }),
    putIfAbsent: (kind, id, value, now, expiresAt) =>
      answer(async (db) => {
        await sweep(db, now);
        return putIfAbsent(entries(db), keyOf(kind, id), value, now, expiresAt);
      }),
    replaceIfPresent: (kind, id, value, now, expiresAt) =>
      answer(async (db) => {
        const living = { _id: keyOf(kind, id), expiresAt: { $gt: now } };
        const entry = { value: JSON.stringify(value), count: 0, expiresAt };
        return (await entries(db).replaceOne(living, entry)).matchedCount === 1;
      }),
    close,
  };
};

const put = (kept: Collection<Entry>, _id: string, value: Json, expiresAt: number): Promise<void> =>
  untilFree(async () => {
    await kept.replaceOne({ _id }, { value: JSON.stringify(value), count: 0, expiresAt }, { upsert: true });
  });

/** Each step changes one document at once: counts on what lives, else puts a first count in the place of what ended. */
const increment = (kept: Collection<Entry>, _id: string, now: number, expiresAt: number, by: number): Promise<number> =>
  untilFree(async () => {
    const after = { returnDocument: 'after' } as const;
    const enough = { _id, expiresAt: { $gt: now }, count: { $gte: -by } };
    const counted = await kept.findOneAndUpdate(enough, { $inc: { count: by } }, after);
    if (counted !== null) return counted.count;
    const first = { value: null, count: Math.max(by, 0), expiresAt };
    const none = { _id, expiresAt: { $gt: now }, count: { $lt: -by } };
    if ((await kept.findOneAndUpdate(none, { $set: { count: 0 } })) !== null) return 0;
    await kept.replaceOne({ _id, expiresAt: { $lte: now } }, first, { upsert: true });
    return first.count;
  });

const putIfAbsent = async (
  kept: Collection<Entry>,
  _id: string,
  value: Json,
  now: number,
  expiresAt: number,
): Promise<boolean> => {
  const entry = { value: JSON.stringify(value), count: 0, expiresAt };
  try {
    await kept.replaceOne({ _id, expiresAt: { $lte: now } }, entry, { upsert: true });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
};

/** Tries again where another inserted the entry between finding none and inserting it. */
const untilFree = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let n = 0; n < tries; n += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new StoreUnavailable(`${tries} tries to change one entry met another change each.`);
};

/** Sweeps at most once a minute, unless the last sweep left some over. */
const sweeper = (): ((db: Db, now: number) => Promise<void>) => {
  let nextAt = Number.NEGATIVE_INFINITY;
  return async (db, now) => {
    if (now < nextAt) return;
    nextAt = now + sweepEveryMs;
    const ended = { expiresAt: { $lte: now } };
    const options = { sort: { expiresAt: 1 }, limit: sweptAtOnce, projection: { _id: 1 } } as const;
    const ids = (await entries(db).find(ended, options).toArray()).map(({ _id }) => _id);
    if (ids.length === 0) return;
    await entries(db).deleteMany({ _id: { $in: ids }, ...ended });
    if (ids.length === sweptAtOnce) nextAt = now;
  };
};
