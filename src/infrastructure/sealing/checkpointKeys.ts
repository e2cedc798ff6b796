import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
  type webcrypto,
} from 'node:crypto';
import { type CheckpointKeys, checkpointText } from '#application/log/checkpoint.ts';
import type { LogKeys } from './keys.ts';

// C2SP signed-note: the number of Ed25519 among its kinds of keys, before a key's own bytes.
const ed25519 = 1;
const hashBytes = 4;

const publicBytes = ({ x = '' }: webcrypto.JsonWebKey): Buffer =>
  Buffer.concat([Buffer.of(ed25519), Buffer.from(x, 'base64url')]);

const keyHash = (name: string, key: webcrypto.JsonWebKey): Buffer =>
  createHash('sha256').update(`${name}\n`).update(publicBytes(key)).digest().subarray(0, hashBytes);

const opened = (key: webcrypto.JsonWebKey) => ({ key: key as JsonWebKey, format: 'jwk' }) as const;

const publicKey = ({ kty, crv, x }: webcrypto.JsonWebKey): KeyObject =>
  createPublicKey(opened({ kty, crv, x } as webcrypto.JsonWebKey));

/** Checkpoints signed with Ed25519 and written as C2SP signed notes; those of retired keys still verify. */
export const checkpointKeys = ({ signing, retired }: LogKeys): CheckpointKeys => {
  const privateKey = createPrivateKey(opened(signing));
  const known = [signing, ...retired].map((key) => ({ key, public: publicKey(key) }));
  return {
    sign: (checkpoint) => {
      const bytes = sign(null, Buffer.from(checkpointText(checkpoint)), privateKey);
      const signature = Buffer.concat([keyHash(checkpoint.origin, signing), bytes]).toString('base64');
      return { ...checkpoint, signature };
    },
    verify: (checkpoint) => {
      const bytes = Buffer.from(checkpoint.signature, 'base64');
      const named = known.find(({ key }) => keyHash(checkpoint.origin, key).equals(bytes.subarray(0, hashBytes)));
      const text = Buffer.from(checkpointText(checkpoint));
      return named !== undefined && verify(null, text, named.public, bytes.subarray(hashBytes));
    },
    published: (origin) =>
      known.map(
        ({ key }) => `${origin}+${keyHash(origin, key).toString('hex')}+${publicBytes(key).toString('base64')}`,
      ),
  };
};
