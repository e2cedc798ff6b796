import type { FastifyReply } from 'fastify';
import writeXlsxFile from 'write-excel-file/node';

export type Cell = string | number;

/** A table that leaves as a file: the head, the rows, and how wide each column is, in characters; lines above and below it. */
export type SheetFile = {
  sheet: string;
  columns: readonly { title: string; width: number }[];
  rows: readonly (readonly Cell[])[];
  above?: readonly string[];
  below?: readonly string[];
};

export const sheetFormats = ['xlsx', 'csv'] as const;
export type SheetFormat = (typeof sheetFormats)[number];

const types = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** A text that a spreadsheet program would run as a formula, made a text again by an apostrophe. */
const harmless = (cell: Cell): Cell =>
  typeof cell === 'string' && /^[=+\-@\t\r\n＝＋－＠']/.test(cell) ? `'${cell}` : cell;

/** Spreadsheet programs keep 15 digits of what looks like a number; a tab behind it keeps it as a text. */
const whole = (text: string): string => (/^\d{16,}$/.test(text) ? `${text}\t` : text);

const quoted = (cell: Cell): string => {
  const text = whole(String(harmless(cell)));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The table as CSV (RFC 4180) in UTF-8, with the mark by which spreadsheet programs know it. */
export const csvOf = ({ columns, rows, above = [], below = [] }: SheetFile): string => {
  const head = columns.map(({ title }) => title);
  const lines = [...above.map((line) => [line]), head, ...rows, ...below.map((line) => [line])];
  return `\uFEFF${lines.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
};

/** Texts are formatted as such, empty ones too: what is typed over them stays a text, long numbers with all their digits. */
const xlsxCell = (cell: Cell) => {
  const value = harmless(cell);
  return typeof value === 'string' ? { value, type: String, format: '@', wrap: true } : { value, wrap: true };
};

/** The table as a workbook of one sheet; lines above and below stand in its first column. */
const xlsxOf = ({ sheet, columns, rows, above = [], below = [] }: SheetFile): Promise<Buffer> => {
  const head = columns.map(({ title }) => ({ value: title, fontWeight: 'bold' as const, wrap: true }));
  const cells = rows.map((row) => row.map(xlsxCell));
  const titles = above.map((value) => [{ value: harmless(value), fontWeight: 'bold' as const }]);
  const foot = below.map((value) => [{ value: harmless(value) }]);
  const widths = columns.map(({ width }) => ({ width }));
  const options = { sheet, columns: widths, stickyRowsCount: above.length + 1 };
  return writeXlsxFile([...titles, head, ...cells, ...foot], options).toBuffer();
};

/** Answers with a table as a file to keep; texts in it are never run as formulas. */
export const sendSheet = async (reply: FastifyReply, name: string, format: SheetFormat, file: SheetFile) => {
  const bytes = format === 'xlsx' ? await xlsxOf(file) : csvOf(file);
  return reply
    .type(types[format])
    .header('Content-Disposition', `attachment; filename="${name}.${format}"`)
    .send(bytes);
};
