import { parse } from 'csv-parse/sync';
import { type FileRefusal, fileLimits } from '#application/spreadsheets.ts';
import type { Sheet, SheetCell, SheetRow } from '#domain/account/sheet.ts';
import { FileRefused } from './refused.ts';

const separators = [',', '\t', ';'];
const longestRecord = 20_000;
// Rows that are only formatted come as lines of separators.
const mostRecords = 5 * fileLimits.rows;
// Text has none of these: whatever has is a picture, a document or a program.
const controls = new Set([...Array(9).keys(), ...Array.from({ length: 18 }, (_, n) => n + 14)]);

const refuse = (reason: FileRefusal): never => {
  throw new FileRefused(reason);
};

const decoded = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** UTF-16 with a mark, UTF-8 with or without one, else GB18030 (what Chinese Excel and WPS save). */
const textOf = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le') ?? refuse('unknownCharacters');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be') ?? refuse('unknownCharacters');
  if (bytes.some((byte) => controls.has(byte))) return refuse('notSpreadsheet');
  return decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030') ?? refuse('unknownCharacters');
};

/** Without the lines of nothing but separators at its end. */
const withoutEmptyEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && ',;\t\r\n '.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
};

const cellOf = (value: string): SheetCell | undefined =>
  value.trim() === '' ? undefined : { kind: 'text', text: value.slice(0, 1000) };

/** Rows under one separator, numbered as a spreadsheet would number them; undefined where the text is none under it. */
const rowsUnder = (text: string, delimiter: string): readonly SheetRow[] | undefined => {
  const rows: SheetRow[] = [];
  let records = 0;
  const onRecord = (record: readonly string[]): null => {
    records += 1;
    const cells = record.map(cellOf);
    if (cells.some((cell) => cell !== undefined)) rows.push({ number: records, cells });
    if (rows.length > fileLimits.rows || records > mostRecords) refuse('tooManyRows');
    return null;
  };
  try {
    const forgiving = { relax_column_count: true, relax_quotes: true, bom: true };
    parse(text, { ...forgiving, delimiter, max_record_size: longestRecord, on_record: onRecord });
    return rows;
  } catch (cause) {
    if (cause instanceof FileRefused) throw cause;
    return undefined;
  }
};

/** A csv file, read once for each separator that it may have. Throws `FileRefused`. */
export const readTextFile = (bytes: Uint8Array): readonly Sheet[] => {
  const text = withoutEmptyEnd(textOf(bytes));
  if (text === '') return refuse('empty');
  if (/^\s*<(?:!doctype|html|table|\?xml)/i.test(text)) return refuse('webPage');
  return separators.flatMap((separator) => {
    const rows = text.includes(separator) ? rowsUnder(text, separator) : undefined;
    return rows === undefined ? [] : [{ name: '', rows }];
  });
};
