import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataKey, DataKeys, KeptKey } from '#application/ports.ts';
import { masterProof, wrapKey } from '#infrastructure/sealing/wrappedKeys.ts';
import { untilRefused } from './rotation.contract.ts';

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
      const made = await many(opened.keys, 300);
      const found = await Promise.all(made.map(({ id }) => other.find(id)));
      for (const [n, { key }] of made.entries()) expect(found[n]?.key.equals(key)).toBe(true);
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

    it('destroys a key for ever: at once on every handle that had opened it, and on those opened later', async () => {
      const other = await opened.another();
      const [one, kept] = await many(opened.keys, 2);
      if (one === undefined || kept === undefined) throw new Error('no keys were made');
      for (const keys of [opened.keys, other]) expect((await keys.find(one.id))?.id).toBe(one.id);
      await other.destroy(one.id);
      for (const keys of [opened.keys, other, await opened.another()]) {
        expect(await keys.find(one.id)).toBeUndefined();
        expect((await keys.find(kept.id))?.key.equals(kept.key)).toBe(true);
      }
    });

    it('takes the same destruction again, from many at once, and one of a key that it never had', async () => {
      const [one] = await many(opened.keys, 1);
      const id = one?.id ?? '';
      const other = await opened.another();
      await Promise.all([opened.keys.destroy(id), other.destroy(id), opened.keys.destroy(id)]);
      await opened.keys.destroy(id);
      await opened.keys.destroy('never-had');
      expect(await other.find(id)).toBeUndefined();
      expect(await other.find('never-had')).toBeUndefined();
      expect((await many(opened.keys, 300)).every((key) => key.id !== id)).toBe(true);
    });

    it('never takes a destroyed key back, and destroys its own where another keeper destroyed it', async () => {
      const [gone, own] = await many(opened.keys, 2);
      const standing = await keptOf(opened.keys, gone?.id ?? '');
      await opened.keys.destroy(gone?.id ?? '');
      await opened.keys.keep([standing]);
      await opened.keys.rewrap([{ ...standing, from: standing.wrapped }]);
      expect(await opened.keys.find(gone?.id ?? '')).toBeUndefined();
      expect(await keptOf(opened.keys, gone?.id ?? '')).toEqual({ id: gone?.id, wrapped: '' });
      await opened.keys.keep([{ id: own?.id ?? '', wrapped: '' }]);
      expect(await (await opened.another()).find(own?.id ?? '')).toBeUndefined();
    });

    it('takes another wrapping in the place of the one named only', async () => {
      const other = createSecretKey(randomBytes(32));
      const [one] = await many(opened.keys, 1);
      if (one === undefined) throw new Error('no key was made');
      const { id, wrapped: from } = await keptOf(opened.keys, one.id);
      const { wrapped } = wrapKey(other, id, one.key.export());
      await opened.keys.rewrap([{ id, wrapped, from: 'another' }]);
      expect((await keptOf(opened.keys, id)).wrapped).toBe(from);
      await opened.keys.rewrap([{ id, wrapped, from }]);
      await opened.keys.rewrap([]);
      await expect(opened.keys.find(id)).rejects.toThrow(/master key/);
      expect((await (await opened.another(other)).find(id))?.key.equals(one.key)).toBe(true);
    });

    it('makes no more keys under a master key that another took the place of', async () => {
      const [former, present] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
      const late = await opened.another(former);
      const proof = wrapKey(former, masterProof, randomBytes(32));
      await late.keep([proof]);
      await late.next();
      await late.rewrap([{ ...wrapKey(present, masterProof, randomBytes(32)), from: proof.wrapped }]);
      await expect(untilRefused(late)).rejects.toThrow(/master key/);
      expect((await (await opened.another(present)).next()).id).toMatch(/^[\w-]{8,}$/);
    });
  });
};

/** How one key is kept. */
const keptOf = async (keys: DataKeys, id: string): Promise<KeptKey> => {
  const before = id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) - 1);
  const page = await keys.kept(before, 50);
  const found = page.find((key) => key.id === id);
  if (found === undefined) throw new Error(`${id} is not kept`);
  return found;
};
