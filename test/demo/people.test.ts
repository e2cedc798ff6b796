import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { policyOn } from '#domain/calendar/policy.ts';
import { registrationSchema } from '#domain/registration/fields.ts';
import { findings, type RuleContext } from '#domain/registration/rules.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { scenarios } from '#infrastructure/population/sandboxRecord.ts';
import { demoCouples } from '../../src/demo/demoCouples.ts';
import { makeCouple, newestDay } from '../../src/demo/people.ts';
import { seedStories } from '../../src/demo/stories.ts';

const divisions = loadDivisions();
const townships = divisions
  .children('52')
  .flatMap(({ code }) => divisions.children(code))
  .flatMap(({ code }) => divisions.children(code))
  .map(({ code }) => code);

const contextOn = (today: string): RuleContext => ({
  today,
  policy: policyOn(today),
  knowsDivision: (code) => divisions.find(code) !== undefined,
  isDivided: (code) => divisions.children(code).length > 0,
  canPrint: () => true,
});

const wish = fc.record(
  {
    place: fc.constantFrom(...townships),
    parity: fc.constantFrom(1 as const, 2 as const),
    fromOutside: fc.boolean(),
    olderCertificate: fc.boolean(),
    youngMarriage: fc.boolean(),
  },
  { requiredKeys: ['place'] },
);

describe('made-up couples', () => {
  test.prop([fc.string(), wish], { numRuns: 300 })(
    'keep every blocking rule and are what was wished for',
    (seed, wished) => {
      const data = makeCouple(seed, divisions, wished);
      expect(registrationSchema.parse(data)).toEqual(data);
      expect(findings('block', data, contextOn(newestDay))).toEqual([]);
      const flags = findings('flag', data, contextOn(newestDay)).map(({ rule }) => rule);
      expect(flags.includes('marriageNumberOlder')).toBe(wished.olderCertificate ?? false);
      expect(flags.includes('marriageAgeBelowLimit')).toBe(wished.youngMarriage ?? false);
      expect(data.wifeHousehold.division.startsWith('52')).toBe(!(wished.fromOutside ?? false));
      if (wished.parity !== undefined) expect(data.application.parity).toBe(wished.parity);
    },
  );

  test.prop([fc.string(), wish], { numRuns: 50 })('are the same for the same seed', (seed, wished) => {
    expect(makeCouple(seed, divisions, wished)).toEqual(makeCouple(seed, divisions, wished));
  });

  test('carry numbers that no office gives, and names of every kind', () => {
    const { stories } = seedStories(divisions);
    const people = stories.flatMap(({ data }) => [data.wife, data.husband]);
    expect(people.filter(({ idNumber }) => !/^\d{14}99\d[\dX]$/.test(idNumber))).toEqual([]);
    expect(people.some(({ name }) => name.includes('·'))).toBe(true);
    expect(people.some(({ name }) => name.startsWith('欧阳'))).toBe(true);
  });
});

describe('the couples of the demo province', () => {
  const { stories, last } = seedStories(divisions);

  test('are each another couple, the visitors’ among them', () => {
    const all = [...stories, last, ...demoCouples].flatMap(({ data }) => [data.wife.idNumber, data.husband.idNumber]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('the visitors’ are one for each scenario and keep every blocking rule since the platform began', () => {
    expect(demoCouples.map(({ scenario }) => scenario)).toEqual(scenarios);
    for (const { data } of demoCouples) {
      expect(findings('block', data, contextOn('2016-07-11'))).toEqual([]);
      expect(registrationSchema.parse(data)).toEqual(data);
    }
  });

  test('reach every prefecture, and tell their acts in order', () => {
    const prefectures = new Set(stories.map(({ data }) => data.declaration.place.slice(0, 4)));
    expect(prefectures.size).toBe(9);
    for (const { steps } of stories) {
      const times = steps.map(({ daysAgo, hour }) => hour - daysAgo);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(steps.every(({ hour }) => hour >= 0 && hour < 1)).toBe(true);
    }
  });
});
