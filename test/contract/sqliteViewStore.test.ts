import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable, type ViewStore } from '#application/ports.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { viewStoreContract } from './viewStore.contract.ts';
import { newView, rowAt } from './viewStoreRows.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'view-store-'));

viewStoreContract('the embedded store', async () => {
  const directory = temporary();
  const others: ViewStore[] = [];
  let store = await openViewStore({ directory });
  return {
    store,
    another: async () => {
      const other = await openViewStore({ directory });
      others.push(other);
      return other;
    },
    reopen: async () => {
      await store.close();
      store = await openViewStore({ directory });
      return store;
    },
    dispose: async () => {
      for (const each of [store, ...others]) await each.close();
      rmSync(directory, { recursive: true });
    },
  };
});

describe('the embedded view store', () => {
  let directory: string;

  beforeEach(() => {
    directory = temporary();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('rejects with StoreUnavailable once it is closed', async () => {
    const store = await openViewStore({ directory });
    const view = newView();
    await store.prepare([view]);
    await store.close();
    await store.close();
    await expect(store.get(view.name, ['a'])).rejects.toThrow(StoreUnavailable);
    await expect(store.commit({ view: view.name }, [rowAt('a', 1)], 1)).rejects.toThrow(StoreUnavailable);
  });

  it('lets several processes prepare and fill an empty directory at once', { timeout: 30_000 }, async () => {
    const script = `
      import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
      import { projections } from '#projections/index.ts';
      const store = await openViewStore({ directory: process.argv[1] });
      await store.prepare(projections);
      for (let n = 1; n <= 20; n += 1) {
        const id = process.pid + '-' + n;
        await store.commit({ view: 'inbox' }, [{ id, position: n, row: { id, office: 'a' } }], n);
      }
      await store.close();`;
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: 'inherit',
      }),
    );
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends).toEqual(children.map(() => [0, null]));
    const store = await openViewStore({ directory });
    await store.prepare([{ name: 'inbox', indexes: { office: ['office'] } }]);
    expect(await store.count('inbox', { index: 'office', equals: ['a'], limit: 1000 })).toBe(60);
    await store.close();
  });
});
