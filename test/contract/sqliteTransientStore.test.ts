import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { StoreUnavailable, type TransientStore } from '#application/ports.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';
import { transientStoreContract } from './transientStore.contract.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'transient-store-'));

transientStoreContract('the embedded store', async () => {
  const directory = temporary();
  const others: TransientStore[] = [];
  let store = await openTransientStore({ directory });
  return {
    store,
    another: async () => {
      const other = await openTransientStore({ directory });
      others.push(other);
      return other;
    },
    reopen: async () => {
      await store.close();
      store = await openTransientStore({ directory });
      return store;
    },
    dispose: async () => {
      for (const each of [store, ...others]) await each.close();
      rmSync(directory, { recursive: true });
    },
  };
});

test('the embedded transient store deletes what has ended, bit by bit', async () => {
  const directory = temporary();
  const store = await openTransientStore({ directory });
  for (let n = 0; n < 1100; n += 1) await store.put('draft', String(n), {}, 1000);
  await store.put('draft', 'living', {}, 1_000_000);
  for (let n = 0; n < 4; n += 1) await store.increment('tries', 'a', 2000, 1_000_000);
  const database = new DatabaseSync(join(directory, 'transient.sqlite'), { readOnly: true });
  expect(database.prepare('select count(*) as rows from entries').get()).toEqual({ rows: 2 });
  database.close();
  await store.close();
  await expect(store.get('draft', 'living', 0)).rejects.toThrow(StoreUnavailable);
  rmSync(directory, { recursive: true });
});
