import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransientStore } from '#application/ports.ts';

/** A store under test; `another` opens a further handle on the same state, as another process has one. */
export type OpenedTransientStore = {
  store: TransientStore;
  another: () => Promise<TransientStore>;
  reopen?: () => Promise<TransientStore>;
  dispose: () => Promise<void>;
};

const start = Date.parse('2026-07-11T00:00:00Z');
const minute = 60_000;

/** What every `TransientStore` keeps to. It may hold other people's state: each test has kinds of its own. */
export const transientStoreContract = (name: string, open: () => Promise<OpenedTransientStore>): void => {
  describe(`${name} as a transient store`, () => {
    let opened: OpenedTransientStore;
    let store: TransientStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    const newKind = (): string => `contract-${randomUUID()}`;

    describe('keeping', () => {
      it('gives back what was put until its end, by the clock it is asked with', async () => {
        const kind = newKind();
        await store.put(kind, 'a', { step: 3, 名: '𠮷' }, start + minute);
        expect(await store.get(kind, 'a', start)).toEqual({ step: 3, 名: '𠮷' });
        expect(await store.get(kind, 'a', start + minute - 1)).toEqual({ step: 3, 名: '𠮷' });
        expect(await store.get(kind, 'a', start + minute)).toBeUndefined();
        expect(await store.get(kind, 'b', start)).toBeUndefined();
        expect(await store.get(newKind(), 'a', start)).toBeUndefined();
      });

      it('overwrites value and end', async () => {
        const kind = newKind();
        await store.put(kind, 'a', { v: 1 }, start + 10 * minute);
        await store.put(kind, 'a', { v: 2 }, start + minute);
        expect(await store.get(kind, 'a', start)).toEqual({ v: 2 });
        expect(await store.get(kind, 'a', start + minute)).toBeUndefined();
        await store.put(kind, 'a', { v: 3 }, start + 2 * minute);
        expect(await store.get(kind, 'a', start + minute)).toEqual({ v: 3 });
      });

      it('forgets what is removed, and only that', async () => {
        const kind = newKind();
        await store.put(kind, 'a', { v: 1 }, start + minute);
        await store.put(kind, 'b', { v: 2 }, start + minute);
        await store.remove(kind, 'a');
        await store.remove(kind, 'absent');
        expect(await store.get(kind, 'a', start)).toBeUndefined();
        expect(await store.get(kind, 'b', start)).toEqual({ v: 2 });
      });

      it.each([`'; drop table entries --`, 'a\u0000b', '𠮷', '', '证'.repeat(2000)])(
        'keeps the id %j apart',
        async (id) => {
          const kind = newKind();
          await store.put(kind, id, { text: id }, start + minute);
          await store.put(kind, `${id}.`, { text: 'other' }, start + minute);
          expect(await store.get(kind, id, start)).toEqual({ text: id });
        },
      );
    });

    describe('counting', () => {
      it('counts up until its end, which the first count sets, then starts anew', async () => {
        const kind = newKind();
        const counts: number[] = [];
        for (const at of [0, 1, 59_999]) counts.push(await store.increment(kind, 'a', start + at, start + at + minute));
        counts.push(await store.increment(kind, 'a', start + minute, start + 2 * minute));
        counts.push(await store.increment(kind, 'a', start + minute + 1, start + 2 * minute));
        expect(counts).toEqual([1, 2, 3, 1, 2]);
        expect(await store.increment(kind, 'b', start, start + minute)).toBe(1);
      });

      it('loses no count of many at once, on two handles', async () => {
        const kind = newKind();
        const other = await opened.another();
        const counted = await Promise.all(
          Array.from({ length: 100 }, (_, n) => (n % 2 ? store : other).increment(kind, 'a', start, start + minute)),
        );
        expect(counted.toSorted((one, two) => one - two)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      });

      it('takes back what was counted, never below none, and leaves the end as it is', async () => {
        const kind = newKind();
        const by = (at: number, more?: number) => store.increment(kind, 'a', start + at, start + at + minute, more);
        expect(await by(0, -1)).toBe(0);
        expect([await by(1), await by(2), await by(3, -1), await by(4, 0)]).toEqual([1, 2, 1, 1]);
        expect([await by(5, -1), await by(6, -1), await by(7)]).toEqual([0, 0, 1]);
        expect([await by(minute, 0), await by(minute + 1, -1), await by(minute + 2)]).toEqual([0, 0, 1]);
      });

      it('starts anew once it was removed', async () => {
        const kind = newKind();
        await store.increment(kind, 'a', start, start + minute);
        await store.remove(kind, 'a');
        expect(await store.increment(kind, 'a', start, start + minute)).toBe(1);
      });
    });

    describe('putting where nothing stands', () => {
      it('puts once until the end of the first', async () => {
        const kind = newKind();
        expect(await store.putIfAbsent(kind, 'a', { by: 'first' }, start, start + minute)).toBe(true);
        expect(await store.putIfAbsent(kind, 'a', { by: 'second' }, start + 1, start + 2 * minute)).toBe(false);
        expect(await store.get(kind, 'a', start + 1)).toEqual({ by: 'first' });
        expect(await store.putIfAbsent(kind, 'a', { by: 'third' }, start + minute, start + 2 * minute)).toBe(true);
        expect(await store.get(kind, 'a', start + minute)).toEqual({ by: 'third' });
      });

      it('lets exactly one of many at once, on two handles', async () => {
        const kind = newKind();
        const other = await opened.another();
        const tries = await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            (n % 2 ? store : other).putIfAbsent(kind, 'a', { n }, start, start + minute),
          ),
        );
        expect(tries.filter((put) => put)).toHaveLength(1);
        expect(await store.get(kind, 'a', start)).toEqual({ n: tries.indexOf(true) });
      });

      it('puts again what was removed', async () => {
        const kind = newKind();
        await store.putIfAbsent(kind, 'a', { v: 1 }, start, start + minute);
        await store.remove(kind, 'a');
        expect(await store.putIfAbsent(kind, 'a', { v: 2 }, start, start + minute)).toBe(true);
      });
    });

    describe('putting where something stands', () => {
      it('replaces value and end of what lives, and nothing else', async () => {
        const kind = newKind();
        expect(await store.replaceIfPresent(kind, 'a', { v: 0 }, start, start + minute)).toBe(false);
        expect(await store.get(kind, 'a', start)).toBeUndefined();
        await store.put(kind, 'a', { v: 1 }, start + minute);
        expect(await store.replaceIfPresent(kind, 'a', { v: 2 }, start + 1, start + 2 * minute)).toBe(true);
        expect(await store.get(kind, 'a', start + minute)).toEqual({ v: 2 });
        expect(await store.replaceIfPresent(kind, 'a', { v: 3 }, start + 2 * minute, start + 3 * minute)).toBe(false);
        expect(await store.get(kind, 'a', start + 2 * minute)).toBeUndefined();
      });

      it('brings nothing back that another handle removed', async () => {
        const kind = newKind();
        const other = await opened.another();
        await store.put(kind, 'a', { v: 1 }, start + minute);
        await other.remove(kind, 'a');
        expect(await store.replaceIfPresent(kind, 'a', { v: 2 }, start, start + minute)).toBe(false);
        expect(await other.get(kind, 'a', start)).toBeUndefined();
      });
    });

    it('keeps what lives however much has ended', async () => {
      const kind = newKind();
      await store.put(kind, 'living', { v: 1 }, start + 1000 * minute);
      for (let n = 0; n < 1200; n += 1) await store.put(kind, `ended${n}`, { n }, start + minute);
      for (let n = 0; n < 5; n += 1)
        await store.increment(kind, 'tries', start + (2 + n) * minute, start + 900 * minute);
      expect(await store.get(kind, 'living', start + 900 * minute - 1)).toEqual({ v: 1 });
      expect(await store.get(kind, 'ended7', start + 2 * minute)).toBeUndefined();
      expect(await store.increment(kind, 'tries', start + 800 * minute, start + 900 * minute)).toBe(6);
    });

    it('still holds what lives when it is opened again', async (context) => {
      const { reopen } = opened;
      if (reopen === undefined) return context.skip();
      const kind = newKind();
      await store.put(kind, 'a', { v: 1 }, start + minute);
      await store.increment(kind, 'n', start, start + minute);
      store = await reopen();
      expect(await store.get(kind, 'a', start)).toEqual({ v: 1 });
      expect(await store.increment(kind, 'n', start, start + minute)).toBe(2);
    });
  });
};
