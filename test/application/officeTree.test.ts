import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Office } from '#application/offices.ts';
import { officesBelow } from '#application/offices.ts';
import { officeTree } from '#application/officeTree.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { anOffice } from '../support/offices.ts';

const office = (code: string, parent: string, successor?: string): Office =>
  anOffice({ code, parent, division: code, ...(successor === undefined ? {} : { successor, status: 'merged' }) });

/** 520102 and 520111 with two townships each, one of which went on in its neighbour; a committee and a hospital. */
const all = [
  office('52', ''),
  office('5201', '52'),
  office('520102', '5201'),
  office('520111', '5201'),
  office('520102001', '520102'),
  office('520102002', '520102', '520111001'),
  office('520111001', '520111'),
  office('520111002', '520111', '520102002'),
  anOffice({ code: '520111002001', parent: '520111002', kind: 'committee', level: 'village' }),
  anOffice({ code: '520111-H01', parent: '520111', kind: 'institution', level: 'county' }),
];
const tree = officeTree(all);

describe('a tree in which offices merged', () => {
  it('leads places to whoever goes on for their office, through more than one merger', () => {
    expect(tree.forPlace('520111002').code).toBe('520111001');
    expect(tree.forPlace('520111002001').code).toBe('520111001');
    expect(tree.forPlace('520102002').code).toBe('520111001');
    expect(tree.forPlace('520111009').code).toBe('520111');
  });

  it('knows who went on, and who goes on by itself', () => {
    expect(['520111002', '520102002', '520102001', 'nobody'].map(tree.current)).toEqual([
      '520111001',
      '520111001',
      '520102001',
      'nobody',
    ]);
    expect(tree.registers('520111002')).toBe(false);
    expect(tree.registers('520111001')).toBe(true);
    expect(tree.registers('520111-H01')).toBe(false);
    expect(tree.registers('520111002001')).toBe(false);
  });

  it('hangs the merged under their successors, with what reported to them', () => {
    const merged = tree.mergedInto('520111001').map(({ code }) => code);
    expect(merged).toEqual(expect.arrayContaining(['520102002', '520111002']));
    expect(merged).toHaveLength(2);
    expect(tree.children('520111001').map(({ code }) => code)).toEqual(['520111002001']);
    expect(tree.isWithin('520102002', '520111')).toBe(true);
    expect(tree.isWithin('520102002', '520102')).toBe(false);
    expect(tree.within('520111').toSorted()).toEqual(
      ['520111', '520111001', '520111002', '520102002', '520111002001', '520111-H01'].toSorted(),
    );
  });

  it('lists for navigation who stands by itself', () => {
    expect(tree.children('520111').map(({ code }) => code)).toEqual(['520111001', '520111-H01']);
    expect(officesBelow(tree, '520111').map(({ code }) => code)).toEqual(['520111001']);
  });

  it('keeps what an office was called', () => {
    const names = [
      { name: '小河区', from: '2016-07-11T00:00:00.000Z' },
      { name: '花溪区', from: '2020-01-01T00:00:00.000Z' },
    ];
    const renamed = officeTree([{ ...office('520114', ''), name: '花溪区', names }]);
    expect(
      ['2015-01-01', '2019-12-31T23:59:59.999Z', '2020-01-01T00:00:00.000Z'].map((at) => renamed.nameAt('520114', at)),
    ).toEqual(['小河区', '小河区', '花溪区']);
    expect(renamed.nameAt('nobody', '2020-01-01')).toBeUndefined();
  });

  it('without a top answers for no place', () => {
    expect(() => officeTree([]).forPlace('520111001')).toThrow(StoreUnavailable);
  });
});

/** Any trees, mergers at random, also in circles as no command can make them. */
const anyTree = fc
  .array(fc.tuple(fc.nat(9), fc.option(fc.nat(9), { nil: undefined })), { minLength: 1, maxLength: 10 })
  .map((drawn) =>
    drawn.map(([parent, successor], index) =>
      office(
        `o${index}`,
        index === 0 ? '' : `o${parent % index}`,
        successor === undefined || index === 0 ? undefined : `o${successor % drawn.length}`,
      ),
    ),
  );

describe('in any tree, however it was changed', () => {
  test.prop([anyTree])('every question has an answer, and sums count each office at most once', (offices) => {
    const { find, current, isWithin, within, children } = officeTree(offices);
    for (const { code } of offices) {
      expect(find(current(code))).toBeDefined();
      expect(isWithin(code, code)).toBe(true);
      expect(new Set(within(code)).size).toBe(within(code).length);
      for (const below of within(code)) expect(isWithin(below, code)).toBe(true);
      for (const child of children(code)) expect(child.status).toBe('active');
    }
  });
});
