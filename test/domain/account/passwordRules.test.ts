import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Guesses, passwordFault, passwordLength } from '#domain/account/passwordRules.ts';

const known = new Set(['password', '1qaz2wsx3edc', 'iloveyou', 'administrator', 'dragon']);
const guesses: Guesses = {
  common: (text) => known.has(text),
  own: ['longzaiping', 'guizhugly', '13985012345', '19800212', '龙再平', 'guizhujiedao'],
};
const faultOf = (password: string) => passwordFault(password, guesses);

const words = [
  'mountain',
  'kettle',
  'orbit',
  'velvet',
  'harbour',
  'thistle',
  'marble',
  'lantern',
  '青山',
  '流水',
  '煮茶',
];
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 10 });
const signs = fc.string({ unit: fc.constantFrom(...'!@#$%^&*()_-+=. '), maxLength: 10 });

describe('a password', () => {
  test.each([
    ['Ab3!xyz', 'tooShort'],
    ['elevenchars', 'tooShort'],
    ['密码太短了', 'tooShort'],
    ['password2026!!', 'common'],
    ['2026--Password--2026', 'common'],
    ['dragondragondragon', 'common'],
    ['1qaz2wsx3edc', 'common'],
    ['Administrator', 'common'],
    ['zhangwei19900101', 'guessable'],
    ['woaini-1314520', 'guessable'],
    ['GuiZhou.2026.11', 'guessable'],
    ['201611112016', 'guessable'],
    ['aaaaaaaaaaaaaaa', 'guessable'],
    ['qwertyuiop12345', 'guessable'],
    ['98765432109876', 'guessable'],
    ['abcabcabcabcabc', 'guessable'],
    ['aa1234567890..', 'guessable'],
    ['longzaiping!!2026', 'personal'],
    ['13985012345-ok', 'personal'],
    ['Guizhu-GLY-1980', 'personal'],
    ['龙再平19800212!!龙再平', 'personal'],
  ])('%j is refused: %s', (password, fault) => {
    expect(faultOf(password)).toBe(fault);
  });

  test.each([
    'correct horse battery staple',
    '明天下雨记得带伞去贵阳东站',
    'mingtian xiayu yao daisan',
    'wJ7#kfp2Lq!x',
    'longzaiping kettle orbit',
    'thirteen small frogs',
  ])('%j is taken', (password) => {
    expect(faultOf(password)).toBeUndefined();
  });

  test.each([64, passwordLength.most])('may have %i characters, whatever they are', (length) => {
    const long = Array.from({ length }, (_, n) => words[n % words.length]?.charAt(n % 2) ?? '').join('');
    expect([...long]).toHaveLength(length);
    expect(faultOf(long)).toBeUndefined();
    expect(faultOf('😀'.repeat(passwordLength.most + 1))).toBe('tooLong');
  });

  property.prop([fc.constantFrom(...known), digits, signs, digits])(
    'is no better for numbers and signs around a common word',
    (word, before, sign, after) => {
      const password = `${before}${sign}${word.toUpperCase()}${sign}${after}`;
      expect(faultOf(password)).toBeDefined();
    },
  );

  property.prop([fc.shuffledSubarray(words, { minLength: 4 }), fc.constantFrom('', ' ', '-', '7')])(
    'of several words is taken, with no kind of character asked for',
    (several, between) => {
      const password = several.join(between);
      if ([...password].length >= passwordLength.least) expect(faultOf(password)).toBeUndefined();
    },
  );

  property.prop([fc.string({ unit: 'grapheme', maxLength: 200 })])('always has an answer', (password) => {
    const short = [...password.normalize('NFC')].length < passwordLength.least;
    expect(faultOf(password) === 'tooShort').toBe(short);
  });
});
