import fc from 'fast-check';
import { addDays, type Day, daysBetween } from '#domain/calendar/day.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';

const areas = ['520111', '520103', '520382', '522601', '522701', '110105', '440524', '340524', '510107', '430102'];
const surnames = [...'王李张刘陈杨赵黄周吴韦罗龙潘石杨莫陆覃田', '欧阳', '令狐'];
const givenCharacters = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰花朵云山水春梅㵲㯊𠮷𬱖〇'];

/** Days between two days, both included. */
export const dayBetween = (from: Day, to: Day): fc.Arbitrary<Day> =>
  fc.integer({ min: 0, max: daysBetween(from, to) }).map((days) => addDays(from, days));

/** Days on which a wife or husband of today can be born. */
export const adultBirthday: fc.Arbitrary<Day> = dayBetween('1960-01-01', '1994-12-31');

/** Valid ID numbers (GB 11643), of one sex or birth date where given. */
export const validIdNumber = (of: { sex?: 'female' | 'male'; bornOn?: Day } = {}): fc.Arbitrary<string> =>
  fc
    .record({
      area: fc.constantFrom(...areas),
      bornOn: of.bornOn === undefined ? adultBirthday : fc.constant(of.bornOn),
      sequence: fc.integer({ min: 0, max: 499 }),
      male: of.sex === undefined ? fc.boolean() : fc.constant(of.sex === 'male'),
    })
    .map(({ area, bornOn, sequence, male }) => {
      const number = String(sequence * 2 + (male ? 1 : 0)).padStart(3, '0');
      return withCheckCharacter(`${area}${bornOn.replaceAll('-', '')}${number}`);
    });

const han = (surname: string, given: readonly string[]): string => {
  const name = surname + given.join('');
  return /(.)\1{3}/u.test(name) ? `${surname}安` : name;
};

/** Names in Chinese characters, rare ones and names in two parts among them. */
export const chineseName: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...surnames),
        fc.array(fc.constantFrom(...givenCharacters), { minLength: 1, maxLength: 3 }),
      )
      .map(([surname, given]) => han(surname, given)),
  },
  { weight: 1, arbitrary: fc.constantFrom('阿依古丽·买买提', '卓玛·次仁', '买买提·吐尔逊') },
);

/** Numbers of marriage certificates in today's form. */
export const marriageCertificateNumber: fc.Arbitrary<string> = fc
  .record({
    reissued: fc.boolean(),
    area: fc.constantFrom(...areas),
    year: fc.integer({ min: 2004, max: 2026 }),
    serial: fc.integer({ min: 1, max: 999_999 }),
  })
  .map(({ reissued, area, year, serial }) => {
    const number = `J${area}-${year}-${String(serial).padStart(6, '0')}`;
    return reissued ? `B${number}` : number;
  });
