import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, expect, test, vi } from 'vitest';
import { StoreUnavailable, type TransientStore } from '#application/ports.ts';
import { openMongoTransientStore } from '#infrastructure/mongoDb/transientStore.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { transientStoreContract } from './transientStore.contract.ts';

// FerretDB has no real indexes: with other tests beside it, it takes its time.
vi.setConfig({ testTimeout: 60_000 });

const server = await mongoServer();
const url = server?.url ?? '';
afterAll(() => server?.dispose());

if (server !== undefined) {
  transientStoreContract('MongoDB', async () => {
    const others: TransientStore[] = [];
    let store = await openMongoTransientStore({ url });
    return {
      store,
      another: async () => {
        const other = await openMongoTransientStore({ url });
        others.push(other);
        return other;
      },
      reopen: async () => {
        await store.close();
        store = await openMongoTransientStore({ url });
        return store;
      },
      dispose: async () => {
        for (const each of [store, ...others]) await each.close();
      },
    };
  });
}

test.runIf(server !== undefined)('the transient store in MongoDB deletes what has ended, bit by bit', async () => {
  const client = new MongoClient(url);
  const entries = client.db().collection<{ _id: string; expiresAt: number }>('transient');
  const run = randomUUID();
  const ended = Array.from({ length: 700 }, (_, n) => ({ _id: `${run} ${n}`, expiresAt: -1000 }));
  await entries.insertMany([...ended, { _id: `${run} living`, expiresAt: 1_000_000 }]);
  const store = await openMongoTransientStore({ url });
  for (let n = 0; n < 3; n += 1) await store.increment('tries', run, 0, 1_000_000);
  const left = await entries.find({ _id: { $in: [...ended.map(({ _id }) => _id), `${run} living`] } }).toArray();
  expect(left.map(({ _id }) => _id)).toEqual([`${run} living`]);
  await store.remove('tries', run);
  await entries.deleteOne({ _id: `${run} living` });
  await store.close();
  await client.close();
  await expect(store.get('draft', 'living', 0)).rejects.toThrow(StoreUnavailable);
});
