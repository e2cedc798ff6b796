import type { SheetCell, SheetRow } from '#domain/account/sheet.ts';
import { readXml } from './xml.ts';

/** What reading one sheet needs: the workbook's texts, and what to do with each row that holds something. */
type Reading = { shared: readonly string[]; onRow: () => void };

type OpenCell = { column: number; type: string; value: string; formula: boolean };
type Merged = { column: number; from: number; to: number };

// A roster has eleven columns; what stands further right is somebody's scribble.
const mostColumns = 60;
const longestText = 1000;
const mostMerged = 20_000;

/** Column from 0 and row from 1 of a reference such as `B12`; NaN for none. */
const placeOf = (reference: string): { column: number; row: number } => {
  const [, letters = '', digits = ''] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference) ?? [];
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return letters === '' ? { column: Number.NaN, row: Number.NaN } : { column, row: Number(digits) };
};

const numberText = (value: string): string => {
  const number = Number(value);
  return value.trim() !== '' && Number.isSafeInteger(number) ? String(number) : value;
};

const cellOf = ({ type, value, formula }: OpenCell, shared: readonly string[]): SheetCell | undefined => {
  const isNumber = type === 'n' || type === '';
  const raw = type === 's' ? (shared[Number(value)] ?? '') : isNumber ? numberText(value) : value;
  if (raw.trim() === '') return undefined;
  return { kind: formula ? 'formula' : isNumber ? 'number' : 'text', text: raw };
};

/** Cells of one column that were merged over several rows: each of those rows means what stands in the first. */
const mergedOf = (reference: string): Merged | undefined => {
  const [start, end] = reference.split(':').map(placeOf);
  if (start === undefined || end === undefined || !(start.column === end.column && end.row > start.row))
    return undefined;
  return { column: start.column, from: start.row, to: end.row };
};

const filled = (rows: readonly SheetRow[], merged: readonly Merged[]): readonly SheetRow[] => {
  if (merged.length === 0) return rows;
  const byNumber = new Map(rows.map((row) => [row.number, [...row.cells]]));
  for (const { column, from, to } of merged) {
    const first = byNumber.get(from)?.[column];
    if (first === undefined) continue;
    for (let row = from + 1; row <= to && row <= from + rows.length; row += 1) {
      const cells = byNumber.get(row);
      if (cells !== undefined && cells[column] === undefined) cells[column] = first;
    }
  }
  return rows.map(({ number }) => ({ number, cells: byNumber.get(number) ?? [] }));
};

/** Collects the cells of one row after the other; rows and cells without a reference follow the one before. */
const rowCollector = ({ shared, onRow }: Reading) => {
  const rows: SheetRow[] = [];
  let number = 0;
  let column = -1;
  let cells: (SheetCell | undefined)[] = [];
  let cell: OpenCell | undefined;
  let inText = false;
  let inHint = false;
  return {
    rows,
    startText: () => {
      inText = true;
    },
    endText: () => {
      inText = false;
    },
    startHint: () => {
      inHint = true;
    },
    endHint: () => {
      inHint = false;
    },
    openRow: (reference: string | undefined) => {
      number = reference === undefined ? number + 1 : Number(reference);
      column = -1;
      cells = [];
    },
    closeRow: () => {
      if (cells.length === 0 || !Number.isSafeInteger(number)) return;
      onRow();
      rows.push({ number, cells });
    },
    openCell: (reference: string | undefined, type: string) => {
      column = reference === undefined ? column + 1 : placeOf(reference).column;
      cell = { column, type, value: '', formula: false };
    },
    formula: () => {
      if (cell !== undefined) cell.formula = true;
    },
    text: (more: string) => {
      if (cell !== undefined && inText && !inHint && cell.value.length < longestText)
        cell.value += more.slice(0, longestText);
    },
    closeCell: () => {
      const closed = cell && cell.column < mostColumns ? cellOf(cell, shared) : undefined;
      if (cell !== undefined && closed !== undefined) cells[cell.column] = closed;
      cell = undefined;
    },
  };
};

/** The rows of a sheet that hold something, in the order of the file; rows that are only formatted cost nothing. */
export const readWorksheet = async (
  pieces: AsyncIterable<Uint8Array>,
  reading: Reading,
): Promise<readonly SheetRow[]> => {
  const collector = rowCollector(reading);
  const merged: Merged[] = [];
  await readXml(pieces, {
    open: {
      row: ({ r }) => collector.openRow(r),
      c: ({ r, t = '' }) => collector.openCell(r, t),
      f: collector.formula,
      v: collector.startText,
      t: collector.startText,
      rPh: collector.startHint,
      mergeCell: ({ ref = '' }) => {
        const one = mergedOf(ref);
        if (one !== undefined && merged.length < mostMerged) merged.push(one);
      },
    },
    close: {
      v: collector.endText,
      t: collector.endText,
      rPh: collector.endHint,
      c: collector.closeCell,
      row: collector.closeRow,
    },
    text: collector.text,
  });
  return filled(collector.rows, merged);
};
