import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bornOn, idNumberFault, normaliseIdNumber, sexOf, withCheckCharacter } from '#domain/people/idNumber.ts';
import { adultBirthday, validIdNumber } from '../../support/people.ts';

const replaceAt = (text: string, index: number, character: string) =>
  text.slice(0, index) + character + text.slice(index + 1);

describe('an ID number (GB 11643)', () => {
  it.each(['11010519491231002X', '440524188001010014', '34052419800101001X'])('accepts %s', (id) => {
    expect(idNumberFault(id)).toBeUndefined();
    expect(withCheckCharacter(id.slice(0, 17))).toBe(id);
  });

  it.each([
    ['', 'length'],
    ['1101051949123100', 'length'],
    ['110105194912310021X', 'length'],
    ['X1010519491231002X', 'length'],
    ['110105491231002', 'length'],
    ['１１0105一9491231002X', 'length'],
    [withCheckCharacter('99010519491231002'), 'division'],
    [withCheckCharacter('00010519491231002'), 'division'],
    [withCheckCharacter('11010519490229002'), 'birthDate'],
    [withCheckCharacter('11010519491331002'), 'birthDate'],
    [withCheckCharacter('11010500011231002'), 'birthDate'],
    ['110105194912310021', 'checkCharacter'],
  ])('finds in %j the fault %s', (id, fault) => {
    expect(idNumberFault(id)).toBe(fault);
  });

  it('forgives width, blanks and a small x, and keeps one spelling', () => {
    const typed = ' 110105 １９４９1231 002ｘ ';
    expect(idNumberFault(typed)).toBeUndefined();
    expect(normaliseIdNumber(typed)).toBe('11010519491231002X');
    expect(bornOn(typed)).toBe('1949-12-31');
    expect(sexOf(typed)).toBe('female');
  });

  it('says no birth date and no sex of what is no ID number', () => {
    expect(bornOn('12345')).toBeUndefined();
    expect(sexOf('12345')).toBeUndefined();
    expect(() => withCheckCharacter('123')).toThrow(RangeError);
  });

  test.prop([adultBirthday, fc.constantFrom('female' as const, 'male' as const)])(
    'tells the birth date and sex it was made for',
    (born, sex) => {
      const [id] = fc.sample(validIdNumber({ sex, bornOn: born }), { numRuns: 1, seed: 1 });
      expect(bornOn(id ?? '')).toBe(born);
      expect(sexOf(id ?? '')).toBe(sex);
    },
  );

  test.prop([validIdNumber()])('is valid as generated', (id) => {
    expect(idNumberFault(id)).toBeUndefined();
  });

  test.prop([validIdNumber(), fc.nat(17), fc.constantFrom(...'0123456789X')])(
    'never passes with one character wrong',
    (id, index, character) => {
      fc.pre(id[index] !== character);
      expect(idNumberFault(replaceAt(id, index, character))).not.toBeUndefined();
    },
  );

  test.prop([validIdNumber(), fc.nat(16)])('never passes with two neighbours swapped', (id, index) => {
    const swapped = replaceAt(replaceAt(id, index, id.charAt(index + 1)), index + 1, id.charAt(index));
    fc.pre(swapped !== id);
    expect(idNumberFault(swapped)).not.toBeUndefined();
  });

  test.prop([fc.string({ unit: 'binary' })])('gives an answer to any text', (text) => {
    const fault = idNumberFault(text);
    expect(['length', 'division', 'birthDate', 'checkCharacter', undefined]).toContain(fault);
  });
});
