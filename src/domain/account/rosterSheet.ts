import { dayOf } from '../calendar/day.ts';
import type { Sheet, SheetCell, SheetRow } from './sheet.ts';

/** The columns of the roster (annex 2) in the order of the printed sheet, without the running number before them. */
export const rosterColumns = [
  'prefecture',
  'county',
  'township',
  'name',
  'role',
  'workUnit',
  'idNumber',
  'mobile',
  'qq',
  'note',
] as const;
export type RosterColumn = (typeof rosterColumns)[number];

/** What stands below the rows; what was left blank is absent. */
export type RosterFoot = { unit?: string; person?: string; day?: string; phone?: string };

/** One person of a roster as written; `row` is the sheet's own number. */
export type RosterLine = { row: number; cells: Readonly<Partial<Record<RosterColumn, SheetCell>>> };

/** The roster in a file, or why there is none. `unread`: headings of columns that the roster does not have. */
export type RosterRead =
  | { outcome: 'read'; lines: readonly RosterLine[]; foot: RosterFoot; unread: readonly string[] }
  | { outcome: 'noHeading' }
  | { outcome: 'columnsMissing'; columns: readonly RosterColumn[] }
  | { outcome: 'severalSheets'; sheets: readonly string[] }
  | { outcome: 'noPeople' };

const required: readonly RosterColumn[] = ['prefecture', 'county', 'township', 'name', 'role', 'idNumber', 'mobile'];

/** How headings are written, without blanks, brackets and what stands in them, punctuation, and the word 名称. */
const headings: Readonly<Record<RosterColumn, RegExp>> = {
  prefecture: /^(?:所属|所在)?(?:市|州|市州|州市|地市|地州市|市州地|地级市|市级)$/,
  county: /^(?:所属|所在)?(?:县|区|县区|区县|县市|市县|县市区|市县区|区市县|县市区特区|县级)$/,
  township: /^(?:所属|所在)?(?:乡|镇|乡镇|镇乡|街道|乡镇街道|镇街|镇乡街道|乡镇街道社区|乡镇社区|乡镇办|乡级)$/,
  name: /^(?:人员|用户|真实)?姓名$/,
  role: /^(?:用户|人员)?(?:角色|角色分类|角色类型|类型|类别)$/,
  workUnit: /^(?:工作|所在|所属)?单位$/,
  idNumber: /身份证|^公民身份号码$|^证件号码?$/,
  mobile: /手机|^(?:联系|移动)?电话(?:号码)?$|^联系方式$/,
  qq: /^QQ/i,
  note: /^备注|^说明$/,
};
const runningNumber = /^(?:序号|编号|序|NO)$/i;

const headingOf = (cell: SheetCell | undefined): string =>
  (cell?.text ?? '')
    .normalize('NFKC')
    .replace(/\([^)]*\)?/g, '')
    .replace(/[\s、,/.:*—-]/g, '')
    .replace(/名称$/, '');

type Heading = {
  row: number;
  columns: ReadonlyMap<RosterColumn, number>;
  /** Where the running number stands. */
  number: number | undefined;
  unread: readonly string[];
};

/** The columns that a row names as a heading; undefined where it is none: the name and two more make one. */
const headingIn = ({ number, cells }: SheetRow): Heading | undefined => {
  const columns = new Map<RosterColumn, number>();
  const unread: string[] = [];
  let running: number | undefined;
  cells.forEach((cell, position) => {
    const text = headingOf(cell);
    const column = rosterColumns.find((one) => !columns.has(one) && headings[one].test(text));
    if (column !== undefined) columns.set(column, position);
    else if (runningNumber.test(text)) running = position;
    else if (text !== '') unread.push(cell?.text.trim() ?? '');
  });
  return columns.has('name') && columns.size > 2 ? { row: number, columns, number: running, unread } : undefined;
};

const footLabels: Readonly<Record<keyof RosterFoot, RegExp>> = {
  unit: /填\s*报\s*单\s*位\s*[:：]/,
  person: /填\s*报\s*人\s*[:：]/,
  day: /填\s*报\s*日\s*期\s*[:：]/,
  phone: /联\s*系\s*电\s*话\s*[:：]/,
};
const anyFootLabel = /填\s*报\s*(?:单\s*位|人|日\s*期)\s*[:：]|联\s*系\s*电\s*话\s*[:：]/;
const startsFoot = new RegExp(`^\\s*(?:${anyFootLabel.source})`);

