import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { SealBroken } from '#application/sealing.ts';
import { pooledRandom } from '../pooledRandom.ts';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** AES-256-GCM: iv, tag and ciphertext; `context` is authenticated with it. */
export const encryptBytes = (key: KeyObject, plain: Uint8Array | string, context: string): Buffer => {
  const iv = pooledRandom(ivLength);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context));
  const text = Buffer.concat([
    typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain),
    cipher.final(),
  ]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
};

/** Opens what `encryptBytes` made; throws `SealBroken` where bytes, key or context is another. */
export const decryptBytes = (key: KeyObject, bytes: Uint8Array, context: string): Buffer => {
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
  } catch (cause) {
    throw new SealBroken(`What is sealed for ${context} was altered or moved.`, { cause });
  }
};

/** The same as one base64url text. */
export const encrypt = (key: KeyObject, plain: Buffer | string, context: string): string =>
  encryptBytes(key, plain, context).toString('base64url');

/** Opens what `encrypt` made; throws `SealBroken` where text, key or context is another. */
export const decrypt = (key: KeyObject, sealed: string, context: string): Buffer =>
  decryptBytes(key, Buffer.from(sealed, 'base64url'), context);
