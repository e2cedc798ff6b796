import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredRow, ViewDeclaration, ViewQuery, ViewStore } from '#application/ports.ts';
import { pagesAreTheSortedFilter } from './viewStoreModel.ts';
import { allPages, goneAt, newView, rowAt } from './viewStoreRows.ts';

/** What every `ViewStore` keeps to when it finds and counts by a declared index. */
export const viewStoreFinding = (current: () => ViewStore, runs?: number): void => {
  describe('finding', () => {
    let store: ViewStore;
    beforeAll(() => {
      store = current();
    });
    const filled = async (rows: readonly StoredRow[], indexes: ViewDeclaration['indexes']): Promise<string> => {
      const view = newView(indexes);
      await store.prepare([view]);
      await store.commit({ view: view.name }, rows, 1);
      return view.name;
    };
    const indexes = { due: ['office', 'dueOn', 'at'], office: ['office'] };
    const dues = [
      rowAt('c', 1, { office: '甲', dueOn: '2026-01-03', at: 2 }),
      rowAt('a', 1, { office: '甲', dueOn: '2026-01-03', at: 1 }),
      rowAt('b', 1, { office: '甲', dueOn: '2026-01-01', at: 3 }),
      rowAt('d', 1, { office: '乙', dueOn: '2026-01-01', at: 1 }),
      rowAt('e', 1, { office: '甲' }),
    ];
    const idsFound = async (view: string, query: Partial<ViewQuery>) => {
      const page = await store.find(view, { index: 'due', equals: ['甲'], limit: 10, ...query });
      return page.rows.map(({ id }) => id).join('');
    };

    it.each([
      { query: {}, found: 'ebac', what: 'by the rest of the index, rows that lack a member first' },
      { query: { descending: true }, found: 'cabe', what: 'the other way round' },
      { query: { equals: ['甲', '2026-01-03'] }, found: 'ac', what: 'by more members' },
      { query: { from: '2026-01-02' }, found: 'ac', what: 'from a bound on' },
      { query: { from: '2026-01-01', before: '2026-01-03' }, found: 'b', what: 'between bounds' },
      { query: { before: '2026-01-03' }, found: 'b', what: 'below a bound, leaving out those without the member' },
      { query: { equals: ['甲', '2026-01-03'], from: 2 }, found: 'c', what: 'from a number on' },
      { query: { equals: ['丙'] }, found: '', what: 'nothing where nothing matches' },
      { query: { limit: 2 }, found: 'eb', what: 'no more than the limit' },
    ])('finds $what', async ({ query, found }) => {
      const view = await filled(dues, indexes);
      expect(await idsFound(view, query)).toBe(found);
    });

    it('tells rows apart that differ in type only', async () => {
      const view = await filled([rowAt('number', 1, { key: 1 }), rowAt('text', 1, { key: '1' })], { key: ['key'] });
      const found = await store.find(view, { index: 'key', equals: ['1'], limit: 10 });
      expect(found.rows.map(({ id }) => id)).toEqual(['text']);
    });

    it('hands out a cursor where more rows follow, and none after the last', async () => {
      const view = await filled(dues, indexes);
      const query = { index: 'due', equals: ['甲'], limit: 2 };
      const first = await store.find(view, query);
      const second = await store.find(view, { ...query, after: first.next ?? '' });
      expect([first, second].map(({ rows }) => rows.map(({ id }) => id).join(''))).toEqual(['eb', 'ac']);
      expect(second.next).toBeUndefined();
      expect((await store.find(view, { ...query, limit: 4 })).next).toBeUndefined();
    });

    it.each([
      { kinds: [{}, {}, { key: -1.5 }, { key: 2 }, { key: 2 }, { key: '' }, { key: '1' }, { key: '甲' }] },
      { kinds: [{}, {}, { key: '' }, { key: '甲' }] },
      { kinds: [{}, { key: 0 }, { key: 10 }] },
    ])('joins pages of one row each over $kinds, both ways round', async ({ kinds }) => {
      const rows = kinds.map((each, n) => rowAt(`row${n}`, 1, each));
      const view = await filled(rows, { key: ['key'] });
      const ids = rows.map(({ id }) => id);
      for (const descending of [false, true]) {
        const query = { index: 'key', equals: [], limit: 1, descending };
        const found = await allPages((after) => store.find(view, { ...query, ...(after ? { after } : {}) }));
        expect(found.map(({ id }) => id)).toEqual(descending ? ids.toReversed() : ids);
      }
    });

    it('joins pages to the sorted filter, for any rows and any query', () => pagesAreTheSortedFilter(current, runs));

    it('neither loses nor doubles the rows that stay while others move, end and appear between pages', async () => {
      const stay = Array.from({ length: 30 }, (_, n) => rowAt(`stay${n}`, 1, { office: '甲', dueOn: String(n % 7) }));
      const move = Array.from({ length: 10 }, (_, n) => rowAt(`move${n}`, 1, { office: '甲', dueOn: String(n % 7) }));
      const view = await filled([...stay, ...move], indexes);
      let position = 1;
      const rows = await allPages(async (after) => {
        position += 1;
        await store.commit(
          { view },
          [
            rowAt(`move${position}`, position, { office: '甲', dueOn: String((position * 3) % 7) }),
            goneAt(`move${position - 2}`, position),
            rowAt(`new${position}`, position, { office: '甲', dueOn: '3' }),
          ],
          position,
        );
        return store.find(view, {
          index: 'due',
          equals: ['甲'],
          limit: 4,
          ...(after === undefined ? {} : { after }),
        });
      });
      const stayed = rows.map(({ id }) => id).filter((id) => id.startsWith('stay'));
      expect(stayed).toHaveLength(30);
      expect(new Set(stayed)).toEqual(new Set(stay.map(({ id }) => id)));
    });

    it('counts no further than the limit, wherever the cursor stands', async () => {
      const view = await filled(dues, indexes);
      const { next = '' } = await store.find(view, { index: 'due', equals: ['甲'], limit: 2 });
      const count = (query: Partial<ViewQuery>) =>
        store.count(view, { index: 'due', equals: ['甲'], limit: 10, ...query });
      expect(await count({})).toBe(4);
      expect(await count({ limit: 3 })).toBe(3);
      expect(await count({ before: '2026-01-03' })).toBe(1);
      expect(await count({ after: next })).toBe(4);
      expect(await count({ equals: ['丙'] })).toBe(0);
    });

    it('refuses cursors that it never handed out', async () => {
      const view = await filled(dues, indexes);
      const { next: ofDue = '' } = await store.find(view, { index: 'due', equals: ['甲'], limit: 1 });
      const asked = (query: Partial<ViewQuery>) =>
        store.find(view, { index: 'office', equals: [], limit: 1, ...query });
      for (const after of [ofDue, '', 'AAAA', '{}', '../..', ofDue.slice(1), 'x'.repeat(10_000)]) {
        await expect(asked({ after }), after).rejects.toMatchObject({ name: 'InvalidCursor' });
      }
      const fewer = asked({ index: 'due', equals: ['甲', '2026-01-03'], after: ofDue });
      await expect(fewer).rejects.toMatchObject({ name: 'InvalidCursor' });
    });

    it('refuses an index that was not declared, and a limit that is none', async () => {
      const view = await filled(dues, indexes);
      await expect(store.find(view, { index: 'absent', equals: [], limit: 1 })).rejects.toThrow(RangeError);
      await expect(store.find(view, { index: 'due', equals: [], limit: 0 })).rejects.toThrow(RangeError);
      await expect(store.find(view, { index: 'office', equals: ['甲'], from: 'a', limit: 1 })).rejects.toThrow(
        RangeError,
      );
    });
  });
};
