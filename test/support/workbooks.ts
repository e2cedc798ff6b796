import { type ZipEntry, zipOf } from './zip.ts';

/** A cell of a sheet for tests: text, a number, or what is written between `<c …>` and `</c>` with its type. */
export type TestCell = string | number | undefined | { type?: string; inside: string };

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const cellXml = (cell: TestCell, reference: string): string => {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === 'string') return `<c r="${reference}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  return `<c r="${reference}"${cell.type ? ` t="${cell.type}"` : ''}>${cell.inside}</c>`;
};

/** The rows of a sheet as SpreadsheetML. */
const rowsXml = (rows: readonly (readonly TestCell[])[]): string =>
  rows
    .map((cells, index) => {
      const inside = cells.map((cell, column) => cellXml(cell, `${letters.charAt(column)}${index + 1}`)).join('');
      return `<row r="${index + 1}">${inside}</row>`;
    })
    .join('');

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** What a workbook is made of besides its first sheet. */
export type Workbook = {
  rows?: readonly (readonly TestCell[])[];
  /** Instead of `rows`: the inside of the sheet's data, and what follows it. */
  data?: string;
  after?: string;
  doctype?: string;
  shared?: string;
  contentType?: string;
  more?: readonly ZipEntry[];
};

/** The parts of an xlsx file with one sheet. */
export const partsOf = ({ rows = [], data, after = '', doctype = '', shared, contentType, more = [] }: Workbook) => {
  const sheet = `<?xml version="1.0"?>${doctype}<worksheet xmlns="${main}"><sheetData>${data ?? rowsXml(rows)}</sheetData>${after}</worksheet>`;
  const workbookType = contentType ?? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
  const parts: ZipEntry[] = [
    {
      name: '[Content_Types].xml',
      content: `<Types><Override PartName="/xl/workbook.xml" ContentType="${workbookType}"/></Types>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/sheet1.xml', content: sheet },
    ...(shared === undefined
      ? []
      : [{ name: 'xl/sharedStrings.xml', content: `<sst xmlns="${main}">${shared}</sst>` }]),
  ];
  return [...parts, ...more];
};

/** An xlsx file with one sheet. */
export const workbookOf = (workbook: Workbook): Buffer => zipOf(partsOf(workbook));
