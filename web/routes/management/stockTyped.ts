import type { Range, Ranges } from '#domain/stock/ranges.ts';
import { isSerialRange, type PrintedParity, parseSerial } from '#domain/stock/serial.ts';
import type { Fault } from './refused.ts';

type Read = { ranges: Ranges } | { fault: Fault };

const mostLines = 200;
/** A serial, and behind it the last one, its last digits, or how many. */
const shape =
  /^(GZ[12][\s-]*\d{4}[\s-]*\d{8})(?:\s*(?:-|~|至|到|\s)\s*(GZ[12][\s-]*\d{4}[\s-]*\d{8}|\d{1,8})|\s*(?:\+|×|X|\*|共)\s*(\d{1,8})\s*(?:份|张|本)?)?$/;

const plainOf = (line: string): string =>
  line
    .normalize('NFKC')
    .replace(/[‐‑‒–—―−~〜]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toUpperCase();

/** The last serial as typed: in full, by its last digits, or by how many there are. */
const lastOf = (from: number, last: string | undefined, count: string | undefined): number => {
  if (count !== undefined) return from + Number(count) - 1;
  if (last === undefined) return from;
  return parseSerial(last)?.serial ?? Number(`${String(from).slice(0, -last.length)}${last}`);
};

const rangeOf = (line: string, parity: PrintedParity): Range | Fault => {
  const bad = (code: string): Fault => ({ field: 'ranges', code, fill: { line } });
  const [, first = '', last, count] = shape.exec(plainOf(line)) ?? [];
  const from = parseSerial(first);
  if (from === undefined) return bad('badLine');
  const otherParity = [from, parseSerial(last ?? '')].some((one) => one !== undefined && one.parity !== parity);
  if (otherParity) return bad('otherParity');
  const range = { from: from.serial, to: lastOf(from.serial, last, count) };
  return isSerialRange(range) ? range : bad('badEnds');
};

/**
 * Ranges as people type them, one a line: “GZ1-2026-00000001 至 GZ1-2026-00000400”, the end by its last digits (“– 400”), by how
 * many (“共 400”), or one serial alone.
 */
export const rangesIn = (text: string, parity: PrintedParity, field = 'ranges'): Read => {
  const lines = text.split(/[\n;；,，、]/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  if (lines.length > mostLines) return { fault: { field, code: 'tooManyLines', fill: { count: mostLines } } };
  const read = lines.map((line) => rangeOf(line, parity));
  const fault = read.find((one) => 'code' in one);
  return fault !== undefined && 'code' in fault
    ? { fault: { ...fault, field } }
    : { ranges: read.filter((one) => 'from' in one) };
};
