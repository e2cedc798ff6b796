import { createHmac } from 'node:crypto';
import type { DataKeys } from '#application/ports.ts';
import { SealBroken, type Sealing } from '#application/sealing.ts';
import { decrypt, decryptBytes, encrypt, encryptBytes } from './aead.ts';
import { deriveKey, type Keys } from './keys.ts';

const form = /^s1\.([\w-]{1,64})\./;

const parse = (sealed: string) => {
  const [start = '', keyId = ''] = form.exec(sealed) ?? [];
  const text = sealed.slice(start.length);
  if (keyId === '' || text === '') throw new SealBroken('A sealed text has lost its form.');
  return { keyId, text };
};

const longestForm = 70;

/** The sealing port over the platform's keys; sealed texts read `s1.<data key id>.<iv, tag, ciphertext>`. */
export const createSealing = (keys: Keys, dataKeys: DataKeys): Sealing => {
  const queryCodes = deriveKey(keys.lookup, 'query code');
  const transient = deriveKey(keys.master, 'transient state');
  const hmac = (key: typeof queryCodes, text: string) => createHmac('sha256', key).update(text).digest();
  return {
    seal: ({ id, key }, value, context) => `s1.${id}.${encrypt(key, JSON.stringify(value), context)}`,
    open: async (sealed, context) => {
      const { keyId, text } = parse(sealed);
      const found = await dataKeys.find(keyId);
      return found && (JSON.parse(decrypt(found.key, text, context).toString('utf8')) as unknown);
    },
    sealBytes: ({ id, key }, bytes, context) =>
      Buffer.concat([Buffer.from(`s1.${id}.`), encryptBytes(key, bytes, context)]),
    openBytes: async (sealed, context) => {
      const [start = '', keyId = ''] = form.exec(Buffer.from(sealed.subarray(0, longestForm)).toString('latin1')) ?? [];
      if (keyId === '') throw new SealBroken(`What is sealed for ${context} has lost its form.`);
      const found = await dataKeys.find(keyId);
      return found && decryptBytes(found.key, sealed.subarray(start.length), context);
    },
    keyOf: (sealed) => parse(sealed).keyId,
    lookupKey: (kind, text) => hmac(keys.lookup, `${kind}\n${text}`).subarray(0, 18).toString('base64url'),
    queryCodeBytes: (registrationId) => hmac(queryCodes, registrationId),
    sealTransient: (value, context) => encrypt(transient, JSON.stringify(value), context),
    openTransient: (sealed, context) => {
      try {
        return JSON.parse(decrypt(transient, sealed, context).toString('utf8')) as unknown;
      } catch (fault) {
        if (fault instanceof SealBroken) return undefined;
        throw fault;
      }
    },
  };
};
