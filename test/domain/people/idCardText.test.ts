import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addressParts, readIdCard, spouseOf } from '#domain/people/idCardText.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';

const idNumber = fc
  .tuple(
    fc.integer({ min: 1960, max: 2005 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([year, month, day, order]) =>
    withCheckCharacter(
      `520111${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}${String(order).padStart(3, '0')}`,
    ),
  );
const name = fc.constantFrom('王秀英', '买买提·艾力', '欧阳小敏', '李雷');
const ethnicity = fc.constantFrom('汉族', '苗族', '布依族');
const address = fc.constantFrom('贵州省贵阳市花溪区贵筑街道明珠大道12号', '贵州省榕江县忠诚镇王岭村三组');
const separator = fc.constantFrom('|', '\t', ',', ';', ' ', '，', '；');
const card = fc.record({ name, idNumber, ethnicity, address });

describe('the text of an identity card', () => {
  property.prop([card, separator])('is read from any order of parts between any separator', (given, between) => {
    const line = [given.name, given.ethnicity, given.address, given.idNumber].join(between);
    expect(readIdCard(line)).toEqual(given);
    expect(
      readIdCard(`${[given.idNumber, given.name, '女', given.ethnicity, given.address].join(between)}\r\n`),
    ).toEqual(given);
  });

  property.prop([card])('is read after its labels, on one line or on several', (given) => {
    const parts = [
      `姓名：${given.name}`,
      '性别：女',
      `民族：${given.ethnicity}`,
      '出生：1996年3月7日',
      `住址：${given.address}`,
      `公民身份号码：${given.idNumber}`,
    ];
    expect(readIdCard(parts.join('\n'))).toEqual(given);
    expect(readIdCard(parts.join(' '))).toEqual(given);
  });

  property.prop([fc.string({ maxLength: 3000 })])('may be anything, and nothing is made up of it', (text) => {
    for (const value of Object.values(readIdCard(text))) expect(value).not.toBe('');
  });

  test('is read as a card prints it, with blanks in its labels and full-width signs', () => {
    expect(
      readIdCard(
        '姓 名 王秀英\n性 别 女 民 族 苗\n住 址 贵州省榕江县忠诚镇\n王岭村三组\n公民身份号码 ５２２６３２１９９６０３０７００２Ｘ',
      ),
    ).toEqual({
      name: '王秀英',
      ethnicity: '苗',
      address: '贵州省榕江县忠诚镇王岭村三组',
      idNumber: '52263219960307002X',
    });
  });

  property.prop([idNumber])('belongs to wife or husband by the sex in its number', (number) => {
    expect(spouseOf({ idNumber: number })).toBe(Number(number[16]) % 2 === 0 ? 'wife' : 'husband');
    expect(spouseOf({})).toBeUndefined();
  });

  test('has an address of a place and the rest', () => {
    expect(addressParts('贵州省贵阳市花溪区贵筑街道明珠大道12号')).toEqual({
      place: '贵州省贵阳市花溪区贵筑街道',
      rest: '明珠大道12号',
    });
    expect(addressParts('某地')).toEqual({ place: '', rest: '某地' });
  });
});
