import { addDays, type Day } from '#domain/calendar/day.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { declarationOf } from './declarations.ts';

const given = [...'安博晨丹恩帆歌海佳可岚明宁鹏晴然思婷文欣雅泽'];

/** Two characters that tell one couple from another. */
const nameOf = (n: number): string => `${given[n % given.length]}${given[Math.floor(n / given.length) % given.length]}`;

const idNumberOf = (born: Day, n: number, odd: 0 | 1): string =>
  withCheckCharacter(`520103${born.replaceAll('-', '')}${String(100 + (n % 400) * 2 + odd).padStart(3, '0')}`);

/** The n-th of 400 000 couples, no two of whom share a person, living in a village; first child, all rules kept. */
export const coupleOf = (n: number, village: string): RegistrationData => ({
  ...declarationOf(village),
  wife: { name: `李${nameOf(n)}`, idNumber: idNumberOf(addDays('1970-01-01', n % 9000), n, 0) },
  husband: { name: `韦${nameOf(n)}`, idNumber: idNumberOf(addDays('1969-01-01', n % 9000), n, 1) },
});

/** The same couple for their second child. */
export const forSecondChild = (data: RegistrationData): RegistrationData => ({
  ...data,
  application: { parity: 2 },
  children: [{ name: '韦小满', sex: 'female', bornOn: '2022-05-20', parentage: 'both', living: 'living' }],
});

const wide = (text: string) =>
  text.replace(/[\dX]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0));

/** Ways in which one and the same person is typed. */
export const spellings = {
  plain: (text: string) => text,
  small: (text: string) => text.toLowerCase(),
  wide,
  blanks: (text: string) => ` ${text.slice(0, 1)} ${text.slice(1)}　`,
} as const;
export type Spelling = keyof typeof spellings;

/** A couple's data as someone typed their names and ID numbers. */
export const spelt = (data: RegistrationData, spelling: Spelling): RegistrationData => {
  const write = spellings[spelling];
  const person = ({ name, idNumber }: RegistrationData['wife']) => ({
    name: spelling === 'small' ? name : write(name),
    idNumber: write(idNumber),
  });
  return { ...data, wife: person(data.wife), husband: person(data.husband) };
};

/** The two in each other's place. */
export const swapped = (data: RegistrationData): RegistrationData => ({
  ...data,
  wife: data.husband,
  husband: data.wife,
});
