import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DataKey, KeptKey } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { decrypt, encrypt } from './aead.ts';

/** Keys made by one durable write: as many registrations share it. */
const batch = 256;
const mostOpened = 20_000;

/** A batch of new keys, opened and as they are to be kept. */
export const newKeys = (master: KeyObject): { keys: DataKey[]; kept: KeptKey[] } => {
  const made = Array.from({ length: batch }, () => ({
    id: randomBytes(9).toString('base64url'),
    bytes: randomBytes(32),
  }));
  return {
    keys: made.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) })),
    kept: made.map(({ id, bytes }) => ({ id, wrapped: encrypt(master, bytes, id) })),
  };
};

/** Opens a kept key; throws `SealBroken`, naming the place it was kept in, where the master key is another. */
export const openKey = (master: KeyObject, { id, wrapped }: KeptKey, place: string): DataKey => {
  try {
    return { id, key: createSecretKey(decrypt(master, wrapped, id)) };
  } catch (cause) {
    throw new SealBroken(
      `Data key ${id} does not open with this master key — 主密钥与 ${place} 不匹配: restore the master key that belongs to it.`,
      { cause },
    );
  }
};

/** The keys opened last, so that most are opened once. */
export const openedKeys = () => {
  const opened = new Map<string, DataKey>();
  return {
    get: (id: string): DataKey | undefined => opened.get(id),
    remember: (key: DataKey): DataKey => {
      const [oldest] = opened.keys();
      if (opened.size >= mostOpened && oldest !== undefined) opened.delete(oldest);
      opened.set(key.id, key);
      return key;
    },
  };
};
