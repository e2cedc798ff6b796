import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkCharacter, hasRightCheck } from '#domain/checkCharacter.ts';

const digits = '0123456789';
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const alphabets = [digits, crockford];

const checked = fc.constantFrom(...alphabets).chain((alphabet) =>
  fc.record({
    alphabet: fc.constant(alphabet),
    text: fc
      .string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 30 })
      .map((body) => body + checkCharacter(alphabet, body)),
  }),
);
const replaced = (text: string, index: number, character: string) =>
  text.slice(0, index) + character + text.slice(index + 1);
const swapped = (text: string, index: number) =>
  text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2);
const follow = (alphabet: string, a: string, b: string) => {
  const distance = Math.abs(alphabet.indexOf(a) - alphabet.indexOf(b));
  return distance === 1 || distance === alphabet.length - 1;
};

describe('the check character (ISO 7064 hybrid)', () => {
  it('is that of the standard’s own example: 0794 has 5', () => {
    expect(checkCharacter(digits, '0794')).toBe('5');
  });

  it('throws for characters outside the alphabet, and for alphabets of odd size', () => {
    expect(() => checkCharacter(digits, '07A')).toThrow(RangeError);
    expect(() => checkCharacter('ABC', 'AB')).toThrow(RangeError);
    expect(hasRightCheck(digits, '07A4')).toBe(false);
    expect(hasRightCheck(digits, '')).toBe(false);
  });

  test.prop([checked])('is right as made', ({ alphabet, text }) => {
    expect(hasRightCheck(alphabet, text)).toBe(true);
  });

  test.prop([checked, fc.nat(), fc.nat()])('betrays every wrong character', ({ alphabet, text }, at, by) => {
    const index = at % text.length;
    const character = alphabet.charAt(by % alphabet.length);
    fc.pre(character !== text[index]);
    expect(hasRightCheck(alphabet, replaced(text, index, character))).toBe(false);
  });

  test.prop([checked, fc.nat()])(
    'betrays every swap but of characters that follow each other',
    ({ alphabet, text }, at) => {
      const index = at % (text.length - 1);
      const [a, b] = [text.charAt(index), text.charAt(index + 1)];
      fc.pre(a !== b && !follow(alphabet, a, b));
      expect(hasRightCheck(alphabet, swapped(text, index))).toBe(false);
    },
  );

  it.each(alphabets)('lets one pair of neighbours in M(M−1)/2 escape (%s)', (alphabet) => {
    const characters = [...alphabet];
    const escaped = characters.flatMap((a, i) =>
      characters
        .slice(i + 1)
        .filter((b) => checkCharacter(alphabet, `7${a}${b}`) === checkCharacter(alphabet, `7${b}${a}`))
        .map((b) => [a, b] as const),
    );
    expect(escaped).toHaveLength(1);
    expect(escaped.every(([a, b]) => follow(alphabet, a, b))).toBe(true);
  });
});
