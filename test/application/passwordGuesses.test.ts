import { describe, expect, test } from 'vitest';
import { ownWords } from '#application/passwordGuesses.ts';
import { passwordFault } from '#domain/account/passwordRules.ts';
import { passwordLists } from '#infrastructure/passwordLists.ts';

const person = {
  account: 'guizhu-gly',
  name: '龙再平',
  idNumber: '520111198002120014',
  mobile: '13985012345',
  offices: ['贵阳市花溪区贵筑街道办事处', '贵阳市花溪区卫生健康局'],
};

describe('what is known of a person', () => {
  test.each([
    ['龙再平@@贵筑街道办事处', 'personal'],
    ['longzaiping!!!', 'personal'],
    ['LZP13985012345', 'personal'],
    ['lzp-19800212-gly', 'personal'],
    ['huaxi-guizhu-800212', 'personal'],
    ['520111198002120014', 'personal'],
    ['guiyangshihuaxiqu', 'personal'],
    ['guizhu-gly-2026', 'personal'],
    ['woaini-woaini', 'common'],
    ['mima123456789', 'guessable'],
    ['a quiet pond with koi', undefined],
  ])('makes of the password %j: %s', async (password, fault) => {
    const lists = await passwordLists()();
    expect(passwordFault(password, { common: lists.isCommon, own: ownWords(person, lists) })).toBe(fault);
  });

  test('the list holds what ASVS asks for: the passwords chosen most', async () => {
    const { isCommon } = await passwordLists()();
    for (const password of ['password', '1qaz2wsx3edc', 'administrator', 'qwerty123456'])
      expect(isCommon(password)).toBe(true);
  });
});
