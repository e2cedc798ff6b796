/** One cell as the file has it. `number`: the digits that the file keeps; `formula`: what it showed last. */
export type SheetCell = { kind: 'text' | 'number' | 'formula'; text: string };

/** A row that holds something. `number` is the sheet's own, from 1; `cells` are by column, from 0. */
export type SheetRow = { number: number; cells: readonly (SheetCell | undefined)[] };

/** A sheet of a workbook, or one way to read a text file. */
export type Sheet = { name: string; rows: readonly SheetRow[] };