const isFoot = ({ cells }: SheetRow): boolean => startsFoot.test(cells.find((cell) => cell !== undefined)?.text ?? '');

const daysBefore1970 = 25_569;

/** A day as people write it, or as a spreadsheet counts it from 1900; else the text as it is. */
const dayText = (text: string): string => {
  const serial = /^\d{5}$/.test(text) ? Number(text) : undefined;
  if (serial !== undefined) return new Date((serial - daysBefore1970) * 86_400_000).toISOString().slice(0, 10);
  const [, year, month, day] = /^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?$/.exec(text) ?? [];
  return (day === undefined ? undefined : dayOf(Number(year), Number(month), Number(day))) ?? text;
};

const longestFoot = 100;

/** What one row of the foot says: each value stands behind its label, in the same cell or the next. */
const footIn = (row: SheetRow): RosterFoot => {
  const text = row.cells.flatMap((cell) => cell?.text.normalize('NFKC') ?? []).join(' ');
  const values = Object.entries(footLabels).flatMap(([key, label]) => {
    const at = label.exec(text);
    if (at === null) return [];
    const rest = text.slice(at.index + at[0].length);
    const value = rest.slice(0, anyFootLabel.exec(rest)?.index).trim().slice(0, longestFoot);
    return value === '' ? [] : [[key, key === 'day' ? dayText(value) : value]];
  });
  return Object.fromEntries(values);
};

const lineIn = ({ number, cells }: SheetRow, { columns }: Heading): RosterLine => ({
  row: number,
  cells: Object.fromEntries(
    [...columns].flatMap(([column, position]) => (cells[position] === undefined ? [] : [[column, cells[position]]])),
  ),
});

/** Lines that say nothing of a person: the sheet's empty ones, and those with a place only. */
const isPerson = ({ cells }: RosterLine): boolean =>
  rosterColumns.some(
    (column) => column !== 'prefecture' && column !== 'county' && column !== 'township' && cells[column],
  );

/** The example that the empty sheet comes with: its running number says so. */
const isExample = ({ cells }: SheetRow, { number }: Heading): boolean =>
  number !== undefined && /^\s*(?:例|示例)\s*$/.test(cells[number]?.text ?? '');

const mostRowsAbove = 50;

/** Where a sheet's heading stands, if it has one; nothing of the title above it is read. */
const headingOfSheet = ({ rows }: Sheet): Heading | undefined =>
  rows.slice(0, mostRowsAbove).reduce<Heading | undefined>((found, row) => found ?? headingIn(row), undefined);

const readUnder = ({ rows }: Sheet, heading: Heading): RosterRead => {
  const below = rows.filter((row) => row.number > heading.row && headingIn(row) === undefined);
  const lines = below.filter((row) => !isFoot(row) && !isExample(row, heading)).map((row) => lineIn(row, heading));
  const people = lines.filter(isPerson);
  if (people.length === 0) return { outcome: 'noPeople' };
  const foot: RosterFoot = Object.assign({}, ...below.filter(isFoot).map(footIn));
  return { outcome: 'read', lines: people, foot, unread: heading.unread };
};

/**
 * The roster of annex 2 wherever its heading stands, in whatever order its columns come: title above, foot below, both as
 * printed. Headings that repeat on later pages are passed over.
 */
export const readRoster = (sheets: readonly Sheet[]): RosterRead => {
  const found = sheets.flatMap((sheet) => {
    const heading = headingOfSheet(sheet);
    return heading === undefined ? [] : [{ sheet, heading }];
  });
  const [first] = found;
  if (first === undefined) return { outcome: 'noHeading' };
  const missing = required.filter((column) => !first.heading.columns.has(column));
  if (missing.length > 0) return { outcome: 'columnsMissing', columns: missing };
  const filled = found.filter(({ sheet, heading }) => readUnder(sheet, heading).outcome === 'read');
  if (filled.length > 1) return { outcome: 'severalSheets', sheets: filled.map(({ sheet }) => sheet.name) };
  const { sheet, heading } = filled[0] ?? first;
  return readUnder(sheet, heading);
};
