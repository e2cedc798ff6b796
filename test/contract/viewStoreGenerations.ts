import { describe, expect, it } from 'vitest';
import { GenerationGone, type ViewStore } from '#application/ports.ts';
import { newView, rowAt } from './viewStoreRows.ts';

type Handles = { store: ViewStore; another: () => Promise<ViewStore> };

const view = { n: ['n'] };

/** What every `ViewStore` keeps to while views are rebuilt, by this process or another. */
export const viewStoreGenerations = (handles: () => Handles): void => {
  describe('rebuilding', () => {
    /** A view of one row, carried to position 10. */
    const standing = async () => {
      const { store, another } = handles();
      const { name } = newView();
      await store.prepare([{ name, indexes: view }]);
      await store.commit({ view: name }, [rowAt('old', 10, { n: 1 })], 10);
      const found = async (from = store) =>
        (await from.find(name, { index: 'n', equals: [1], limit: 10 })).rows.map(({ id }) => id);
      return { store, another, name, found };
    };

    it('lets the old rows answer until the new ones have come as far', async () => {
      const { store, name, found } = await standing();
      const generation = await store.beginRebuild(name);
      expect(await store.checkpoint({ view: name, generation })).toBe(0);
      await store.commit({ view: name, generation }, [rowAt('new', 9, { n: 1 })], 9);
      expect(await found()).toEqual(['old']);
      expect(await store.load({ view: name, generation }, ['old', 'new'])).toEqual([rowAt('new', 9, { n: 1 })]);
      expect(await store.finishRebuild(name, generation)).toBe(false);
      expect(await found()).toEqual(['old']);
      await store.commit({ view: name, generation }, [], 10);
      expect(await store.finishRebuild(name, generation)).toBe(true);
      expect(await found()).toEqual(['new']);
      expect(await store.get(name, ['old', 'new'])).toEqual([{ id: 'new', n: 1 }]);
      expect(await store.generation(name)).toBe(generation);
      expect(await store.checkpoint({ view: name })).toBe(10);
    });

    it('answers a repeated finish as the first', async () => {
      const { store, name } = await standing();
      const generation = await store.beginRebuild(name);
      await store.commit({ view: name, generation }, [], 10);
      expect(await store.finishRebuild(name, generation)).toBe(true);
      expect(await store.finishRebuild(name, generation)).toBe(true);
    });

    it('does not let who pinned the old generation write into the new one', async () => {
      const { store, name } = await standing();
      const pinned = { view: name, generation: await store.generation(name) };
      await store.commit(pinned, [rowAt('old', 11, { n: 2 })], 11);
      const generation = await store.beginRebuild(name);
      await store.commit({ view: name, generation }, [], 11);
      expect(await store.finishRebuild(name, generation)).toBe(true);
      await expect(store.commit(pinned, [rowAt('late', 12, { n: 1 })], 12)).rejects.toThrow(GenerationGone);
      await expect(store.commit(pinned, [], 12)).rejects.toThrow(GenerationGone);
      await expect(store.load(pinned, ['old'])).rejects.toThrow(GenerationGone);
      await expect(store.checkpoint(pinned)).rejects.toThrow(GenerationGone);
      expect(await store.get(name, ['late', 'old'])).toEqual([]);
      expect(await store.checkpoint({ view: name })).toBe(11);
    });

    it('gives up an unfinished rebuild for the next one', async () => {
      const { store, name, found } = await standing();
      const first = await store.beginRebuild(name);
      await store.commit({ view: name, generation: first }, [rowAt('first', 10, { n: 1 })], 10);
      const second = await store.beginRebuild(name);
      expect(second).not.toBe(first);
      const late = store.commit({ view: name, generation: first }, [rowAt('late', 11, { n: 1 })], 11);
      await expect(late).rejects.toThrow(GenerationGone);
      await expect(store.finishRebuild(name, first)).rejects.toThrow(GenerationGone);
      expect(await store.load({ view: name, generation: second }, ['first'])).toEqual([]);
      expect(await found()).toEqual(['old']);
    });

    it('lets everyone read the new rows once another handle has finished', async () => {
      const { store, another, name, found } = await standing();
      const other = await another();
      await other.prepare([{ name, indexes: view }]);
      expect(await found(other)).toEqual(['old']);
      const generation = await other.beginRebuild(name);
      await other.commit({ view: name, generation }, [rowAt('new', 10, { n: 1 })], 10);
      const reading = Array.from({ length: 20 }, () => found());
      expect(await other.finishRebuild(name, generation)).toBe(true);
      for (const ids of await Promise.all(reading)) expect(['old', 'new']).toContain(ids.join());
      expect(await found()).toEqual(['new']);
      expect(await store.get(name, ['new'])).toEqual([{ id: 'new', n: 1 }]);
    });

    it('lets two prepare the same views at once, and one while the other rebuilds', async () => {
      const { store, another } = handles();
      const other = await another();
      const views = Array.from({ length: 5 }, () => newView({ n: ['n'], m: ['m', 'n'] }));
      await Promise.all([store.prepare(views), other.prepare(views), store.prepare(views)]);
      for (const { name } of views) {
        await store.commit({ view: name }, [rowAt('a', 1, { n: 1 })], 1);
        const generation = await other.beginRebuild(name);
        await store.prepare(views);
        await other.commit({ view: name, generation }, [rowAt('b', 1, { n: 1 })], 1);
        expect(await other.finishRebuild(name, generation)).toBe(true);
        expect((await store.find(name, { index: 'm', equals: [], limit: 2 })).rows).toEqual([{ id: 'b', n: 1 }]);
      }
    });
  });
};
