import type { Sheet } from '#domain/account/sheet.ts';

/** Why a file is not read. `tooMuchInside`: unpacked it passes the limit; `tooManyRows`: more than a roster may have. */
export const fileRefusals = [
  'tooLarge',
  'empty',
  'notSpreadsheet',
  'oldExcel',
  'protected',
  'macros',
  'binaryWorkbook',
  'openDocument',
  'webPage',
  'damaged',
  'unsafe',
  'tooMuchInside',
  'tooManyRows',
  'unknownCharacters',
] as const;
export type FileRefusal = (typeof fileRefusals)[number];

/** What stands in a file: the visible sheets of a workbook; a text file once for each separator it may have. */
export type FileRead =
  | { outcome: 'read'; format: 'xlsx' | 'csv'; sheets: readonly Sheet[] }
  | { outcome: 'refused'; reason: FileRefusal };

/** Reads xlsx and csv by what they contain, not by their name, in bounded time and memory. Never rejects for a bad file. */
export type ReadFile = (bytes: Uint8Array) => Promise<FileRead>;

/** What a file may have at most: bytes as sent, bytes unpacked, and rows with something in them. */
export const fileLimits = { bytes: 10 * 1024 * 1024, unpackedBytes: 64 * 1024 * 1024, rows: 10_000 } as const;
