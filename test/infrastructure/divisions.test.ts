import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Division } from '#application/divisions.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';

const divisions = loadDivisions();
const text = (division: Division) =>
  divisions
    .path(division.code)
    .map(({ name }) => name)
    .join('');
const found = (query: string, search: Partial<Parameters<typeof divisions.search>[1]> = {}) =>
  divisions.search(query, { limit: 10, ...search }).map(text);
const under = (code: string): readonly Division[] =>
  divisions.children(code).flatMap((division) => [division, ...under(division.code)]);
const guizhou = under('52');
const place = fc.constantFrom(...guizhou);

describe('the divisions', () => {
  it('hold all of Guizhou', () => {
    const count = (level: Division['level']) => guizhou.filter((division) => division.level === level).length;
    expect(['prefecture', 'county', 'township', 'village'].map((level) => count(level as Division['level']))).toEqual([
      9, 88, 1510, 17964,
    ]);
  });

  it('hold the rest of the country to the county', () => {
    expect(divisions.children('')).toHaveLength(34);
    expect(divisions.children('')[0]?.name).toBe('贵州省');
    expect(divisions.path('110105').map(({ name }) => name)).toEqual(['北京市', '朝阳区']);
    expect(divisions.path('440103').map(({ name }) => name)).toEqual(['广东省', '广州市', '荔湾区']);
    expect(divisions.children('440103')).toEqual([]);
    expect(divisions.find('110101001')).toBeUndefined();
  });

  it('know each place and the way to it', () => {
    expect(divisions.find('520111004')).toEqual({
      code: '520111004',
      name: '贵筑街道',
      level: 'township',
      parent: '520111',
    });
    expect(divisions.path('520382001').map(({ name }) => name)).toEqual(['贵州省', '遵义市', '仁怀市', '盐津街道']);
    expect(divisions.path('529999999')).toEqual([]);
    expect(divisions.find('')).toBeUndefined();
  });

  test.prop([place])('stand under what their code says', (division) => {
    expect(division.code.startsWith(division.parent)).toBe(true);
    expect(divisions.children(division.parent)).toContainEqual(division);
    expect(division.name).not.toBe('');
  });
});

describe('searching divisions', () => {
  const guizhu = '贵州省贵阳市花溪区贵筑街道';

  it.each([
    '花溪 贵筑',
    '贵筑 花溪',
    '贵筑　花溪区，贵阳',
    'hxgz',
    'HXGZ',
    'hxqgzjd',
    'gyhxgz',
    '花溪贵筑',
    '贵州省贵阳市花溪区贵筑街道',
    '贵筑街道',
    'hx 贵筑',
  ])('finds the township first by %j', (query) => {
    expect(found(query, { level: 'township' })[0]).toBe(guizhu);
  });

  it('puts what is named so before what begins so, and both before what holds it inside', () => {
    expect(found('花溪')[0]).toBe('贵州省贵阳市花溪区');
    expect(found('朝阳区')).toEqual(['北京市朝阳区', '吉林省长春市朝阳区']);
    const names = divisions.search('龙', { limit: 2000, level: 'township' }).map(({ name }) => name);
    const begins = names.filter((name) => name.startsWith('龙'));
    const holds = names.filter((name) => name.includes('龙'));
    expect(begins.length).toBeGreaterThan(5);
    expect(holds.length).toBeGreaterThan(begins.length);
    expect(names.slice(0, begins.length)).toEqual(begins);
    expect(names.slice(0, holds.length)).toEqual(holds);
    expect(names.length).toBeGreaterThan(holds.length);
  });

  it('stays within a division and level, and below its limit', () => {
    const all = divisions.search('社区', { within: '520111', level: 'village', limit: 20 });
    expect(all).toHaveLength(20);
    expect(all.every(({ code, level }) => code.startsWith('520111') && level === 'village')).toBe(true);
    expect(divisions.search('社区', { within: '999999', limit: 20 })).toEqual([]);
  });

  it('counts the names above the place it stays within', () => {
    expect(found('花溪 大寨', { within: '520111004' })).toEqual([`${guizhu}大寨社区`]);
  });

  it.each(['', '   ', '，', '不存在的地方', '花溪 不存在'])('finds nothing by %j', (query) => {
    expect(found(query)).toEqual([]);
  });

  it.each(['guizhujiedao', 'guizhu', 'huaxi guizhu', 'huaxiguizhu', 'hx guizhu', 'guiyang huaxi gz'])(
    'finds 贵筑街道 by whole pinyin: %j',
    (query) => {
      expect(divisions.search(query, { level: 'township', limit: 3 }).map(({ code }) => code)).toContain('520111004');
    },
  );

  it('shows Guizhou before places of other provinces that fit as well', () => {
    const found = divisions.search('gz', { limit: 12 });
    const away = found.findIndex(({ code }) => !code.startsWith('52'));
    expect(found.slice(away < 0 ? found.length : away).filter(({ code }) => code.startsWith('52'))).toEqual([]);
    expect(found.filter(({ code }) => code.startsWith('52')).length).toBeGreaterThan(3);
  });

  it('knows the initials of rare characters', () => {
    expect(found('fyz')).toContain('贵州省遵义市正安县桴㯊镇');
  });

  test.prop([place])(
    'finds every place by its path without blanks, and by the names on it in any order',
    (division) => {
      const names = divisions.path(division.code).map(({ name }) => name);
      const byPath = divisions.search(names.join(''), { limit: 3, level: division.level });
      const byNames = divisions.search(names.toReversed().join(' '), { limit: 30, level: division.level });
      expect(byPath.map(text)).toContain(text(division));
      expect(byNames.map(text)).toContain(text(division));
    },
  );

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })])('gives an answer to any text', (query) => {
    expect(divisions.search(query, { limit: 5 }).length).toBeLessThanOrEqual(5);
  });
});
