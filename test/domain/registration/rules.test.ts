import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { childFields, type RegistrationData, registrationSchema, sections } from '#domain/registration/fields.ts';
import { declarablePlaces, findings, type RuleContext, rules } from '#domain/registration/rules.ts';
import { declaration, context as inPlace } from '../../support/anyDeclaration.ts';
import { draft } from '../../support/anyDraft.ts';
import { couple, type RuleCase } from '../../support/ruleCases.ts';
import { ofPeople } from './ruleCasesOfPeople.ts';
import { ofPlaces } from './ruleCasesOfPlaces.ts';

const cases: Readonly<Record<string, RuleCase>> = { ...ofPeople, ...ofPlaces };

const fired = (data: Partial<RegistrationData>, context: RuleContext = inPlace) => [
  ...findings('block', data, context),
  ...findings('flag', data, context),
];

/** The fields at which one rule fires. */
const fieldsOf = (name: string, data: RegistrationData, context: RuleContext) =>
  fired(data, context).flatMap(({ rule, field }) => (rule === name ? [field] : []));

const exists = (path: string): boolean => {
  const [section = '', member = '', ofChild = ''] = path.split('.');
  if (section === 'children') return /^\d$/.test(member) && Object.hasOwn(childFields, ofChild);
  return Object.hasOwn(sections, section) && Object.hasOwn(sections[section as keyof typeof sections], member);
};

describe('the rules', () => {
  it('all have cases below, and no case is without its rule', () => {
    expect(Object.keys(cases).toSorted()).toEqual([...new Set(rules.map(({ name }) => name))].toSorted());
  });

  it.each(rules.map((rule) => [rule.name, rule] as const))(
    '%s has a clause, an effect and what it needs',
    (_, rule) => {
      expect(rule.clause).toMatch(/^(?:§\d(?:\.\d)*(?:\(\d\))?|A\d\.\d)$/);
      expect(['block', 'flag']).toContain(rule.effect);
      for (const section of rule.needs) expect([...Object.keys(sections), 'children']).toContain(section);
      expect(rule.needs).not.toEqual([]);
    },
  );

  it('of one name have one clause and one effect', () => {
    for (const same of Map.groupBy(rules, ({ name }) => name).values()) {
      expect(new Set(same.map(({ clause, effect }) => `${clause} ${effect}`)).size).toBe(1);
    }
  });

  test.prop([declaration])('are all kept by wholly valid data, which the form’s schema takes as they are', (data) => {
    expect(fired(data)).toEqual([]);
    expect(registrationSchema.parse(data)).toEqual(data);
  });
});

describe.each(Object.entries(cases))('%s', (name, { keeps, breaks, always, context }) => {
  const known = { ...inPlace, ...context };

  it('is kept at its limit', () => {
    expect(fieldsOf(name, keeps, known)).toEqual([]);
  });

  it('is broken beyond it', () => {
    expect(fieldsOf(name, breaks.data, known)).toEqual([breaks.at]);
  });

  test.prop([declaration, always])('is broken by any valid data made so, at that field alone', (data, make) => {
    const { data: broken, at } = make(data);
    expect(fieldsOf(name, broken, known)).toEqual([at]);
    expect(exists(at)).toBe(true);
  });
});

describe('the places that may be declared (A1.4)', () => {
  it('are the townships of the four addresses inside the province, each once', () => {
    const at = (division: string) => ({ ...couple.wifeResidence, division });
    const draftOf = {
      wifeHousehold: at('520111004001'),
      wifeResidence: at('520111004002'),
      husbandHousehold: at('510107001001'),
      husbandResidence: at('520382'),
    };
    expect(declarablePlaces(draftOf)).toEqual(['520111004']);
    expect(declarablePlaces({ ...draftOf, husbandResidence: at('520382001') })).toEqual(['520111004', '520382001']);
    expect(declarablePlaces({})).toEqual([]);
  });
});

describe('findings', () => {
  test.prop([draft], { numRuns: 300 })('of any draft never throw, name fields that exist, and none twice', (data) => {
    const found = fired(data);
    expect(found.filter(({ field }) => !exists(field))).toEqual([]);
    expect(new Set(found.map(({ rule, field }) => `${rule} ${field}`)).size).toBe(found.length);
    for (const { field } of found) expect(Object.keys(data)).toContain(field.split('.')[0]);
  });

  test.prop([declaration, fc.subarray([...Object.keys(sections), 'children'])])(
    'of a part of valid data are none',
    (data, kept) => {
      expect(fired(Object.fromEntries(Object.entries(data).filter(([section]) => kept.includes(section))))).toEqual([]);
    },
  );

  it('of no data are none', () => {
    expect(fired({})).toEqual([]);
  });
});
