import type { KeyObject } from 'node:crypto';
import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import type { DataKey, DataKeys, KeptKey } from '#application/ports.ts';
import { destroyed, keptOf, keyOpener, masterProof, type NewKey, newKeys, openKey } from '../sealing/wrappedKeys.ts';
import { type Mongo, type MongoPlace, openMongo } from './connection.ts';

type Kept = { _id: string; wrapped: string };

const place = 'MongoDB (dataKeys)';

const kept = (db: Db): Collection<Kept> =>
  db.collection<Kept>('dataKeys', { writeConcern: { w: 'majority', journal: true } });

/**
 * Data keys in MongoDB, wrapped by the master key that all instances share. A key is handed out once a majority of the servers
 * holds it on disk; those of a batch that a stop left over are never used. Rejects with `StoreUnavailable`, `SealBroken`.
 */
export const openMongoDataKeys = async ({ master, ...at }: MongoPlace & { master: KeyObject }): Promise<DataKeys> => {
  const { answer, close } = await openMongo(at);
  const opener = keyOpener(master, place);
  const wrapped = readTogether(answer);
  const bulk = async (writes: AnyBulkWriteOperation<Kept>[]): Promise<void> => {
    if (writes.length > 0) await answer((db) => kept(db).bulkWrite(writes, { ordered: false }));
  };
  const ready: NewKey[] = [];
  let refilling: Promise<void> | undefined;
  const requireMaster = async (): Promise<void> => {
    const proof = await wrapped(masterProof);
    if (proof !== undefined) openKey(master, { id: masterProof, wrapped: proof }, place);
  };
  /** A process that still has a former master key hands out, and leaves behind, nothing that nobody could open. */
  const refill = async (): Promise<void> => {
    const made = newKeys(master);
    const ids = made.map(({ key }) => key.id);
    await answer((db) => kept(db).insertMany(keptOf(made).map(({ id, wrapped }) => ({ _id: id, wrapped }))));
    await requireMaster().catch(async (fault: unknown) => {
      await answer((db) => kept(db).deleteMany({ _id: { $in: ids } }));
      throw fault;
    });
    ready.push(...made);
  };
  /** Many may wait for one batch; who comes away without a key waits for the next. */
  const next = async (): Promise<DataKey> => {
    for (let made = ready.pop(); ; made = ready.pop()) {
      if (made !== undefined) return opener.remember(made);
      refilling ??= refill().finally(() => {
        refilling = undefined;
      });
      await refilling;
    }
  };
  return {
    next,
    find: async (id) => opener.open(id, await wrapped(id)),
    destroy: (id) => bulk([keeping({ id, wrapped: destroyed })]),
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
    keep: (keys) => bulk(keys.map(keeping)),
    rewrap: (keys) =>
      bulk(
        keys.map(({ id, from, wrapped }) => ({
          updateOne: { filter: { _id: id, wrapped: from }, update: { $set: { wrapped } } },
        })),
      ),
    close,
  };
};

/** What stands stays; only a destroyed key is written over one that is not. */
const keeping = ({ id, wrapped }: KeptKey): AnyBulkWriteOperation<Kept> => ({
  updateOne: {
    filter: { _id: id },
    update: wrapped === destroyed ? { $set: { wrapped } } : { $setOnInsert: { wrapped } },
    upsert: true,
  },
});

/** Asks for keys as they are kept; what is asked for at the same moment, such as a page of rows, is one question. */
const readTogether = (answer: Mongo['answer']) => {
  let asked: { ids: Set<string>; answered: Promise<ReadonlyMap<string, string>> } | undefined;
  const ask = async (ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> => {
    await Promise.resolve();
    asked = undefined;
    const found = await answer((db) =>
      kept(db)
        .find({ _id: { $in: [...ids] } })
        .toArray(),
    );
    return new Map(found.map(({ _id, wrapped }) => [_id, wrapped]));
  };
  return async (id: string): Promise<string | undefined> => {
    if (asked === undefined) {
      const ids = new Set<string>();
      asked = { ids, answered: ask(ids) };
    }
    asked.ids.add(id);
    return (await asked.answered).get(id);
  };
};
