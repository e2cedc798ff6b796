import type { Range } from './ranges.ts';

/** For which child the province prints ordinary certificates, one kind each (§3.1.4, §3.2.2). */
export const printedParities = [1, 2] as const;
export type PrintedParity = (typeof printedParities)[number];

/** Whether the province prints ordinary certificates for this child. */
export const isPrinted = (parity: number): parity is PrintedParity => printedParities.some((one) => one === parity);

const perYear = 100_000_000;
const firstYear = 2000;
const lastYear = 9999;
const shape = /^GZ([12])(\d{12})$/;

/** Whether a number is a serial within its parity: the year of printing (4 digits) and, from 1, the 8 digits behind it. */
export const isSerial = (serial: number): boolean => {
  const year = Math.floor(serial / perYear);
  return Number.isSafeInteger(serial) && year >= firstYear && year <= lastYear && serial % perYear > 0;
};

/** Whether both ends are serials of one year, the first not after the last. */
export const isSerialRange = ({ from, to }: Range): boolean =>
  isSerial(from) && isSerial(to) && from <= to && Math.floor(from / perYear) === Math.floor(to / perYear);

/**
 * A serial as it is pre-printed: `GZ`, parity, year and 8 digits, such as `GZ1-2026-00000001`. The form is ours: the
 * notice shows none. It has no check digit: a serial that is not held here is refused, and ranges are typed by both ends.
 */
export const serialText = (parity: PrintedParity, serial: number): string => {
  const digits = String(serial);
  return `GZ${parity}-${digits.slice(0, 4)}-${digits.slice(4)}`;
};

/** A serial as typed or scanned; undefined where it has not the form of one. */
export const parseSerial = (text: string): { parity: PrintedParity; serial: number } | undefined => {
  if (text.length > 100) return undefined;
  const plain = text
    .normalize('NFKC')
    .replace(/[\s‐‑‒–—―−-]/g, '')
    .toUpperCase();
  const [, parity, digits] = shape.exec(plain) ?? [];
  const serial = Number(digits);
  return parity !== undefined && isSerial(serial) ? { parity: parity === '1' ? 1 : 2, serial } : undefined;
};
