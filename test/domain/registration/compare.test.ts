import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { changedFields } from '#domain/registration/changedFields.ts';
import { compare, type PopulationRecord, sourceFor } from '#domain/registration/compare.ts';
import type { Child, RegistrationData } from '#domain/registration/fields.ts';
import { declaration } from '../../support/anyDeclaration.ts';
import { answered, couple, withChild } from '../../support/ruleCases.ts';

const recordOf = (data: RegistrationData): PopulationRecord => ({
  wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
  husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
  marriage: {
    certificateNumber: data.marriage.certificateNumber,
    registeredOn: data.marriage.registeredOn,
  },
  children: data.children.map(({ name, sex, bornOn }) => ({ name, sex, bornOn })),
});
const differing = (data: RegistrationData, record: PopulationRecord) =>
  compare(data, record).flatMap(({ field, agrees }) => (agrees ? [] : [field]));

describe('declared data beside the record', () => {
  test.prop([declaration])('agree in every line where the record says the same', (data) => {
    const lines = compare(data, recordOf(data));
    expect(lines).toHaveLength(8 + data.children.length);
    expect(lines.filter(({ agrees }) => !agrees)).toEqual([]);
  });

  test.prop([declaration, declaration])('show each field in which the record differs', (data, other) => {
    const record = { ...recordOf(data), wife: { ...recordOf(data).wife, ...other.wife } };
    const expected = [
      ...(data.wife.name === other.wife.name ? [] : ['wife.name']),
      ...(data.wife.idNumber === other.wife.idNumber ? [] : ['wife.idNumber']),
    ];
    expect(differing(data, record)).toEqual(expected);
  });

  it('show a marriage that is not recorded, and a household recorded elsewhere or not at all', () => {
    const { marriage: _, ...unmarried } = recordOf(couple);
    const moved = { ...unmarried, husband: { ...unmarried.husband, householdDivision: '510107' } };
    expect(differing(couple, { ...moved, wife: { ...moved.wife, householdDivision: '' } })).toEqual([
      'wifeHousehold.division',
      'husbandHousehold.division',
      'marriage.registeredOn',
      'marriage.certificateNumber',
    ]);
  });

  it('agree on a marriage certificate written with or without dashes, in either case', () => {
    const recorded = { certificateNumber: 'j520103 2021 001234', registeredOn: couple.marriage.registeredOn };
    const lines = compare(couple, { ...recordOf(couple), marriage: recorded });
    expect(lines.find(({ field }) => field === 'marriage.certificateNumber')).toMatchObject({ agrees: true });
  });

  it('agree on a household that is recorded down to the county only', () => {
    const record = recordOf(couple);
    expect(differing(couple, { ...record, wife: { ...record.wife, householdDivision: '520111' } })).toEqual([]);
  });

  it('show children that were not declared, and declared ones that are not recorded', () => {
    const extra = { name: '张大', sex: 'male', bornOn: '2021-01-01' } as const;
    expect(differing(couple, { ...recordOf(couple), children: [extra] })).toEqual(['children.0']);
    expect(differing(withChild(couple), recordOf(couple))).toEqual(['children.0']);
  });

  test.prop([fc.shuffledSubarray(['2018-01-01', '2019-02-02', '2020-03-03'])])(
    'agree on the same children in whatever order the record has them, their names told but not held against them',
    (days) => {
      const born = (bornOn: string): Partial<Child> => ({ bornOn, name: `张${bornOn.slice(3, 4)}` });
      const data = days.reduce((now, day) => withChild(now, born(day)), couple);
      const record = { ...recordOf(data), children: recordOf(data).children.toReversed() };
      expect(differing(data, record)).toEqual([]);
    },
  );

  it('count twins one by one', () => {
    const twins = withChild(withChild(couple, { name: '张一' }), { name: '张二' });
    const one = { ...recordOf(twins), children: recordOf(twins).children.slice(0, 1) };
    expect(differing(twins, one)).toEqual(['children.1']);
  });
});

describe('the system that knows a couple', () => {
  it.each([
    ['520111004001', '520111004001', 'pis'],
    ['510107', '520111004001', 'exchange'],
    ['520111004001', '110105', 'exchange'],
  ] as const)('with households in %s and %s is %s', (wife, husband, source) => {
    const data = answered(couple, 'wifeHousehold', 'division', wife);
    expect(sourceFor(answered(data, 'husbandHousehold', 'division', husband))).toBe(source);
  });
});

describe('changed fields', () => {
  test.prop([declaration])('are none between the same data', (data) => {
    expect(changedFields(data, structuredClone(data))).toEqual([]);
  });

  test.prop([declaration, declaration])('are named the same from either side', (before, after) => {
    expect(changedFields(before, after).toSorted()).toEqual(changedFields(after, before).toSorted());
  });

  it('are named by their path, each member of a child that came or went too', () => {
    expect(changedFields(couple, answered(couple, 'wife', 'name', '王丽'))).toEqual(['wife.name']);
    const members = ['name', 'sex', 'bornOn', 'parentage', 'living'].map((member) => `children.0.${member}`);
    expect(changedFields(couple, withChild(couple))).toEqual(members);
    expect(changedFields(withChild(couple), couple)).toEqual(members);
  });
});
