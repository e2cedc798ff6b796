import { createHash } from 'node:crypto';
import { normaliseName } from '#domain/people/personName.ts';

/** What a verification code says: number, parity, office, day of issue, digest of both names. */
export type CertificateClaims = { n: string; p: number; o: string; d: string; h: string };

/** Signs and checks verification codes (C2): Ed25519, compact JWS. */
export type CertificateCodes = {
  sign: (claims: CertificateClaims) => Promise<string>;
  verify: (token: string) => Promise<{ outcome: 'authentic'; claims: CertificateClaims } | { outcome: 'forged' }>;
  /** Signs a list of revoked certificates with the same key, as something that can be no code. */
  signList: (payload: Uint8Array) => Promise<string>;
  /** The public keys, for `/.well-known/jwks.json`. */
  jwks: () => object;
};

/** The code at the end of what was scanned or typed: bare, or in the address of its page; undefined: there is none. */
export const codeIn = (text: string): string | undefined => /([\w-]+\.[\w-]+\.[\w-]+)\s*$/.exec(text.trim())?.[1];

/** Digest that binds both names to a number without the code holding them: first 12 bytes of SHA-256, base64url. */
export const namesDigest = (number: string, wife: string, husband: string): string =>
  createHash('sha256')
    .update([number, normaliseName(wife), normaliseName(husband)].join('|'))
    .digest()
    .subarray(0, 12)
    .toString('base64url');
