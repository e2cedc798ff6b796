import { type Day, parseDay } from '../calendar/day.ts';

/** What is wrong with an ID number, the first of them in reading order. */
export type IdNumberFault = 'length' | 'division' | 'birthDate' | 'checkCharacter';

const shape = /^\d{17}[\dX]$/;
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';
const oldestBirth: Day = '1800-01-01';

/** Province codes that ID numbers begin with (GB/T 2260; 83: Taiwan residents' residence permits). */
const provinceCodes: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

/** Whether two digits are the code of a province, past or present. */
export const isProvinceCode = (code: string): boolean => provinceCodes.has(code);

/** The one spelling that is kept: half-width, no blanks, capital X. */
export const normaliseIdNumber = (text: string): string =>
  shape.test(text) ? text : text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

const checkCharacterOf = (first17: string): string => {
  const sum = weights.reduce((total, weight, index) => total + weight * (first17.charCodeAt(index) - 0x30), 0);
  return checkCharacters.charAt(sum % 11);
};

/** An ID number from its first 17 digits (GB 11643). Throws unless they are 17 digits. */
export const withCheckCharacter = (first17: string): string => {
  if (!/^\d{17}$/.test(first17)) throw new RangeError('An ID number has 17 digits before its check character');
  return first17 + checkCharacterOf(first17);
};

/**
 * What is wrong with an ID number as typed; undefined: nothing (GB 11643). Anything that is not 17 digits and one
 * digit or X is `length`. The division need not exist any more, but its province must.
 */
export const idNumberFault = (text: string): IdNumberFault | undefined => {
  const id = normaliseIdNumber(text);
  if (!shape.test(id)) return 'length';
  if (!isProvinceCode(id.slice(0, 2))) return 'division';
  if (birthIn(id) === undefined) return 'birthDate';
  return id.endsWith(checkCharacterOf(id)) ? undefined : 'checkCharacter';
};

/** The birth date in an ID number; undefined where its shape is wrong or there is no such day since 1800. */
export const bornOn = (text: string): Day | undefined => {
  const id = normaliseIdNumber(text);
  return shape.test(id) ? birthIn(id) : undefined;
};

const birthIn = (id: string): Day | undefined => {
  const day = parseDay(`${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`);
  return day !== undefined && day >= oldestBirth ? day : undefined;
};

/** The sex in an ID number, odd 17th digit: male; undefined where its shape is wrong. */
export const sexOf = (text: string): 'female' | 'male' | undefined => {
  const id = normaliseIdNumber(text);
  if (!shape.test(id)) return undefined;
  return Number(id.charAt(16)) % 2 === 1 ? 'male' : 'female';
};
