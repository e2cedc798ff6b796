import { describe, expect, test } from 'vitest';
import { declineReasons, rejectReasons } from '#domain/registration/events.ts';
import { childFields, type Section, sections, steps } from '#domain/registration/fields.ts';
import { rules } from '#domain/registration/rules.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { answerText, choiceText, errorText, fieldHint, fieldLabel, ruleText, sectionTitle } from '#web/fieldTexts.ts';
import { hasText, locales } from '#web/locale.ts';

const divisions = loadDivisions();

const paths = [
  ...Object.entries(sections).flatMap(([section, fields]) => Object.keys(fields).map((name) => `${section}.${name}`)),
  ...Object.keys(childFields).map((name) => `children.0.${name}`),
];

const fieldAt = (path: string) => {
  const [section = '', name = '', member = ''] = path.split('.');
  return section === 'children'
    ? (childFields as Section)[member]
    : (sections as Record<string, Section>)[section]?.[name];
};

const untold = (text: string) => /^[a-z]+\.|\{\w+\}/.test(text);

describe.each(locales)('in %s', (locale) => {
  test('every page, field and choice of the form has its text', () => {
    const texts = [
      ...steps.map((step) => sectionTitle(locale, step)),
      ...paths.map((path) => fieldLabel(locale, path)),
      ...paths.flatMap((path) => fieldHint(locale, path) ?? []),
      ...paths.flatMap((path) => fieldAt(path)?.choices?.map((choice) => choiceText(locale, path, choice)) ?? []),
    ];
    expect(texts.length).toBeGreaterThan(60);
    expect(texts.filter(untold)).toEqual([]);
    expect(new Set(paths.map((path) => fieldLabel(locale, path))).size).toBe(paths.length);
  });

  test('every rule and every error has its message, for the couple and for staff', () => {
    expect([...new Set(rules.map(({ name }) => name))].filter((name) => !hasText(locale, `rules.${name}`))).toEqual([]);
    const messages = rules.flatMap(({ name }) => [
      ruleText(locale, { rule: name, field: 'wife.idNumber' }, 'couple'),
      ruleText(locale, { rule: name, field: 'children.1.bornOn' }, 'staff'),
    ]);
    const codes = ['required', 'tooLong', 'notADate', 'unknownDivision', 'tooMany', 'anything else'];
    const errors = paths.flatMap((path) => codes.map((code) => errorText(locale, path, code)));
    expect([...messages, ...errors].filter(untold)).toEqual([]);
  });

  test('every status and reason has its text', () => {
    const keys = [
      ...['submitted', 'received', 'accepted', 'rejected', 'registered', 'declined', 'withdrawn'].map(
        (status) => `statuses.${status}`,
      ),
      ...rejectReasons.map((code) => `reasons.reject.${code}`),
      ...declineReasons.map((code) => `reasons.decline.${code}`),
    ];
    expect(keys.filter((key) => !hasText(locale, key))).toEqual([]);
  });
});

test.each([
  ['wife.name', '王芳', '女方姓名', '王芳'],
  ['wifeHousehold.division', '520111004005', '女方户籍地（到村、居）', '贵州省 贵阳市 花溪区 贵筑街道 筑安社区'],
  ['children.0.bornOn', '2018-09-03', '第1个孩子的出生日期', '2018年9月3日'],
  ['husband.idNumber', '11010519491231002x', '男方身份证号码', '110105 19491231 002X'],
  ['declaration.mobile', '+86 138-0000-0000', '联系手机', '138 0000 0000'],
  ['application.parity', 2, '本次登记的孩次', '第二个孩子'],
  ['husbandResidence.community', '', '男方现居住地的小区', '未填写'],
])('%s with %j reads “%s”: “%s”', (path, value, label, answer) => {
  expect(fieldLabel('zh-CN', path)).toBe(label);
  expect(answerText('zh-CN', divisions, path, value)).toBe(answer);
});

test('a field of its own may have its own message before the general one', () => {
  expect(errorText('zh-CN', 'declaration.place', 'required')).toBe('请选择由哪个地方办理');
  expect(errorText('zh-CN', 'husband.name', 'required')).toBe('请填写男方姓名');
  expect(errorText('zh-CN', 'children.1.sex', 'required')).toBe('请选择第2个孩子的性别');
});
