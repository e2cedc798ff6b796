import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addressSections, isInProvince, type RegistrationData, sections } from '#domain/registration/fields.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { allAnswersOf, answersFrom, isAsked, valuesOf } from '#web/forms/answers.ts';
import { dayFromParts, partsOfDay } from '#web/forms/dateParts.ts';
import { divisionPicker } from '#web/forms/divisionPicker.ts';
import { checkDraft, newDraft, stepAfter } from '#web/forms/draft.ts';
import { stepAct } from '#web/forms/stepAct.ts';
import { context, declaration } from '../support/anyDeclaration.ts';
import { dayBetween } from '../support/people.ts';

const divisions = loadDivisions();
const empty = newDraft('registration', 'command');

/** What the form asks of a declaration: no township in words where the division says it. */
const asAsked = (data: RegistrationData): RegistrationData => ({
  ...data,
  ...Object.fromEntries(
    addressSections.map((section) => [
      section,
      { ...data[section], ...(isInProvince(data[section].division) ? { locality: '' } : {}) },
    ]),
  ),
});

describe('a date in three boxes', () => {
  property.prop([dayBetween('1800-01-01', '2099-12-31')])('says the day it was made of', (day) => {
    expect(dayFromParts(partsOfDay(day), 2026)).toBe(day);
  });

  test.each([
    [['95', '5', '9'], '1995-05-09'],
    [['16', '07', '11'], '2016-07-11'],
    [['２０２１', '５月', ' 20日'], '2021-05-20'],
    [['2021-05-20', '', ''], '2021-05-20'],
    [['2021年5月20日', '', ''], '2021-05-20'],
    [['20210520', '', ''], '2021-05-20'],
    [['', '', ''], ''],
    [['2021', '2', '30'], '2021-2-30'],
    [['2021', '', ''], '2021--'],
    [['', '5', '20'], '-5-20'],
    [['今年', '5', '20'], '今年-5-20'],
  ])('%j is read as “%s”', ([year = '', month = '', day = ''], read) => {
    expect(dayFromParts({ year, month, day }, 2026)).toBe(read);
  });
});

describe('a draft', () => {
  property.prop([declaration])(
    'filled in from a declaration that keeps all rules is that declaration again',
    (data) => {
      const { complete, statuses } = checkDraft({ ...empty, ...allAnswersOf(data) }, context);
      expect(complete).toEqual(asAsked(data));
      expect(new Set(Object.values(statuses))).toEqual(new Set(['done']));
      expect(stepAfter('wife', statuses)).toBeUndefined();
    },
  );

  test('that is empty waits everywhere but where it cannot start', () => {
    const { statuses, complete, data } = checkDraft(empty, context);
    expect([statuses.declaration, statuses.wife, complete, data]).toEqual(['blocked', 'notStarted', undefined, {}]);
    expect(stepAfter('declaration', statuses)).toBe('application');
  });

  property.prop([
    fc.constantFrom(...(Object.keys(sections) as (keyof typeof sections)[])),
    fc.dictionary(fc.string(), fc.anything()),
  ])('takes any posted thing as texts or nothing', (step, body) => {
    const acted = stepAct({ step, body, draft: empty });
    expect(Object.values(acted.answers).every((text) => typeof text === 'string' && text.length <= 400)).toBe(true);
    const draft = { ...empty, answers: { [step]: acted.answers } };
    expect(checkDraft(draft, context).complete).toBeUndefined();
  });
});

describe('a posted page', () => {
  const address = { division: '520111004005', street: '明清街', door: '16号' };
  const draft = { ...empty, answers: { wifeHousehold: answersFrom(sections.wifeHousehold, address) } };

  test('looks for a place only where none was chosen since', () => {
    const typed = { ...address, 'division-search': '筑安', action: 'continue' };
    expect(stepAct({ step: 'wifeHousehold', body: typed, draft: empty }).act).toBe('continue');
    expect(stepAct({ step: 'wifeHousehold', body: typed, draft }).act).toBe('stay');
  });

  test('takes over no address where none belongs', () => {
    const taken = { action: 'take:wifeHousehold' };
    expect(stepAct({ step: 'husbandResidence', body: taken, draft }).answers).toEqual(draft.answers.wifeHousehold);
    expect(stepAct({ step: 'wife', body: taken, draft }).answers).toEqual({ name: '', idNumber: '' });
    expect(stepAct({ step: 'husbandResidence', body: { action: 'take:wife' }, draft }).answers['street']).toBe('');
  });

  test('drops what is no longer asked', () => {
    const outside = answersFrom(sections.wifeHousehold, { ...address, division: '510502', locality: '永安镇' });
    const back = { ...outside, division: address.division };
    expect(isAsked(sections.wifeHousehold.locality, outside)).toBe(true);
    expect(valuesOf(sections.wifeHousehold, outside, 2026)['locality']).toBe('永安镇');
    expect(valuesOf(sections.wifeHousehold, back, 2026)).not.toHaveProperty('locality');
  });
});

test('a picker offers only places people live in, and the chosen one first', () => {
  const { options, deeper, chosen } = divisionPicker(divisions, 'division', {
    division: '520111004005',
    'division-search': '贵筑',
  });
  expect(chosen).toMatchObject({ code: '520111004005', leaf: true });
  expect(options.every(({ leaf, code }) => leaf && code !== '520111004005')).toBe(true);
  expect(deeper.map(({ code }) => code)).toContain('520111004');
  const unknown = divisionPicker(divisions, 'division', {
    division: 'nowhere',
    'division-under': '../..',
    'division-search': '',
  });
  expect([unknown.chosen, unknown.options, unknown.crumbs.at(-1)?.name]).toEqual([
    undefined,
    expect.anything(),
    '贵州省',
  ]);
});
