import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DataKey, KeptKey } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { decrypt, encrypt } from './aead.ts';

/** Keys made by one durable write: as many registrations share it. */
const batch = 256;
const mostOpened = 20_000;

/** Stands among the data keys and seals nothing: it opens with the master key in force and no other. */
export const masterProof = 'master-key-in-force';

/** What stands in the place of a destroyed key's wrapping. */
export const destroyed = '';

/** A new key, opened and as it is to be kept. */
export type NewKey = { key: DataKey; wrapped: string };

/** A key's bytes as they are kept under a master key. */
export const wrapKey = (master: KeyObject, id: string, bytes: Buffer): KeptKey => ({
  id,
  wrapped: encrypt(master, bytes, id),
});

/** A batch of new keys. */
export const newKeys = (master: KeyObject): NewKey[] =>
  Array.from({ length: batch }, () => {
    const [id, bytes] = [randomBytes(9).toString('base64url'), randomBytes(32)];
    return { key: { id, key: createSecretKey(bytes) }, wrapped: wrapKey(master, id, bytes).wrapped };
  });

/** New keys as they are to be kept. */
export const keptOf = (made: readonly NewKey[]): readonly KeptKey[] =>
  made.map(({ key, wrapped }) => ({ id: key.id, wrapped }));

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

/** Opens kept keys, most of them once: what was opened last is remembered for as long as its keeper keeps it so. */
export const keyOpener = (master: KeyObject, place: string) => {
  const opened = new Map<string, NewKey>();
  const remember = (made: NewKey): DataKey => {
    const [oldest] = opened.keys();
    if (opened.size >= mostOpened && oldest !== undefined) opened.delete(oldest);
    opened.set(made.key.id, made);
    return made.key;
  };
  return {
    remember,
    /** A key by how it is kept at this moment; undefined where it is not, or no more. */
    open: (id: string, wrapped: string | undefined): DataKey | undefined => {
      const known = opened.get(id);
      if (known !== undefined && known.wrapped === wrapped) return known.key;
      opened.delete(id);
      if (wrapped === undefined || wrapped === destroyed) return undefined;
      return remember({ key: openKey(master, { id, wrapped }, place), wrapped });
    },
  };
};
