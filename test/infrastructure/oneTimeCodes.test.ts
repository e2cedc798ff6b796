import { fc, test as property } from '@fast-check/vitest';
import { HOTP, Secret } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { oneTimeCodes } from '#infrastructure/oneTimeCodes.ts';

const stepMs = 30_000;
const rfcSecret = Secret.fromLatin1('12345678901234567890').base32;
const codeAt = (secret: string, counter: number) => HOTP.generate({ secret: Secret.fromBase32(secret), counter });
const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2046-01-01') });

describe('codes of an authenticator app', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('are those of RFC 6238, appendix B, at %i s', (seconds, code) => {
    expect(oneTimeCodes.stepOf(rfcSecret, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  property.prop([bytes, instant, fc.integer({ min: -1, max: 1 })])(
    'hold in their own half minute and the one before and after, under the step that they belong to',
    (raw, now, off) => {
      const secret = oneTimeCodes.secretOf(raw);
      const step = Math.floor(now / stepMs) + off;
      const found = oneTimeCodes.stepOf(secret, codeAt(secret, step), now);
      // Two steps of a window may have the same code by chance, once in a million.
      expect(found === step || codeAt(secret, found ?? -1) === codeAt(secret, step)).toBe(true);
    },
  );

  property.prop([bytes, instant, fc.oneof(fc.integer({ min: 2, max: 1000 }), fc.integer({ min: -1000, max: -2 }))])(
    'hold at no other time',
    (raw, now, off) => {
      const secret = oneTimeCodes.secretOf(raw);
      const current = Math.floor(now / stepMs);
      const code = codeAt(secret, current + off);
      fc.pre(![-1, 0, 1].some((near) => codeAt(secret, current + near) === code));
      expect(oneTimeCodes.stepOf(secret, code, now)).toBeUndefined();
    },
  );

  property.prop([fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/^\d{6}$/.test(text)), instant])(
    'are six digits and nothing else',
    (text, now) => {
      expect(oneTimeCodes.stepOf(rfcSecret, text, now)).toBeUndefined();
    },
  );

  property.prop([bytes])('come from a secret of 160 bits that the app reads with the account beside it', (raw) => {
    const secret = oneTimeCodes.secretOf(raw);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(oneTimeCodes.uriOf(secret, 'czy-520111004-3'));
    expect([uri.protocol, uri.searchParams.get('secret')]).toEqual(['otpauth:', secret]);
    expect(decodeURIComponent(uri.pathname)).toMatch(/:czy-520111004-3$/);
  });
});
