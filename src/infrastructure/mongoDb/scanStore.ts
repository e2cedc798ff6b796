import { Binary, type Collection, type Db } from 'mongodb';
import type { ScanStore } from '#application/ports.ts';
import { type MongoPlace, openMongo } from './connection.ts';

/** A piece of a scan: the first stands under the scan's own id and says how many there are. */
type Chunk = { _id: string; of: number; bytes: Binary };

const chunkBytes = 1024 * 1024;

const chunks = (db: Db): Collection<Chunk> =>
  db.collection<Chunk>('scans', { writeConcern: { w: 'majority', journal: true } });

const chunkId = (id: string, n: number): string => (n === 0 ? id : `${id}/${n}`);

const idsFrom = (id: string, from: number, of: number): string[] =>
  Array.from({ length: Math.max(of - from, 0) }, (_, n) => chunkId(id, from + n));

/** Sealed scans in MongoDB, in pieces of 1 MiB; the first is written last: what has it is whole. Rejects with `StoreUnavailable`. */
export const openMongoScanStore = async (place: MongoPlace): Promise<ScanStore> => {
  const { answer, close } = await openMongo(place);
  const first = (id: string) => answer((db) => chunks(db).findOne({ _id: id }));
  const write = (id: string, n: number, of: number, bytes: Uint8Array) => {
    const piece = new Binary(bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes));
    return answer((db) => chunks(db).replaceOne({ _id: chunkId(id, n) }, { of, bytes: piece }, { upsert: true }));
  };
  const remove = (ids: string[]) => answer((db) => chunks(db).deleteMany({ _id: { $in: ids } }));
  return {
    put: async (id, bytes) => {
      const of = Math.max(Math.ceil(bytes.length / chunkBytes), 1);
      for (let n = of - 1; n >= 0; n -= 1) await write(id, n, of, bytes);
    },
    get: async (id) => {
      const head = await first(id);
      if (head === null) return undefined;
      const others = await Promise.all(idsFrom(id, 1, head.of).map(first));
      if (others.includes(null)) return undefined;
      return Buffer.concat([head, ...others].map((one) => one?.bytes.value() ?? Buffer.alloc(0)));
    },
    delete: async (id) => {
      const head = await first(id);
      if (head === null) return;
      // The first one last: stopped in between, another try finds the rest.
      await remove(idsFrom(id, 1, head.of));
      await remove([id]);
    },
    list: async (after, limit) => {
      const found = await answer((db) =>
        chunks(db)
          .find({ _id: { $gt: after, $not: /\// } }, { projection: { _id: 1 } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id }) => _id);
    },
    close,
  };
};
