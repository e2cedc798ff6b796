import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '#application/signInMeans.ts';

const issuer = '贵州生育登记';
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const stepMs = settings.period * 1000;

/** TOTP by otpauth, as every authenticator app has it; codes of the step before and after are taken too (RFC 6238, 5.2). */
export const oneTimeCodes: OneTimeCodes = {
  secretOf: (bytes) => new Secret({ buffer: new Uint8Array(bytes).buffer }).base32,
  uriOf: (secret, account) => new TOTP({ ...settings, issuer, label: account, secret }).toString(),
  stepOf: (secret, code, now) => {
    // The library throws on other characters of the same length.
    if (!/^\d{6}$/.test(code)) return undefined;
    const delta = TOTP.validate({
      ...settings,
      token: code,
      secret: Secret.fromBase32(secret),
      timestamp: now,
      window: 1,
    });
    return delta === null ? undefined : Math.floor(now / stepMs) + delta;
  },
};
