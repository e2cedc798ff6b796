import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Division, Divisions } from '#application/divisions.ts';
import type { Office } from '#application/offices.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOffices } from '../support/offices.ts';

const divisions = loadDivisions();
const offices = demoOffices(divisions);
const under = (code: string): readonly Office[] =>
  offices.children(code).flatMap((office) => [office, ...under(office.code)]);
const all = under('52');
const office = fc.constantFrom(...all);

describe('the demo offices', () => {
  it('are the province, its prefectures, counties and townships', () => {
    expect(offices.find('52')).toMatchObject({ name: '贵州省卫生健康委员会', level: 'province', parent: '' });
    expect(offices.find('5201')?.name).toBe('贵阳市卫生健康局');
    expect(offices.find('520111')?.name).toBe('花溪区卫生健康局');
    expect(offices.find('520111004')).toMatchObject({
      name: '贵阳市花溪区贵筑街道办事处',
      level: 'township',
      division: '520111004',
      parent: '520111',
    });
    expect(offices.find('520111101')?.name).toBe('贵阳市花溪区青岩镇人民政府');
    const administrations = all.filter(({ kind }) => kind === 'administration');
    expect(administrations).toHaveLength(9 + 88 + 1510 + 1);
  });

  it.each([
    ['520382', '仁怀市卫生健康局', '5203'],
    ['520526', '威宁彝族回族苗族自治县卫生健康局', '5205'],
  ])('%s (%s) reports to the province directly (O1)', (code, name, prefecture) => {
    expect(offices.find(code)).toMatchObject({ name, level: 'prefecture', parent: '52' });
    const [township] = offices.children(code);
    expect(township?.level).toBe('township');
    expect(offices.isWithin(township?.code ?? '', '52')).toBe(true);
    expect(offices.isWithin(township?.code ?? '', code)).toBe(true);
    expect(offices.isWithin(township?.code ?? '', prefecture)).toBe(false);
  });

  it('have 贵安新区 beside the prefectures', () => {
    expect(offices.children('52').filter(({ name }) => name.startsWith('贵安新区'))).toHaveLength(1);
  });

  it('know no other', () => {
    expect(offices.find('110101')).toBeUndefined();
    expect(offices.isWithin('110101', '52')).toBe(false);
    expect(offices.isWithin('52', '5201')).toBe(false);
  });

  test.prop([office])('all report to the province, and show a number that reaches nobody', (one) => {
    expect(offices.isWithin(one.code, '52')).toBe(true);
    expect(offices.isWithin(one.code, one.code)).toBe(true);
    expect(offices.isWithin(one.code, one.parent)).toBe(true);
    if (one.complete) expect(one.phone).toMatch(/^08\d\d-0\d{7}$/);
    else expect([one.phone, one.address]).toEqual([undefined, undefined]);
  });
});

describe('who handles a place (R5)', () => {
  it('is the township’s own office, for its villages too', () => {
    expect(offices.forPlace('520111004').code).toBe('520111004');
    expect(offices.forPlace('520111004001').code).toBe('520111004');
  });

  it('is the nearest desk above where a code names no office', () => {
    expect(offices.forPlace('520111999').code).toBe('520111');
    expect(offices.forPlace('520199999').code).toBe('5201');
    expect(offices.forPlace('110101001').code).toBe('52');
    expect(offices.forPlace('').code).toBe('52');
  });

  it('is the county’s desk for a zone without an office', () => {
    const zone: Division = { code: '520111400', name: '花溪工业园区', level: 'township', parent: '520111' };
    const withZone: Divisions = {
      ...divisions,
      children: (code) => [...divisions.children(code), ...(code === '520111' ? [zone] : [])],
    };
    const tree = demoOffices(withZone);
    expect(tree.find(zone.code)).toBeUndefined();
    expect(tree.forPlace(zone.code).code).toBe('520111');
  });

  test.each([
    ['520111004', true],
    ['520111', true],
    ['520382', true],
    ['5201', false],
    ['52', false],
    ['52GA', false],
    ['999999999', false],
  ])('says of %s whether it registers: %s', (code, registers) => {
    expect(offices.registers(code)).toBe(registers);
  });
});
