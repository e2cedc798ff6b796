import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GenerationGone, StoreUnavailable, type ViewStore } from '#application/ports.ts';
import { openMongoViewStore } from '#infrastructure/mongoDb/viewStore.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { viewStoreContract } from './viewStore.contract.ts';
import { goneAt, newView, rowAt } from './viewStoreRows.ts';

// FerretDB has no real indexes: with other tests beside it, it takes its time.
vi.setConfig({ testTimeout: 60_000 });

const server = await mongoServer();
const url = server?.url ?? '';
afterAll(() => server?.dispose());

if (server !== undefined) {
  viewStoreContract(
    'MongoDB',
    async () => {
      const others: ViewStore[] = [];
      let store = await openMongoViewStore({ url });
      return {
        store,
        another: async () => {
          const other = await openMongoViewStore({ url });
          others.push(other);
          return other;
        },
        reopen: async () => {
          await store.close();
          store = await openMongoViewStore({ url });
          return store;
        },
        dispose: async () => {
          for (const each of [store, ...others]) await each.close();
        },
      };
    },
    // FerretDB looks through every row for each that is written.
    { runs: server.real ? undefined : 25 },
  );
}

describe.runIf(server !== undefined)('the view store in MongoDB', () => {
  let store: ViewStore;
  let client: MongoClient;

  beforeEach(async () => {
    client = new MongoClient(url);
    store = await openMongoViewStore({ url });
  });
  afterEach(async () => {
    await store.close();
    await client.close();
  });

  const collections = async (view: string): Promise<string[]> => {
    const all = await client.db().listCollections({}, { nameOnly: true }).toArray();
    return all.map(({ name }) => name).filter((name) => name.startsWith(`view.${view}.`));
  };

  it('rejects with StoreUnavailable once it is closed', async () => {
    const view = newView();
    await store.prepare([view]);
    await store.close();
    await store.close();
    await expect(store.get(view.name, ['a'])).rejects.toThrow(StoreUnavailable);
    await expect(store.prepare([view])).rejects.toThrow(StoreUnavailable);
    await expect(store.commit({ view: view.name }, [rowAt('a', 1)], 1)).rejects.toThrow(StoreUnavailable);
  });

  it('creates the indexes that the declarations ask for, those of a rebuild and those added later', async () => {
    const { name } = newView();
    await store.prepare([{ name, indexes: { due: ['office', 'dueOn'] } }]);
    const generation = await store.beginRebuild(name);
    expect(await store.finishRebuild(name, generation)).toBe(true);
    await store.prepare([{ name, indexes: { due: ['office', 'dueOn'], odd: ['a.b', '$c'] } }]);
    const indexes = await client.db().collection(`view.${name}.${generation}`).listIndexes().toArray();
    expect(indexes.map(({ key }) => Object.keys(key).join(' ')).toSorted()).toEqual([
      '_id',
      'live key_a%2Eb key_%24c _id',
      'live key_office key_dueOn _id',
    ]);
  });

  it('finds by members that no field could be named after', async () => {
    const view = newView({ odd: ['a.b', '$c\u0000'] });
    await store.prepare([view]);
    await store.commit({ view: view.name }, [rowAt('a', 1, { 'a.b': '甲', '$c\u0000': 1 })], 1);
    const found = await store.find(view.name, { index: 'odd', equals: ['甲', 1], limit: 1 });
    expect(found.rows).toEqual([{ id: 'a', 'a.b': '甲', '$c\u0000': 1 }]);
  });

  it('writes the new among rows that stand at newer positions already', async () => {
    const { name: view } = newView();
    await store.prepare([{ name: view, indexes: {} }]);
    const held = Array.from({ length: 50 }, (_, n) => rowAt(`row${n * 2}`, 9, { by: 'held' }));
    await store.commit({ view }, held, 9);
    const all = Array.from({ length: 100 }, (_, n) => rowAt(`row${n}`, 5, { by: 'late' }));
    await store.commit({ view }, all, 9);
    const rows = await store.get(
      view,
      all.map(({ id }) => id),
    );
    expect(rows.map(({ id, by }) => [id, by])).toEqual(all.map(({ id }, n) => [id, n % 2 === 0 ? 'held' : 'late']));
  });

  it('lets the highest position win where two write the same new rows at once', async () => {
    const { name: view } = newView();
    const other = await openMongoViewStore({ url });
    await store.prepare([{ name: view, indexes: {} }]);
    const ids = Array.from({ length: 40 }, (_, n) => `row${n}`);
    await Promise.all(
      [3, 7, 5, 9, 1].map((position, n) =>
        (n % 2 ? store : other).commit(
          { view },
          ids.map((id) => (position === 5 ? goneAt(id, position) : rowAt(id, position, { position }))),
          position,
        ),
      ),
    );
    await other.close();
    expect(await store.load({ view }, ids)).toEqual(ids.map((id) => rowAt(id, 9, { position: 9 })));
    expect(await store.checkpoint({ view })).toBe(9);
  });

  it('leaves no collection of generations that are no more, however late one writes', async () => {
    const { name } = newView();
    await store.prepare([{ name, indexes: { n: ['n'] } }]);
    const first = await store.generation(name);
    await store.commit({ view: name, generation: first }, [rowAt('a', 1)], 1);
    await store.beginRebuild(name);
    const second = await store.beginRebuild(name);
    await store.commit({ view: name, generation: second }, [rowAt('a', 1)], 1);
    expect(await store.finishRebuild(name, second)).toBe(true);
    const late = store.commit({ view: name, generation: first }, [rowAt('late', 2)], 2);
    await expect(late).rejects.toThrow(GenerationGone);
    expect(await collections(name)).toEqual([`view.${name}.${second}`]);
    await client.db().collection(`view.${name}.${first}`).insertOne({ left: 'by a process that died' });
    await store.prepare([{ name, indexes: { n: ['n'] } }]);
    expect(await collections(name)).toEqual([`view.${name}.${second}`]);
  });

  it('lets one of many that finish rebuilds at once let its rows answer', async () => {
    const { name } = newView();
    await store.prepare([{ name, indexes: {} }]);
    const generations = await Promise.all(Array.from({ length: 4 }, () => store.beginRebuild(name)));
    expect(new Set(generations).size).toBe(4);
    const ends = await Promise.allSettled(generations.map((generation) => store.finishRebuild(name, generation)));
    const last = Math.max(...generations);
    expect(ends[generations.indexOf(last)]).toEqual({ status: 'fulfilled', value: true });
    expect(await store.generation(name)).toBe(last);
    expect(await store.checkpoint({ view: name, generation: last })).toBe(0);
  });

  it('lets several processes prepare and fill an empty database at once', async () => {
    const { name } = newView();
    const script = `
      import { openMongoViewStore } from '#infrastructure/mongoDb/viewStore.ts';
      const [url, name] = process.argv.slice(1);
      const store = await openMongoViewStore({ url });
      await store.prepare([{ name, indexes: { office: ['office'], both: ['office', 'id'] } }]);
      for (let n = 1; n <= 20; n += 1) {
        const id = process.pid + '-' + n;
        await store.commit({ view: name }, [{ id, position: n, row: { id, office: 'a' } }], n);
      }
      await store.close();`;
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, url, name], {
        cwd: join(import.meta.dirname, '../..'),
        stdio: 'inherit',
      }),
    );
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends).toEqual(children.map(() => [0, null]));
    await store.prepare([{ name, indexes: { office: ['office'] } }]);
    expect(await store.count(name, { index: 'office', equals: ['a'], limit: 1000 })).toBe(60);
  });
});
