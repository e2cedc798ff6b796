import { describe, expect, it } from 'vitest';
import type { Office } from '#application/offices.ts';
import { officeTree } from '#application/officeTree.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { anOffice, demoOffices } from '../support/offices.ts';

const from = '2026-11-24T00:00:00.000Z';
const list = loadDivisions();
const township = (code: string, ...names: readonly string[]): Office =>
  anOffice({
    code,
    division: code,
    parent: code.slice(0, 6),
    name: names.at(-1) ?? code,
    names: names.map((name) => ({ name, from })),
  });
const over = (...all: readonly Office[]) => loadDivisions({ all: () => all });
const created = township('520111013', '贵阳市花溪区新名街道办事处');

describe('divisions of organisations', () => {
  it('know a township that the list does not, under its county and by the name of the place', () => {
    const divisions = over(created);
    const found = { code: '520111013', name: '新名街道', level: 'township', parent: '520111' };
    expect(divisions.find('520111013')).toEqual(found);
    expect(divisions.children('520111')).toContainEqual(found);
    expect(divisions.path('520111013').map(({ name }) => name)).toEqual(['贵州省', '贵阳市', '花溪区', '新名街道']);
  });

  it.each(['新名', '花溪 新名街道', '花溪区新名街道', 'xmjd', 'xinming'])('find it by %j', (text) => {
    const found = over(created).search(text, { limit: 5, within: '520111' });
    expect(found.map(({ code }) => code)).toContain('520111013');
  });

  it('know a committee of it', () => {
    const village = { level: 'village', kind: 'committee', parent: '520111013' } as const;
    const divisions = over(
      { ...township('520111013201', '新名街道桃花村村民委员会'), ...village },
      { ...township('520111013001', '清溪社区居民委员会'), ...village },
      created,
    );
    expect(divisions.children('520111013').map(({ name }) => name)).toEqual(['清溪社区', '桃花村']);
    expect(divisions.path('520111013201')).toHaveLength(5);
  });

  it('take the name after which an organisation was renamed, and keep what lies below', () => {
    const divisions = over(township('520111101', '贵阳市花溪区青岩镇人民政府', '贵阳市花溪区青岩古城街道办事处'));
    expect(divisions.find('520111101')?.name).toBe('青岩古城街道');
    expect(divisions.children('520111101')).toEqual(list.children('520111101'));
    expect(divisions.search('青岩古城', { limit: 1 })[0]?.code).toBe('520111101');
    expect(divisions.search('青岩镇', { limit: 5, level: 'township' }).map(({ code }) => code)).not.toContain(
      '520111101',
    );
  });

  it('keep the name of the list where the new name is of no other place', () => {
    const name = list.find('520111101')?.name;
    expect(over(township('520111101', '青岩镇政府', '青岩政务服务中心')).find('520111101')?.name).toBe(name);
    expect(demoOrganisations(loadDivisions(demoOffices(list)))).toEqual(demoOrganisations(list));
  });

  it('leave hospitals and organisations under letters of ours out', () => {
    const divisions = over(anOffice({ code: '52GA', parent: '52' }), { ...created, code: '520111013-H01' });
    expect(divisions.children('52')).toEqual(list.children('52'));
    expect(divisions.find('520111013')).toBeUndefined();
  });

  it('follow the tree, and keep a merged place', () => {
    let all: readonly Office[] = [];
    const divisions = loadDivisions({ all: () => all });
    expect(divisions.find('520111013')).toBeUndefined();
    all = officeTree([created]).all();
    expect(divisions.find('520111013')?.name).toBe('新名街道');
    all = officeTree([{ ...created, status: 'merged', successor: '520111004' }]).all();
    expect(divisions.find('520111013')?.name).toBe('新名街道');
  });
});
