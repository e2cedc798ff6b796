import fc from 'fast-check';
import { rosterPlaces } from '#application/roster/places.ts';
import { type RosterColumn, type RosterLine, rosterColumns } from '#domain/account/rosterSheet.ts';
import type { Sheet, SheetCell } from '#domain/account/sheet.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOffices } from './offices.ts';
import { chineseName, validIdNumber } from './people.ts';

/** The printed sheet (annex 2): its title, its heading, the numbers of its empty rows as printed, its foot. */
export const printed = {
  title: ['附件2', '“贵州省生育服务网上登记平台”系统管理员和操作人员名单'],
  heading: [
    '序号',
    '市(州)名称',
    '县(市、区)名称',
    '乡镇、街道(社区)名称',
    '姓名',
    '角色分类 (1-系统管理员、 2-操作员)',
    '工作单位',
    '身份证号码',
    '联系手机',
    'QQ号',
    '备注',
  ],
  numbers: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '10', '11'],
  foot: ['填报单位：', '填报人：', '填报日期：', '联系电话：'],
};

/** One person as the sheet has them, column by column. */
export type Written = Record<RosterColumn, string>;

export const written: Written = {
  prefecture: '贵阳市',
  county: '花溪区',
  township: '贵筑街道',
  name: '杨秀英',
  role: '2',
  workUnit: '贵筑街道办事处',
  idNumber: '520111199003072825',
  mobile: '13800001234',
  qq: '12345678',
  note: '',
};

const text = (value: string): SheetCell | undefined => (value === '' ? undefined : { kind: 'text', text: value });

/** A sheet of rows of texts, numbered from 1; rows of nothing are left out as readers leave them out. */
export const sheetOf = (rows: readonly (readonly string[])[], name = '名单'): Sheet => ({
  name,
  rows: rows
    .map((cells, index) => ({ number: index + 1, cells: cells.map(text) }))
    .filter(({ cells }) => cells.some((cell) => cell !== undefined)),
});

/** The printed sheet's rows with these people in it. */
export const printedRows = (people: readonly Written[]): readonly (readonly string[])[] => [
  ...printed.title.map((line) => [line]),
  printed.heading,
  ...people.map((person, index) => [String(index + 1), ...rosterColumns.map((column) => person[column])]),
  ...printed.foot.map((line) => [line]),
];

export const lineOf = (person: Written, row = 4): RosterLine => ({
  row,
  cells: Object.fromEntries(
    rosterColumns.flatMap((column) => (person[column] === '' ? [] : [[column, text(person[column])]])),
  ),
});

const divisions = loadDivisions();
export const offices = demoOffices(divisions);
/** The demo province's places as the people of an office name them. */
export const placesFor = (office: string) => rosterPlaces({ offices, divisions }, office);

/** The three columns of an office as the sheet has them. */
export const columnsFor = (code: string): Pick<Written, 'prefecture' | 'county' | 'township'> => {
  const named = (digits: number) => (code.length >= digits ? (divisions.find(code.slice(0, digits))?.name ?? '') : '');
  return { prefecture: named(4), county: named(6), township: named(9) };
};

/** Every administration of the province with a code of the statistics, but the province itself. */
export const officeCodes = offices.within('52').filter((code) => /^52\d{2,7}$/.test(code));
const anyOffice: fc.Arbitrary<string> = fc.constantFrom(...officeCodes);

/** Any valid person, at any office of the province. */
export const anyWritten: fc.Arbitrary<Written> = fc
  .record({
    office: anyOffice,
    name: chineseName,
    role: fc.constantFrom('1', '2', '系统管理员', '操作员', '１'),
    workUnit: fc.constantFrom('', '卫生健康局'),
    idNumber: validIdNumber(),
    mobile: fc.constantFrom('', '13800001234', '138 0000 1234', '+86 13900001234'),
    qq: fc.constantFrom('', '12345678'),
    note: fc.constantFrom('', '新任'),
  })
  .map(({ office, ...person }) => ({ ...columnsFor(office), ...person }));
