import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataKey, DataKeys } from '#application/ports.ts';
import { requireMaster } from '#infrastructure/sealing/masterKey.ts';
import { rewrapKeys } from '../../src/operations/rewrapKeys.ts';

/** An empty keeper of data keys; `open` opens a further handle with a master key. */
export type EmptyKeeper = { open: (master: KeyObject) => Promise<DataKeys>; dispose: () => Promise<void> };

const unused = createSecretKey(randomBytes(32));
const silent = () => () => undefined;

/** Changes so many pages, then stops as a killed process does: with some of them written or none. */
const stoppingAfter = (keeper: DataKeys, pages: number): DataKeys => {
  let left = pages;
  return {
    ...keeper,
    rewrap: async (keys) => {
      if (left === 0) {
        await keeper.rewrap(keys.slice(0, keys.length / 2));
        throw new Error('killed');
      }
      left -= 1;
      await keeper.rewrap(keys);
    },
  };
};

/** Takes what was made ahead, and then a key that is to be made now. */
export const untilRefused = async (keys: DataKeys): Promise<never> => {
  for (;;) await keys.next();
};

/** What every `DataKeys` keeps to while its master key is replaced. */
export const rotationContract = (name: string, empty: () => Promise<EmptyKeeper>): void => {
  describe(`a rotation of the master key over ${name}`, () => {
    const [present, next] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
    let keeper: EmptyKeeper;
    let made: DataKey[];
    let gone: DataKey;
    let before: DataKeys;

    beforeAll(async () => {
      keeper = await empty();
      before = await keeper.open(present);
      await requireMaster(before, present);
      made = await Promise.all(Array.from({ length: 200 }, () => before.next()));
      gone = await before.next();
      await before.destroy(gone.id);
    });
    afterAll(() => keeper.dispose());

    it('goes on where it was stopped, however often, and ends with every key under the new one', async () => {
      const wrapped = await keeper.open(unused);
      for (const pages of [0, 1, 2]) {
        await expect(rewrapKeys(stoppingAfter(wrapped, pages), { present, next }, silent)).rejects.toThrow('killed');
      }
      const told: [number, number][] = [];
      await rewrapKeys(wrapped, { present, next }, () => (done, total) => told.push([done, total]));
      expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
      expect(await rewrapKeys(wrapped, { present, next }, silent)).toBe(0);
      const after = await keeper.open(next);
      for (const { id, key } of made) expect((await after.find(id))?.key.equals(key)).toBe(true);
      expect(await after.find(gone.id)).toBeUndefined();
    });

    it('leaves nothing that the former one opens, in a process that still has it neither', async () => {
      await expect(before.find(made[0]?.id ?? '')).rejects.toThrow(/master key/);
      await expect(requireMaster(before, present)).rejects.toThrow(/keys\/master\.key/);
      await expect(untilRefused(before)).rejects.toThrow(/master key/);
      const after = await keeper.open(next);
      await requireMaster(after, next);
      for (const { id } of await after.kept('', 1000)) await after.find(id);
      expect((await after.next()).key.symmetricKeySize).toBe(32);
    });

    it('stops at a key that neither opens, and names it', async () => {
      const strangers = { present: unused, next: createSecretKey(randomBytes(32)) };
      await expect(rewrapKeys(await keeper.open(unused), strangers, silent)).rejects.toThrow(/^Data key \S+ does not/);
    });
  });
};
