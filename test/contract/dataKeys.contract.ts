import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataKey, DataKeys, KeptKey } from '#application/ports.ts';

/** Keys under test; `another` opens a further handle on the same keys, with the same master key or the one given. */
export type OpenedDataKeys = {
  keys: DataKeys;
  another: (master?: KeyObject) => Promise<DataKeys>;
  dispose: () => Promise<void>;
};

/** What every `DataKeys` keeps to. */
export const dataKeysContract = (name: string, open: () => Promise<OpenedDataKeys>): void => {
  describe(`${name} as keeper of data keys`, () => {
    let opened: OpenedDataKeys;

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.dispose());

    const many = (keys: DataKeys, count: number): Promise<DataKey[]> =>
      Promise.all(Array.from({ length: count }, () => keys.next()));

    it('hands out keys of 256 bits that encrypt', async () => {
      const { key } = await opened.keys.next();
      expect(key.symmetricKeySize).toBe(32);
      expect(createCipheriv('aes-256-gcm', key, randomBytes(12)).update('证')).toHaveLength(3);
    });

    it('never hands out a key or an id twice, on two handles at once', async () => {
      const other = await opened.another();
      const handed = [...(await many(opened.keys, 600)), ...(await many(other, 600))];
      expect(new Set(handed.map(({ id }) => id)).size).toBe(1200);
      expect(new Set(handed.map(({ key }) => key.export().toString('hex'))).size).toBe(1200);
      for (const { id } of handed) expect(id).toMatch(/^[\w-]{8,}$/);
    });

    it('makes a key durable before it hands it out: others find it at once', async () => {
      const other = await opened.another();
      for (const { id, key } of await many(opened.keys, 300)) {
        expect((await other.find(id))?.key.equals(key)).toBe(true);
      }
    });

    it('finds nothing under an id that it never gave', async () => {
      expect(await opened.keys.find('absent')).toBeUndefined();
      expect(await opened.keys.find(`' or 1 --\u0000`)).toBeUndefined();
    });

    it('shows its keys as it keeps them, and keeps such keys of another keeper without touching its own', async () => {
      const [one] = await many(opened.keys, 1);
      const all: KeptKey[] = [];
      for (let page = await opened.keys.kept('', 100); page.length > 0; ) {
        all.push(...page);
        page = await opened.keys.kept(all.at(-1)?.id ?? '', 100);
      }
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const kept = all.find(({ id }) => id === one?.id);
      expect(kept?.wrapped).toMatch(/^[\w-]{80}$/);

      const copied = { id: `copy-${kept?.id}`, wrapped: 'as it was' };
      await opened.keys.keep([copied, { id: kept?.id ?? '', wrapped: 'another' }]);
      await opened.keys.keep([copied]);
      await opened.keys.keep([]);
      const again = await opened.keys.kept(copied.id.slice(0, -1), 1);
      expect(again).toEqual([copied]);
      const other = await opened.another();
      expect((await other.find(kept?.id ?? ''))?.key.equals(one?.key as DataKey['key'])).toBe(true);
    });

    it('does not open its keys with another master key, and says so', async () => {
      const { id } = await opened.keys.next();
      const stranger = await opened.another(createSecretKey(randomBytes(32)));
      await expect(stranger.find(id)).rejects.toThrow(/master key/);
      expect((await opened.keys.find(id))?.id).toBe(id);
    });
  });
};
