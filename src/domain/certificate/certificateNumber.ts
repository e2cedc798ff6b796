import { checkCharacter, hasRightCheck } from '../checkCharacter.ts';

const digits = '0123456789';
const shape = /^GZ\d{20}$/;

/**
 * The number of a certificate: `GZ`, county (6 digits), year (4), serial (9) and a check digit over these 19 digits.
 * Throws for parts that do not fit.
 */
export const certificateNumberFrom = (parts: { county: string; year: number; serial: number }): string => {
  const { county, year, serial } = parts;
  const body = `${county}${String(year).padStart(4, '0')}${String(serial).padStart(9, '0')}`;
  if (!/^\d{6}$/.test(county) || !/^\d{19}$/.test(body)) {
    throw new RangeError('A certificate number takes a county of 6 digits, a year, and a serial below 1 000 000 000');
  }
  return `GZ${body}${checkCharacter(digits, body)}`;
};

/** A certificate number as typed, in its one spelling; undefined where its shape or its check digit is wrong. */
export const normaliseCertificateNumber = (text: string): string | undefined => {
  if (text.length > 100) return undefined;
  const number = text
    .normalize('NFKC')
    .replace(/[\s‐‑‒–—―−-]/g, '')
    .toUpperCase();
  return shape.test(number) && hasRightCheck(digits, number.slice(2)) ? number : undefined;
};
