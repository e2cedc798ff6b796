import type { webcrypto } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { CertificateCodes } from '#application/certificateCodes.ts';
import type { Keys } from './keys.ts';

const claimsSchema = z.strictObject({ n: z.string(), p: z.number(), o: z.string(), d: z.string(), h: z.string() });

// A short name keeps the QR code coarse enough for cheap printers; it only tells the platform's own few keys apart.
const kidLength = 10;

const published = async (key: webcrypto.JsonWebKey) => {
  const { kty, crv, x } = key as JWK;
  const bare = { kty, crv, x } as JWK;
  return { ...bare, kid: (await calculateJwkThumbprint(bare)).slice(0, kidLength), use: 'sig', alg: 'EdDSA' } as JWK & {
    kid: string;
  };
};

/** Verification codes signed by the platform's Ed25519 key; codes of retired keys still verify. */
export const certificateCodes = async ({ signing, retired }: Keys): Promise<CertificateCodes> => {
  const known = await Promise.all([signing, ...retired].map(published));
  const [current] = known;
  if (current === undefined) throw new Error('There is no signing key.');
  const privateKey = await importJWK(signing as JWK, 'EdDSA');
  const publicKeys = new Map(
    await Promise.all(known.map(async (key) => [key.kid, await importJWK(key, 'EdDSA')] as const)),
  );
  return {
    sign: (claims) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'EdDSA', kid: current.kid })
        .sign(privateKey),
    verify: async (token) => {
      try {
        const byKid = ({ kid = '' }: { kid?: string }) => {
          const key = publicKeys.get(kid);
          if (key === undefined) throw new Error('unknown key');
          return key;
        };
        const { payload } = await compactVerify(token, byKid, { algorithms: ['EdDSA'] });
        return { outcome: 'authentic', claims: claimsSchema.parse(JSON.parse(new TextDecoder().decode(payload))) };
      } catch {
        return { outcome: 'forged' };
      }
    },
    signList: (payload) =>
      new CompactSign(payload)
        .setProtectedHeader({ alg: 'EdDSA', kid: current.kid, typ: 'revoked-certificates' })
        .sign(privateKey),
    jwks: () => ({ keys: known }),
  };
};
