import { createSecretKey, randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type DataKeys, StoreUnavailable } from '#application/ports.ts';
import { openMongoDataKeys } from '#infrastructure/mongoDb/dataKeys.ts';
import { masterProof } from '#infrastructure/sealing/wrappedKeys.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { dataKeysContract } from './dataKeys.contract.ts';
import { rotationContract } from './rotation.contract.ts';

// FerretDB has no real indexes: with other tests beside it, it takes its time.
vi.setConfig({ testTimeout: 60_000 });

const server = await mongoServer();
const url = server?.url ?? '';
afterAll(() => server?.dispose());

/** Removes keys that another master key wrapped, which the next tests could not open. */
const forget = async (which: { _id?: string }): Promise<void> => {
  const client = new MongoClient(url);
  await client.db().collection<{ _id: string }>('dataKeys').deleteMany(which);
  await client.close();
};

if (server !== undefined) {
  dataKeysContract('MongoDB', async () => {
    const ownMaster = createSecretKey(randomBytes(32));
    const handles: DataKeys[] = [];
    const another = async (master = ownMaster): Promise<DataKeys> => {
      const keys = await openMongoDataKeys({ url, master });
      handles.push(keys);
      return keys;
    };
    return {
      keys: await another(),
      another,
      dispose: async () => {
        await Promise.all(handles.map((keys) => keys.close()));
        await forget({ _id: masterProof });
      },
    };
  });

  rotationContract('MongoDB', async () => {
    await forget({});
    const handles: DataKeys[] = [];
    return {
      open: async (master) => {
        const keys = await openMongoDataKeys({ url, master });
        handles.push(keys);
        return keys;
      },
      dispose: async () => {
        await Promise.all(handles.map((keys) => keys.close()));
        await forget({});
      },
    };
  });
}

describe.runIf(server !== undefined)('the data keys in MongoDB', () => {
  const master = createSecretKey(randomBytes(32));

  it('are found when opened again, and used up ones are not handed out anew', async () => {
    const before = await openMongoDataKeys({ url, master });
    const handed = await Promise.all(Array.from({ length: 300 }, () => before.next()));
    await before.close();
    const after = await openMongoDataKeys({ url, master });
    for (const { id, key } of handed.slice(0, 20)) expect((await after.find(id))?.key.equals(key)).toBe(true);
    const ids = new Set(handed.map(({ id }) => id));
    for (let n = 0; n < 300; n += 1) expect(ids.has((await after.next()).id)).toBe(false);
    await after.close();
    await expect(after.find('other')).rejects.toThrow(StoreUnavailable);
  });

  it('stand in the database wrapped: no byte of an opened key', async () => {
    const keys = await openMongoDataKeys({ url, master });
    const { id, key } = await keys.next();
    await keys.close();
    const client = new MongoClient(url);
    const kept = await client.db().collection<{ _id: string; wrapped: string }>('dataKeys').findOne({ _id: id });
    await client.close();
    expect(Object.keys(kept ?? {})).toEqual(['_id', 'wrapped']);
    const wrapped = Buffer.from(kept?.wrapped ?? '', 'base64url');
    expect(wrapped).toHaveLength(60);
    expect(wrapped.includes(key.export())).toBe(false);
  });
});
