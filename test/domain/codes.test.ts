import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { certificateNumberFrom, normaliseCertificateNumber } from '#domain/certificate/certificateNumber.ts';
import { normaliseQueryCode, queryCodeFrom } from '#domain/registration/queryCode.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 12 });

describe('a query code', () => {
  it('is made of 75 bits and a check character', () => {
    expect(queryCodeFrom(new Uint8Array(10))).toMatch(/^0000-0000-0000-000.$/);
    expect(() => queryCodeFrom(new Uint8Array(9))).toThrow(RangeError);
  });

  it('depends on each of its first 75 bits', () => {
    const withBit = (bit: number) => {
      const of = new Uint8Array(10);
      of[bit >> 3] = 0x80 >> (bit & 7);
      return queryCodeFrom(of);
    };
    expect(new Set(Array.from({ length: 75 }, (_, bit) => withBit(bit))).size).toBe(75);
  });

  test.prop([bytes])('has four groups of four', (random) => {
    expect(queryCodeFrom(random)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test.prop([bytes, fc.constantFrom('', ' ', '-', '—', '　')])('is known however it is typed', (random, between) => {
    const code = queryCodeFrom(random);
    const typed = code.toLowerCase().replaceAll('-', between).replaceAll('0', 'o').replaceAll('1', 'l');
    const wide = code.replace(/[\dA-Z]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0));
    expect(normaliseQueryCode(` ${typed} `)).toBe(code);
    expect(normaliseQueryCode(wide)).toBe(code);
  });

  test.prop([bytes, fc.nat(18), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ')])(
    'is none with one character wrong',
    (random, at, character) => {
      const code = queryCodeFrom(random);
      fc.pre(code[at] !== '-' && code[at] !== character);
      expect(normaliseQueryCode(code.slice(0, at) + character + code.slice(at + 1))).toBeUndefined();
    },
  );

  it.each(['', 'ABCD', 'U000-0000-0000-0000', 'x'.repeat(1000)])('is not %j', (typed) => {
    expect(normaliseQueryCode(typed)).toBeUndefined();
  });
});

describe('a certificate number', () => {
  const parts = fc.record({
    county: fc.constantFrom('520111', '520382', '522601'),
    year: fc.integer({ min: 2016, max: 2099 }),
    serial: fc.integer({ min: 0, max: 999_999_999 }),
  });

  test.prop([parts])('carries county, year, serial and a check digit', (of) => {
    const number = certificateNumberFrom(of);
    expect(number).toMatch(/^GZ\d{20}$/);
    expect(number.slice(2, 21)).toBe(`${of.county}${of.year}${String(of.serial).padStart(9, '0')}`);
    expect(normaliseCertificateNumber(` ${number.toLowerCase().replace('gz', 'ｇｚ ')}-`)).toBe(number);
  });

  test.prop([parts, fc.integer({ min: 2, max: 21 }), fc.nat(9)])('is none with one digit wrong', (of, at, digit) => {
    const number = certificateNumberFrom(of);
    fc.pre(number[at] !== String(digit));
    expect(normaliseCertificateNumber(number.slice(0, at) + digit + number.slice(at + 1))).toBeUndefined();
  });

  it.each([
    { county: '5201', year: 2016, serial: 1 },
    { county: '520111', year: 20160, serial: 1 },
    { county: '520111', year: 2016, serial: 1_000_000_000 },
    { county: '520111', year: 2016, serial: -1 },
    { county: '520111', year: 2016, serial: 1.5 },
  ])('is not made of %j', (of) => {
    expect(() => certificateNumberFrom(of)).toThrow(RangeError);
  });
});
