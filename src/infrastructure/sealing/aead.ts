import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { SealBroken } from '#application/sealing.ts';
import { pooledRandom } from '../pooledRandom.ts';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** AES-256-GCM: iv, tag and ciphertext in one base64url text; `context` is authenticated with it. */
export const encrypt = (key: KeyObject, plain: Buffer | string, context: string): string => {
  const iv = pooledRandom(ivLength);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context));
  const text = Buffer.concat([
    typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain),
    cipher.final(),
  ]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
};

/** Opens what `encrypt` made; throws `SealBroken` where text, key or context is another. */
export const decrypt = (key: KeyObject, sealed: string, context: string): Buffer => {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
  } catch (cause) {
    throw new SealBroken(`What is sealed for ${context} was altered or moved.`, { cause });
  }
};
