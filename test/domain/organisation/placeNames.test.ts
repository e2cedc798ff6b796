import { describe, expect, test } from 'vitest';
import { placeStem } from '#domain/organisation/placeNames.ts';
import { columnsFor, officeCodes, placesFor } from '../../support/rosters.ts';

const nobody = () => false;
const { finder } = placesFor('52');
const find = (prefecture: string, county = '', township = '', prefer: (code: string) => boolean = nobody) =>
  finder.find({ prefecture, county, township }, prefer);

describe('what is left of a place without what kind of place it is', () => {
  test.each([
    ['贵阳市', '贵阳'],
    ['黔东南苗族侗族自治州', '黔东南'],
    ['黔东南州', '黔东南'],
    ['威宁彝族回族苗族自治县', '威宁'],
    ['六枝特区', '六枝'],
    ['贵安新区', '贵安'],
    ['花溪街道办事处', '花溪'],
    ['高坡苗族乡', '高坡'],
    ['青岩镇人民政府', '青岩'],
    ['播州', '播州'],
    [' 花 溪 区 ', '花溪'],
  ])('of %s is %s', (name, stem) => {
    expect(placeStem(name)).toBe(stem);
  });
});

describe('a place', () => {
  test.each([
    ['贵阳市', '花溪区', '贵筑街道', '520111004'],
    ['贵阳', '花溪', '贵筑', '520111004'],
    ['', '', '贵筑街道办事处', '520111004'],
    ['贵阳市', '花溪区', '', '520111'],
    ['黔东南州', '凯里', '', '522601'],
    ['黔东南', '', '', '5226'],
    ['贵安新区', '', '', '52GA'],
  ])('%s %s %s is found', (prefecture, county, township, code) => {
    expect(find(prefecture, county, township)).toEqual({ outcome: 'found', code });
  });

  test.each([
    ['仁怀市', '', '茅台镇'],
    ['遵义市', '仁怀市', '茅台镇'],
    ['', '仁怀', '茅台'],
  ])(
    'under 仁怀市 is found whether it is written as a county or beside the prefectures: %s %s %s',
    (prefecture, county, township) => {
      expect(find(prefecture, county, township)).toEqual({ outcome: 'found', code: expect.stringMatching(/^520382/) });
    },
  );

  test('of every office of the province is found by what the statistics call it', () => {
    const lost = officeCodes.filter((code) => {
      const { prefecture, county, township } = columnsFor(code);
      const found = find(prefecture, county, township);
      return found.outcome !== 'found' || found.code !== code;
    });
    expect(officeCodes.length).toBeGreaterThan(1500);
    expect(lost).toEqual([]);
  });

  test.each([
    ['of no such name', ['贵阳市', '花溪区', '无此镇'], { outcome: 'unknown', column: 'township' }],
    ['of no such county', ['贵阳市', '无此县', '贵筑街道'], { outcome: 'unknown', column: 'county' }],
    ['that lies elsewhere', ['贵阳市', '南明区', '贵筑街道'], { outcome: 'notThere', column: 'township' }],
    [
      'under a prefecture that it does not belong to',
      ['遵义市', '花溪区', ''],
      { outcome: 'notThere', column: 'county' },
    ],
    ['that nobody wrote', ['', '', ''], { outcome: 'blank' }],
  ] as const)('%s is told', (_, [prefecture, county, township], outcome) => {
    expect(find(prefecture, county, township)).toEqual(outcome);
  });

  test('of a name that several have is asked back, unless one alone is the importer’s', () => {
    const townships = officeCodes.filter((code) => code.length === 9);
    const named = Map.groupBy(townships, (code) => columnsFor(code).township);
    const [name = '', codes = []] = [...named].find(([, { length }]) => length > 1) ?? [];
    expect(find('', '', name)).toEqual({ outcome: 'ambiguous', column: 'township', codes });
    const [own = ''] = codes;
    expect(find('', '', name, (code) => code === own)).toEqual({ outcome: 'found', code: own });
  });
});
