import type { Range, Ranges } from '#domain/stock/ranges.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { type Locale, listText, translate } from './locale.ts';

/** A serial without its parity, as `2026-00000001`: where the parity stands beside it. */
const shortSerial = (serial: number): string => {
  const digits = String(serial);
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
};

const rangeText = (locale: Locale, { from, to }: Range): string =>
  from === to
    ? shortSerial(from)
    : translate(locale, 'stockWords.range', { from: shortSerial(from), to: shortSerial(to) });

/** “2026-00000001 至 2026-00000400（共 400 份）”, the parity standing beside it; empty for none. */
export const rangesText = (locale: Locale, ranges: Ranges): string => {
  if (ranges.length === 0) return '';
  const listed = listText(
    locale,
    ranges.map((range) => rangeText(locale, range)),
  );
  return translate(locale, 'stockWords.ranges', { ranges: listed, count: sizeOf(ranges) });
};
