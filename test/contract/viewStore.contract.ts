import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenerationGone, type StoredRow, type ViewDeclaration, type ViewStore } from '#application/ports.ts';
import { viewStoreFinding } from './viewStoreFinding.ts';
import { viewStoreGenerations } from './viewStoreGenerations.ts';
import { writesAsTheModel } from './viewStoreModel.ts';
import { allPages, goneAt, newView, rowAt } from './viewStoreRows.ts';

/** A store under test; `another` opens a further handle on the same views, as another process has one. */
export type OpenedViewStore = {
  store: ViewStore;
  another: () => Promise<ViewStore>;
  reopen?: () => Promise<ViewStore>;
  dispose: () => Promise<void>;
};

const strange = {
  quotes: `'"; DROP TABLE "view" --`,
  nul: 'a\u0000b',
  rare: '𠮷野家 㵲阳河',
  json: '$."x"[0]',
  mark: '%_\\',
  long: '证'.repeat(3000),
  empty: '',
};

/** How many random queries are tried; fewer where a server without real indexes answers. */
export type ViewStoreEffort = { runs?: number | undefined };

/** What every `ViewStore` keeps to. Stores may hold other people's views: each test has a view of its own. */
export const viewStoreContract = (
  name: string,
  open: () => Promise<OpenedViewStore>,
  { runs }: ViewStoreEffort = {},
): void => {
  describe(`${name} as a view store`, () => {
    let opened: OpenedViewStore;
    let store: ViewStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    const prepared = async (indexes?: ViewDeclaration['indexes']): Promise<string> => {
      const view = newView(indexes);
      await store.prepare([view]);
      return view.name;
    };
    const filled = async (rows: readonly StoredRow[], indexes?: ViewDeclaration['indexes']): Promise<string> => {
      const view = await prepared(indexes);
      await store.commit({ view }, rows, Math.max(0, ...rows.map(({ position }) => position)));
      return view;
    };

    describe('writing', () => {
      it('gives back the rows asked for, and nothing for those it does not hold', async () => {
        const view = await filled([rowAt('a', 1, { n: 1, 名: { 深: [null, true] } }), rowAt('b', 2)]);
        const rows = await store.get(view, ['b', 'absent', 'a']);
        expect(rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
          { id: 'a', n: 1, 名: { 深: [null, true] } },
          { id: 'b' },
        ]);
        expect(await store.get(view, [])).toEqual([]);
      });

      it('writes over older positions only', async () => {
        const view = await filled([rowAt('a', 5, { v: 'five' })]);
        await store.commit({ view }, [rowAt('a', 4, { v: 'four' }), rowAt('b', 4, { v: 'four' })], 5);
        await store.commit({ view }, [rowAt('a', 5, { v: 'again' })], 5);
        expect(await store.get(view, ['a', 'b'])).toEqual(
          expect.arrayContaining([
            { id: 'a', v: 'five' },
            { id: 'b', v: 'four' },
          ]),
        );
        await store.commit({ view }, [rowAt('a', 6, { v: 'six' })], 6);
        expect(await store.get(view, ['a'])).toEqual([{ id: 'a', v: 'six' }]);
      });

      it('remembers at which position a row was deleted, and lets no older one return', async () => {
        const view = await filled([rowAt('a', 1), rowAt('b', 2)], { all: ['id'] });
        await store.commit({ view }, [goneAt('a', 3)], 3);
        await store.commit({ view }, [rowAt('a', 2)], 3);
        expect(await store.get(view, ['a', 'b'])).toEqual([{ id: 'b' }]);
        expect(await store.find(view, { index: 'all', equals: [], limit: 10 })).toEqual({
          rows: [{ id: 'b' }],
          next: undefined,
        });
        expect(await store.count(view, { index: 'all', equals: [], limit: 10 })).toBe(1);
        expect(await store.load({ view }, ['a', 'absent'])).toEqual([goneAt('a', 3)]);
        await store.commit({ view }, [rowAt('a', 4)], 4);
        expect(await store.get(view, ['a'])).toEqual([{ id: 'a' }]);
      });

      it('loads rows with the positions they were folded to', async () => {
        const view = await filled([rowAt('a', 7, { n: 1 }), rowAt('b', 9)]);
        expect(await store.load({ view }, ['a'])).toEqual([rowAt('a', 7, { n: 1 })]);
      });

      it('shows the whole view page by page, deleted rows included, each once', async () => {
        const rows = [...Array.from({ length: 25 }, (_, n) => rowAt(`row-${n}`, n + 1, { n })), goneAt('row-gone', 30)];
        const view = await filled(rows);
        const seen: StoredRow[] = [];
        for (let page = await store.scan({ view }, '', 10); page.length > 0; ) {
          expect(page.length).toBeLessThanOrEqual(10);
          seen.push(...page);
          page = await store.scan({ view }, seen.at(-1)?.id ?? '', 10);
        }
        expect(seen).toHaveLength(rows.length);
        expect(seen).toEqual(expect.arrayContaining(rows));
        const generation = await store.generation(view);
        expect(await store.scan({ view, generation }, '', 100)).toEqual(seen);
        await expect(store.scan({ view, generation: 99 }, '', 1)).rejects.toThrow(GenerationGone);
      });

      it('writes nothing of a commit that fails half way', async () => {
        const view = await filled([rowAt('a', 1)]);
        const circular: Record<string, unknown> = {};
        circular['self'] = circular;
        await expect(store.commit({ view }, [rowAt('b', 2), rowAt('c', 2, circular)], 2)).rejects.toThrow();
        expect(await store.get(view, ['a', 'b', 'c'])).toEqual([{ id: 'a' }]);
        expect(await store.checkpoint({ view })).toBe(1);
      });

      it('moves the checkpoint forward, never back', async () => {
        const view = await prepared();
        expect(await store.checkpoint({ view })).toBe(0);
        await store.commit({ view }, [], 12);
        await store.commit({ view }, [], 7);
        expect(await store.checkpoint({ view })).toBe(12);
      });

      it('keeps a checkpoint for names that are no view, such as reactions', async () => {
        const { name: reaction } = newView();
        expect(await store.checkpoint({ view: reaction })).toBe(0);
        await store.commit({ view: reaction }, [], 3);
        expect(await store.checkpoint({ view: reaction })).toBe(3);
      });

      it('writes as the model, whatever order positions come in', () => writesAsTheModel(() => store));
    });

    viewStoreFinding(() => store, runs);

    it.each(Object.entries(strange))('keeps ids and values of %s as they are', async (_, text) => {
      const id = `${text}-id`;
      const view = await filled(
        [rowAt(id, 1, { text, deep: { [text]: text } }), rowAt('other', 1, { text: 'other' })],
        {
          text: ['text'],
        },
      );
      expect(await store.get(view, [id])).toEqual([{ id, text, deep: { [text]: text } }]);
      const query = { index: 'text', limit: 1 };
      const found = await store.find(view, { ...query, equals: [text] });
      expect(found.rows.map((row) => row.id)).toEqual([id]);
      const paged = await allPages((after) => store.find(view, { ...query, equals: [], ...(after ? { after } : {}) }));
      expect(paged).toHaveLength(2);
    });

    it('lets a new index of a filled view find its old rows', async () => {
      const { name } = newView();
      await store.prepare([{ name, indexes: { one: ['one'] } }]);
      await store.commit({ view: name }, [rowAt('a', 1, { one: 1, two: 2 })], 1);
      await store.prepare([{ name, indexes: { one: ['one'], two: ['two', 'one'] } }]);
      const found = await store.find(name, { index: 'two', equals: [2], limit: 10 });
      expect(found.rows.map(({ id }) => id)).toEqual(['a']);
    });

    viewStoreGenerations(() => ({ store, another: opened.another }));

    it('still holds everything when it is opened again', async (context) => {
      const { reopen } = opened;
      if (reopen === undefined) return context.skip();
      const view = newView({ n: ['n'] });
      await store.prepare([view]);
      await store.commit({ view: view.name }, [rowAt('a', 1, { n: 1 }), goneAt('b', 2)], 5);
      store = await reopen();
      await store.prepare([view]);
      expect(await store.checkpoint({ view: view.name })).toBe(5);
      expect(await store.load({ view: view.name }, ['a', 'b'])).toEqual([rowAt('a', 1, { n: 1 }), goneAt('b', 2)]);
      expect((await store.find(view.name, { index: 'n', equals: [1], limit: 1 })).rows).toEqual([{ id: 'a', n: 1 }]);
    });
  });
};
