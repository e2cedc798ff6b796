import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { isChineseName, isPersonName, normaliseName } from '#domain/people/personName.ts';
import { chineseName } from '../../support/people.ts';

describe('a person’s name', () => {
  it.each([
    '王芳',
    '欧阳娜娜',
    '阿依古丽·买买提',
    '买买提.吐尔逊',
    '李〇',
    '㵲水生',
    '𠮷田明',
    '𬱖君',
    'Nguyễn Thị Hà',
    "Mary-Jane O'Neill Jr.",
    'J. R. Smith',
    'Đỗ Thị Ý',
    '王 芳',
    '　王芳　',
    'ＡＮＮＡ ＬＥＥ',
  ])('can be %s', (name) => {
    expect(isPersonName(name)).toBe(true);
  });

  it.each([
    '',
    '王',
    '王1',
    '王··芳',
    '·王芳',
    '王芳·',
    '王芳!',
    '王?芳',
    '锟斤拷锟斤拷�',
    '王\uE863',
    '王\uD842',
    '王😀',
    'ÕÅÈý',
    'å¼ ä¸‰',
    'Anna--Lee',
    'Anna  .',
    "'Anna",
    '王Anna',
    '啊啊啊啊',
    'aaaa',
    '王'.repeat(3) + '芳'.repeat(60),
    'https://example.org',
    '〡〢〣',
  ])('cannot be %j', (name) => {
    expect(isPersonName(name)).toBe(false);
  });

  it('is between 2 and 50 characters, rare ones counted once', () => {
    const of = (length: number) => Array.from({ length }, (_, index) => (index % 2 === 0 ? '𠮷' : '王')).join('');
    expect([1, 2, 50, 51].map((length) => isPersonName(of(length)))).toEqual([false, true, true, false]);
  });

  it.each([
    ['阿依古丽•买买提', '阿依古丽·买买提'],
    ['阿依古丽･买买提', '阿依古丽·买买提'],
    ['阿依古丽・买买提', '阿依古丽·买买提'],
    ['阿依古丽‧买买提', '阿依古丽·买买提'],
    ['阿依古丽 · 买买提', '阿依古丽·买买提'],
    ['阿依古丽．买买提', '阿依古丽·买买提'],
    [' 王　芳 ', '王芳'],
    ['王\u200B芳\uFE0F', '王芳'],
    ['Anna   Lee', 'Anna Lee'],
    ['J. Smith', 'J. Smith'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(normaliseName(typed)).toBe(kept);
  });

  test.prop([chineseName])('is a name, and a Chinese one, as generated', (name) => {
    expect(isPersonName(name)).toBe(true);
    expect(isChineseName(normaliseName(name))).toBe(true);
  });

  test.prop([fc.oneof(chineseName, fc.string({ unit: 'binary' }))])('has one spelling', (text) => {
    expect(normaliseName(normaliseName(text))).toBe(normaliseName(text));
  });

  test.prop([chineseName, fc.constantFrom(...'0９?？!#<>&\u0000\uE000\uFFFD😀'), fc.nat(20)])(
    'is none with garbage anywhere inside',
    (name, garbage, at) => {
      const characters = [...name];
      expect(isPersonName(characters.toSpliced(at % (characters.length + 1), 0, garbage).join(''))).toBe(false);
    },
  );
});
