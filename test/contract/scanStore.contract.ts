import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanStore } from '#application/ports.ts';

/** A store of scans under test; `another` opens a further handle on the same scans. */
export type OpenedScanStore = { scans: ScanStore; another: () => Promise<ScanStore>; dispose: () => Promise<void> };

const allIds = async (scans: ScanStore, limit: number): Promise<readonly string[]> => {
  const all: string[] = [];
  for (let page = await scans.list('', limit); page.length > 0; page = await scans.list(all.at(-1) ?? '', limit)) {
    all.push(...page);
  }
  return all;
};

/** What every `ScanStore` keeps to. */
export const scanStoreContract = (name: string, open: () => Promise<OpenedScanStore>): void => {
  describe(`${name} as keeper of scans`, () => {
    let opened: OpenedScanStore;

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.dispose());

    it.each([0, 1, 1024 * 1024, 1024 * 1024 + 1, 5 * 1024 * 1024 + 100])(
      'gives back %i bytes as they were put, to another handle at once',
      async (size) => {
        const bytes = randomBytes(size);
        await opened.scans.put(`size-${size}`, bytes);
        const other = await opened.another();
        expect(bytes.equals((await other.get(`size-${size}`)) ?? randomBytes(3))).toBe(true);
      },
    );

    it('has nothing under an id that nothing was put under', async () => {
      expect(await opened.scans.get('absent')).toBeUndefined();
      expect(await opened.scans.get(`' or 1 --`)).toBeUndefined();
      await opened.scans.delete('absent');
    });

    it('puts the last in the place of the one before, longer or shorter', async () => {
      for (const size of [3, 3_000_000, 5]) {
        const bytes = randomBytes(size);
        await opened.scans.put('again', bytes);
        expect(bytes.equals((await opened.scans.get('again')) ?? randomBytes(9))).toBe(true);
      }
    });

    it('deletes a scan whole, once and again, and no other', async () => {
      await opened.scans.put('gone', randomBytes(2_500_000));
      await opened.scans.put('gone-not', randomBytes(5));
      await opened.scans.delete('gone');
      await opened.scans.delete('gone');
      expect(await opened.scans.get('gone')).toBeUndefined();
      expect(await opened.scans.get('gone-not')).toHaveLength(5);
    });

    it('lists every id once, in order, whatever the page', async () => {
      for (const id of ['b', 'a', 'c']) await opened.scans.put(`list-${id}`, randomBytes(1_100_000));
      const [one, all] = [await allIds(opened.scans, 1), await allIds(opened.scans, 100)];
      expect(one).toEqual(all);
      expect(all).toEqual([...new Set(all)].toSorted());
      expect(all.filter((id) => id.startsWith('list-'))).toEqual(['list-a', 'list-b', 'list-c']);
    });
  });
};
