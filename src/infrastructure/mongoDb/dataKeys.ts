import type { KeyObject } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { DataKey, DataKeys } from '#application/ports.ts';
import { newKeys, openedKeys, openKey } from '../sealing/wrappedKeys.ts';
import { type MongoPlace, openMongo } from './connection.ts';

type Kept = { _id: string; wrapped: string };

const kept = (db: Db): Collection<Kept> =>
  db.collection<Kept>('dataKeys', { writeConcern: { w: 'majority', journal: true } });

/**
 * Data keys in MongoDB, wrapped by the master key that all instances share. A key is handed out once a majority of the servers
 * holds it on disk; those of a batch that a stop left over are never used. Rejects with `StoreUnavailable`, `SealBroken`.
 */
export const openMongoDataKeys = async ({
  master,
  ...place
}: MongoPlace & { master: KeyObject }): Promise<DataKeys> => {
  const { answer, close } = await openMongo(place);
  const opened = openedKeys();
  const ready: DataKey[] = [];
  let refilling: Promise<void> | undefined;
  const refill = async (): Promise<void> => {
    const { keys, kept: wrapped } = newKeys(master);
    await answer((db) => kept(db).insertMany(wrapped.map(({ id, wrapped }) => ({ _id: id, wrapped }))));
    ready.push(...keys);
  };
  /** Many may wait for one batch; who comes away without a key waits for the next. */
  const next = async (): Promise<DataKey> => {
    for (let key = ready.pop(); ; key = ready.pop()) {
      if (key !== undefined) return opened.remember(key);
      refilling ??= refill().finally(() => {
        refilling = undefined;
      });
      await refilling;
    }
  };
  return {
    next,
    find: async (id) => {
      const known = opened.get(id);
      if (known !== undefined) return opened.remember(known);
      const found = await answer((db) => kept(db).findOne({ _id: id }));
      return found === null
        ? undefined
        : opened.remember(openKey(master, { id, wrapped: found.wrapped }, 'MongoDB (dataKeys)'));
    },
    kept: async (after, limit) => {
      const page = await answer((db) =>
        kept(db)
          .find({ _id: { $gt: after } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return page.map(({ _id, wrapped }) => ({ id: _id, wrapped }));
    },
    keep: async (keys) => {
      const copies = keys.map(({ id, wrapped }) => ({
        updateOne: { filter: { _id: id }, update: { $setOnInsert: { wrapped } }, upsert: true },
      }));
      if (copies.length > 0) await answer((db) => kept(db).bulkWrite(copies, { ordered: false }));
    },
    close,
  };
};
