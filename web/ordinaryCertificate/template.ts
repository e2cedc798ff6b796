import { isPrinted, type PrintedParity } from '#domain/stock/serial.ts';

/** What is printed of a couple, by the name of its box. */
export type PaperField =
  | 'serial'
  | 'wifeName'
  | 'husbandName'
  | 'wifeIdNumber'
  | 'husbandIdNumber'
  | 'wifeHousehold'
  | 'husbandHousehold'
  | 'wifeResidence'
  | 'husbandResidence'
  | 'marriageCertificate'
  | 'marriedOn'
  | 'children'
  | 'office'
  | 'year'
  | 'month'
  | 'day'
  | 'specimen';

/** A rectangle of the paper in millimetres from its upper left corner. */
export type Area = { x: number; y: number; width: number; height: number };

/** Where a field is printed: in letters of at most `size` millimetres, smaller where it would not fit. */
export type Box = Area & { field: PaperField; size: number; align: 'left' | 'center' | 'right' };

/** One kind of pre-printed paper; the seal's place stays empty, it is stamped by hand. */
export type Template = { page: { width: number; height: number }; boxes: readonly Box[]; code: Area; seal: Area };

const left = 44;
const right = 140;

const row = (y: number, height: number, size: number, wife: PaperField, husband: PaperField): readonly Box[] => [
  { field: wife, x: left, y, width: 62, height, size, align: 'left' },
  { field: husband, x: right, y, width: 60, height, size, align: 'left' },
];

const couple: readonly Box[] = [
  ...row(30, 8, 5, 'wifeName', 'husbandName'),
  ...row(39, 7, 4.4, 'wifeIdNumber', 'husbandIdNumber'),
  ...row(47, 17, 4, 'wifeHousehold', 'husbandHousehold'),
  ...row(65, 17, 4, 'wifeResidence', 'husbandResidence'),
  ...row(83, 8, 4.2, 'marriageCertificate', 'marriedOn'),
];

const foot: readonly Box[] = [
  { field: 'specimen', x: 44, y: 108, width: 54, height: 6, size: 3.6, align: 'left' },
  { field: 'serial', x: 44, y: 126, width: 54, height: 6, size: 3.8, align: 'left' },
  { field: 'office', x: 104, y: 112, width: 54, height: 12, size: 4.4, align: 'center' },
  { field: 'year', x: 110, y: 126, width: 14, height: 6, size: 4.2, align: 'center' },
  { field: 'month', x: 128, y: 126, width: 9, height: 6, size: 4.2, align: 'center' },
  { field: 'day', x: 141, y: 126, width: 9, height: 6, size: 4.2, align: 'center' },
];

const page = { width: 210, height: 148 };
const code: Area = { x: 14, y: 108, width: 26, height: 26 };
const seal: Area = { x: 160, y: 100, width: 42, height: 42 };

/**
 * The paper for a first and for a second child (§3.1.4), landscape A5. The notice shows no form: the places are ours, and where
 * the province's print differs they are changed here, nowhere else.
 */
export const templates: Readonly<Record<PrintedParity, Template>> = {
  1: { page, boxes: [...couple, ...foot], code, seal },
  2: {
    page,
    boxes: [...couple, { field: 'children', x: left, y: 92, width: 62, height: 8, size: 4.2, align: 'left' }, ...foot],
    code,
    seal,
  },
};

/** The template of a parity; throws for one that the province prints no paper for. */
export const templateOf = (parity: number): Template => {
  if (isPrinted(parity)) return templates[parity];
  throw new RangeError(`There is no ordinary certificate for child ${parity}.`);
};
