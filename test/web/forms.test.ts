import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addressDetail, addressText } from '#application/addressText.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import { type Address, sections, steps } from '#domain/registration/fields.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { allAnswersOf, answersFrom, isAsked, valuesOf } from '#web/forms/answers.ts';
import { childrenView } from '#web/forms/childrenView.ts';
import { dayFromParts, partsOfDay } from '#web/forms/dateParts.ts';
import { divisionPicker } from '#web/forms/divisionPicker.ts';
import { checkDraft, newDraft, stepAfter } from '#web/forms/draft.ts';
import { fieldViews } from '#web/forms/fieldView.ts';
import { stepAct } from '#web/forms/stepAct.ts';
import { stepView } from '#web/forms/stepView.ts';
import { taskList } from '#web/forms/taskList.ts';
import { context, declaration } from '../support/anyDeclaration.ts';
import { demoOffices } from '../support/offices.ts';
import { dayBetween } from '../support/people.ts';

const divisions = loadDivisions();
const empty = newDraft('registration', 'command');
const offices = demoOffices(divisions);
const policy = policyOn('2026-11-24');
const asking = { locale: 'zh-CN', divisions, offices, policy } as const;

/** An address that says of each of its texts which field it is. */
const textsOf = (...except: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.keys(sections.wifeHousehold)
      .filter((name) => !except.includes(name))
      .map((name) => [name, `《${name}》`]),
  );

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
      expect(complete).toEqual(data);
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

describe('an address', () => {
  const address = { division: '520111004005', ...textsOf('division') } as unknown as Address;

  test('is told with every field that the form asks, in its order', () => {
    const told = Object.keys(sections.wifeHousehold).filter((name) => name !== 'division');
    expect(addressDetail(address)).toBe(told.map((name) => `《${name}》`).join(''));
    expect(addressText(divisions, address)).toBe(`贵州省贵阳市花溪区贵筑街道筑安社区${addressDetail(address)}`);
  });

  test('is offered for taking over with every field that it has', () => {
    const draft = { ...empty, answers: { wifeHousehold: address } };
    const shown = { answers: {}, faults: [], checked: checkDraft(draft, context) };
    const given = { ...shown, checked: { ...shown.checked, data: { wifeHousehold: address } } };
    const [takeover] = stepView(asking, 'wifeResidence', '', given).takeovers;
    expect(takeover?.text).toBe(`贵州省 贵阳市 花溪区 贵筑街道 筑安社区 ${addressDetail(address)}`);
  });

  test('names beside each place what it brings up, and shows what was given though it is not asked', () => {
    const field = (answers: Record<string, string>) =>
      fieldViews({ ...asking, path: 'wifeHousehold', section: sections.wifeHousehold, answers, faults: [], data: {} });
    const [outside, locality] = field({ division: '510502' }) as readonly { chosen?: object; asked: boolean }[];
    expect(outside?.chosen).toMatchObject({ brings: 'locality' });
    expect(locality?.asked).toBe(true);
    const [inside, hidden] = field({ division: '520111004005' }) as readonly { chosen?: object; asked: boolean }[];
    expect(inside?.chosen).toMatchObject({ brings: '' });
    expect(hidden?.asked).toBe(false);
    const given = { division: '520111004005', locality: '三组', 'locality-given': 'yes' };
    const [kept, shown] = field(given) as readonly { chosen?: object; given: boolean; asked: boolean }[];
    expect(kept?.chosen).toMatchObject({ brings: 'locality' });
    expect(shown).toMatchObject({ asked: true, given: true });
  });
});

test('every page of the form stands in one group of the list', () => {
  const { groups, total } = taskList('zh-CN', checkDraft(empty, context));
  const listed = groups.flatMap(({ tasks }) => tasks.map(({ step }) => step));
  expect([...listed].sort()).toEqual([...steps].sort());
  expect(total).toBe(listed.length);
});

test.each([
  [1, ['第一个孩子']],
  [2, ['第一个孩子', '第二个孩子']],
  [4, ['第一个孩子', '第二个孩子', '第3个孩子', '第4个孩子']],
])('where %i children are registered, so many are offered', (maxParity, labels) => {
  const of = { path: 'application', section: sections.application, answers: {}, faults: [], data: {} };
  const [parity] = fieldViews({ ...asking, ...of, policy: { ...policy, maxParity } });
  expect((parity as unknown as { options: { label: string }[] }).options.map(({ label }) => label)).toEqual(labels);
});

test.each([
  ['95', '1995年5月9日'],
  ['00', '2000年5月9日'],
  ['26', '2026年5月9日'],
  ['27', '1927年5月9日'],
])('a child born in %s is listed as born on %s', (year, day) => {
  const answers = {
    name: '罗雨萱',
    sex: 'female',
    'bornOn-year': year,
    'bornOn-month': '5',
    'bornOn-day': '9',
    parentage: 'both',
    living: 'living',
  };
  const draft = { ...empty, children: [{ id: 'a', answers }] };
  expect(
    childrenView('zh-CN', 2026, { draft, checked: checkDraft(draft, context) }, '', []).children[0]?.text,
  ).toContain(day);
});
