import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type RosterColumn, type RosterRead, readRoster, rosterColumns } from '#domain/account/rosterSheet.ts';
import { anyWritten, lineOf, printed, printedRows, sheetOf, type Written, written } from '../../support/rosters.ts';

const read = (rows: readonly (readonly string[])[]) => readRoster([sheetOf(rows)]);
const people = (found: RosterRead) => (found.outcome === 'read' ? found.lines : found.outcome);

describe('the printed sheet', () => {
  test('with its empty rows, numbered as printed, holds nobody', () => {
    const empty = printed.numbers.map((number) => [number]);
    const rows = [
      ...printed.title.map((line) => [line]),
      printed.heading,
      ...empty,
      ...printed.foot.map((line) => [line]),
    ];
    expect(read(rows)).toEqual({ outcome: 'noPeople' });
  });

  test('gives each person under the sheet’s own row number', () => {
    const found = read(printedRows([written, { ...written, name: '张三' }]));
    expect(people(found)).toEqual([lineOf(written, 4), lineOf({ ...written, name: '张三' }, 5)]);
  });

  test.each([
    [['填报单位：花溪区卫生健康局', '填报人：王芳', '填报日期：2026年11月25日', '联系电话：0851-83621234']],
    [['填报单位: 花溪区卫生健康局   填报人: 王芳', '填报日期：2026-11-25 联系电话：0851-83621234']],
    [['填 报 单 位：花溪区卫生健康局', '填报人：王芳', '填报日期：46351', '联系电话：0851-83621234']],
  ])('keeps its foot: %j', (lines) => {
    const rows = [
      printed.heading,
      ['1', ...rosterColumns.map((column) => written[column])],
      ...lines.map((line) => [line]),
    ];
    expect(read(rows)).toMatchObject({
      foot: { unit: '花溪区卫生健康局', person: '王芳', day: '2026-11-25', phone: '0851-83621234' },
      lines: [{ row: 2 }],
    });
  });

  test('is read without the example that the empty sheet comes with', () => {
    const example = ['例', ...rosterColumns.map((column) => written[column])];
    expect(read([printed.heading, example, ['1', ...example.slice(1)]])).toMatchObject({ lines: [{ row: 3 }] });
  });

  test('takes what stands in the cell beside a label of the foot', () => {
    const rows = [...printedRows([written]).slice(0, 4), ['填报单位：', '', '花溪区卫生健康局', '填报人：', '王芳']];
    expect(read(rows)).toMatchObject({ foot: { unit: '花溪区卫生健康局', person: '王芳' } });
  });
});

describe('headings', () => {
  test.each<[RosterColumn, readonly string[]]>([
    ['prefecture', ['市州', '市（州）', '市(州)名称', '地市', '所属市州']],
    ['county', ['县区', '县(市、区)', '县（市、区、特区）名称', '区县', '县市区']],
    ['township', ['乡镇', '乡镇(街道)', '乡(镇、街道)', '乡镇、街道(社区)名称', '街道']],
    ['name', ['姓名', '姓 名', '用户姓名']],
    ['role', ['角色', '角色分类', '角色分类(1-系统管理员、2-操作员)', '用户类型']],
    ['workUnit', ['工作单位', '单位名称', '所在单位']],
    ['idNumber', ['身份证号', '身份证号码', '居民身份证号', '公民身份号码', '身份证']],
    ['mobile', ['手机', '手机号', '联系手机', '手机号码', '联系电话', '移动电话']],
    ['qq', ['QQ', 'QQ号', 'qq号码', 'ＱＱ号']],
    ['note', ['备注', '备注(可不填)', '说明']],
  ])('of %s are known in their small differences', (column, texts) => {
    for (const text of texts) {
      const heading = printed.heading.with(rosterColumns.indexOf(column) + 1, text);
      const found = read([heading, ['1', ...rosterColumns.map((one) => written[one] || '无')]]);
      expect(found, text).toMatchObject({ outcome: 'read', unread: [], lines: [{ cells: { [column]: {} } }] });
    }
  });

  property.prop([fc.shuffledSubarray([...rosterColumns], { minLength: rosterColumns.length }), anyWritten])(
    'stand in any order',
    (order, person) => {
      const heading = order.map((column) => printed.heading[rosterColumns.indexOf(column) + 1] ?? '');
      expect(people(read([['名单'], heading, order.map((column) => person[column])]))).toEqual([lineOf(person, 3)]);
    },
  );

  test('that repeat on the next page are passed over, and unknown ones are named', () => {
    const row = ['1', ...rosterColumns.map((column) => written[column]), '女'];
    const heading = [...printed.heading, '性别'];
    expect(read([heading, row, heading, row])).toMatchObject({ unread: ['性别'], lines: [{ row: 2 }, { row: 4 }] });
  });

  test('that are missing are named; where there is none at all, or nobody below, that is told', () => {
    const without = printed.heading.filter((text) => !/身份证|手机/.test(text));
    expect(read([without])).toEqual({ outcome: 'columnsMissing', columns: ['idNumber', 'mobile'] });
    expect(read([['a', 'b'], ['c']])).toEqual({ outcome: 'noHeading' });
    expect(read([printed.heading])).toEqual({ outcome: 'noPeople' });
  });

  test('in several filled sheets are told; an empty one beside is not', () => {
    const filled = (name: string) => sheetOf(printedRows([written]), name);
    const empty = sheetOf([printed.heading], '说明');
    expect(readRoster([filled('花溪'), filled('南明')])).toEqual({
      outcome: 'severalSheets',
      sheets: ['花溪', '南明'],
    });
    expect(readRoster([empty, filled('花溪')])).toMatchObject({ outcome: 'read' });
  });
});

const anyCell = fc.constantFrom<string>(
  '',
  '姓名',
  '身份证号',
  '角色',
  '填报单位：',
  '市州',
  '2',
  '张三',
  '联系电话：1',
);
property.prop([fc.array(fc.array(fc.oneof(anyCell, fc.string()), { maxLength: 12 }), { maxLength: 12 })])(
  'any sheet at all is read or refused with a reason',
  (rows) => {
    expect(['read', 'noHeading', 'columnsMissing', 'noPeople']).toContain(read(rows).outcome);
  },
);

property.prop([fc.array(anyWritten, { minLength: 1, maxLength: 5 })])(
  'everybody written on the sheet is read',
  (all) => {
    const found = people(read(printedRows(all)));
    expect(found).toEqual(all.map((person: Written, index) => lineOf(person, index + 4)));
  },
);
