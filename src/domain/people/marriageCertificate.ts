import { isProvinceCode } from './idNumber.ts';

/** The number of a marriage certificate: today's form, an older one that a person must look at, or none. */
export type MarriageCertificate =
  | { outcome: 'modern'; number: string; reissued: boolean; area: string; year: number; serial: string }
  | { outcome: 'older'; number: string }
  | { outcome: 'invalid' };

const modern = /^(B?)J(\d{6})-?((?:19|20)\d{2})-?(\d{6})$/;
const older = /^[\p{Unified_Ideograph}〇A-Z\d()〔〕[\]【】.·/-]{4,40}$/u;
// 字第…号 is what older numbers are built of; something in them counts.
const marksOfOlder = /[字第号結结婚]/u;
const numeral = /[\d〇零一二三四五六七八九十百千]/u;

const normalised = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[‐‑‒–—―−﹣]/g, '-')
    .toUpperCase();

/**
 * Reads a number as typed: `J520103-2016-001234`, `BJ…` for a reissued certificate, blanks, width, case and dashes
 * forgiven; older forms carry Chinese characters. `number` is the one spelling that is kept.
 */
export const marriageCertificate = (text: string): MarriageCertificate => {
  const number = normalised(text);
  const [, reissue, area, year, serial] = modern.exec(number) ?? [];
  if (area !== undefined && year !== undefined && serial !== undefined) {
    if (!isProvinceCode(area.slice(0, 2))) return { outcome: 'invalid' };
    const prefix = `${reissue}J`;
    return {
      outcome: 'modern',
      number: `${prefix}${area}-${year}-${serial}`,
      reissued: prefix === 'BJ',
      area,
      year: Number(year),
      serial,
    };
  }
  const isOlder = older.test(number) && marksOfOlder.test(number) && numeral.test(number);
  return isOlder ? { outcome: 'older', number } : { outcome: 'invalid' };
};
