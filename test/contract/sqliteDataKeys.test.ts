import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataKeys, StoreUnavailable } from '#application/ports.ts';
import { openDataKeys } from '#infrastructure/sqlite/dataKeys.ts';
import { dataKeysContract } from './dataKeys.contract.ts';
import { rotationContract } from './rotation.contract.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'data-keys-'));

dataKeysContract('the embedded store', async () => {
  const directory = temporary();
  const ownMaster = createSecretKey(randomBytes(32));
  const handles: DataKeys[] = [];
  const another = async (master = ownMaster): Promise<DataKeys> => {
    const keys = await openDataKeys({ directory, master });
    handles.push(keys);
    return keys;
  };
  return {
    keys: await another(),
    another,
    dispose: async () => {
      await Promise.all(handles.map((keys) => keys.close()));
      rmSync(directory, { recursive: true });
    },
  };
});

rotationContract('the embedded store', async () => {
  const directory = temporary();
  const handles: DataKeys[] = [];
  return {
    open: async (master) => {
      const keys = await openDataKeys({ directory, master });
      handles.push(keys);
      return keys;
    },
    dispose: async () => {
      await Promise.all(handles.map((keys) => keys.close()));
      rmSync(directory, { recursive: true });
    },
  };
});

describe('the embedded data keys', () => {
  const master = createSecretKey(randomBytes(32));
  let directory: string;

  beforeEach(() => {
    directory = temporary();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('are found when opened again, and used up ones are not handed out anew', async () => {
    const before = await openDataKeys({ directory, master });
    const handed = await Promise.all(Array.from({ length: 300 }, () => before.next()));
    await before.close();
    const after = await openDataKeys({ directory, master });
    for (const { id, key } of handed) expect((await after.find(id))?.key.equals(key)).toBe(true);
    const ids = new Set(handed.map(({ id }) => id));
    for (let n = 0; n < 300; n += 1) expect(ids.has((await after.next()).id)).toBe(false);
    await after.close();
  });

  it('stand in the file wrapped: no byte of an opened key', async () => {
    const keys = await openDataKeys({ directory, master });
    const { key } = await keys.next();
    await keys.close();
    const file = readFileSync(join(directory, 'keys.sqlite'));
    expect(file.includes(key.export())).toBe(false);
    expect(file.includes(Buffer.from(key.export().toString('base64url')))).toBe(false);
  });

  it('leave no byte of a destroyed key behind, neither in the file nor beside it', async () => {
    const keys = await openDataKeys({ directory, master });
    const other = await openDataKeys({ directory, master });
    for (let n = 0; n < 5000; n += 1) await keys.next();
    const all = (await keys.kept('', 6000)).filter((_, n) => n % 40 === 0);
    for (const { id } of all) {
      await other.find(id);
      await keys.destroy(id);
    }
    const files = readdirSync(directory).map((file) => readFileSync(join(directory, file)));
    const found = all.filter(({ wrapped }) => files.some((bytes) => bytes.includes(wrapped)));
    expect(found).toEqual([]);
    expect(all).toHaveLength(128);
    await Promise.all([keys.close(), other.close()]);
  });

  it('say so where a destroyed key still stands beside the file, and empty that once nobody reads it', async () => {
    const keys = await openDataKeys({ directory, master });
    const { id } = await keys.next();
    const reader = new DatabaseSync(join(directory, 'keys.sqlite'));
    reader.exec('begin; select count(*) from data_keys');
    const destroying = keys.destroy(id);
    await expect(destroying).rejects.toThrow(StoreUnavailable);
    expect(await keys.find(id)).toBeUndefined();
    reader.close();
    await keys.destroy(id);
    expect(statSync(join(directory, 'keys.sqlite-wal')).size).toBe(0);
    await keys.close();
  }, 20_000);

  it('reject with StoreUnavailable where the disk is full, and answer again once it is not', async () => {
    const keys = await openDataKeys({ directory, master });
    const other = new DatabaseSync(join(directory, 'keys.sqlite'));
    other.exec("create trigger full before insert on data_keys begin select raise(abort, 'disk is full'); end");
    await expect(keys.next()).rejects.toThrow(StoreUnavailable);
    other.exec('drop trigger full');
    other.close();
    const { id } = await keys.next();
    expect((await keys.find(id))?.id).toBe(id);
    await keys.close();
    await expect(keys.find('other')).rejects.toThrow(StoreUnavailable);
  });
});
