import fc from 'fast-check';
import { addDays, ageOn, type Day } from '#domain/calendar/day.ts';
import { bornOn, withCheckCharacter } from '#domain/people/idNumber.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { declaredOn } from '../../support/anyDeclaration.ts';
import { dayBetween } from '../../support/people.ts';
import { answered, type Breach, breach, couple, type RuleCase, withChild } from '../../support/ruleCases.ts';

type Spouse = 'wife' | 'husband';
type Always = RuleCase['always'];

const spouse = fc.constantFrom<Spouse>('wife', 'husband');
const garbage = fc.constantFrom(...'0９?！#<>&\u0000\uE000\uFFFD😀');
const garbled = (name: string, at: number, character: string) =>
  [...name].toSpliced(at % ([...name].length + 1), 0, character).join('');

/** Another value of a spouse's field, made of the one that was right. */
const ofSpouse = <T>(member: 'name' | 'idNumber', from: fc.Arbitrary<T>, other: (value: string, from: T) => string) =>
  fc.tuple(spouse, from).map(
    ([of, drawn]) =>
      (data: RegistrationData) =>
        breach(data, of, member, other(data[of][member], drawn)),
  );

const reborn = (idNumber: string, date: string) =>
  withCheckCharacter(idNumber.slice(0, 6) + date + idNumber.slice(14, 17));
const otherSex = (idNumber: string) =>
  withCheckCharacter(idNumber.slice(0, 16) + ((Number(idNumber[16]) + 1) % 10).toString());
const compact = (day: Day) => day.replaceAll('-', '');
const wifeNumber = (value: string) => answered(couple, 'wife', 'idNumber', value);
const wifeNumberBreach = (value: string) => breach(couple, 'wife', 'idNumber', value);

const born = (data: RegistrationData, of: Spouse): Day => bornOn(data[of].idNumber) ?? '';
/** The birthday on which one is so old; of one born on 29 February, 1 March. */
const birthday = (birth: Day, years: number): Day => {
  const day = `${Number(birth.slice(0, 4)) + years}${birth.slice(4)}`;
  return birth.endsWith('02-29') && ageOn(birth, `${day.slice(0, 4)}-03-01`) === years
    ? `${day.slice(0, 4)}-03-01`
    : day;
};

/** Married some days before the birthday that makes a spouse old enough. */
const tooYoung = (ages: Readonly<Record<Spouse, number>>, mostDays: number): Always =>
  fc.tuple(spouse, fc.integer({ min: 1, max: mostDays })).map(
    ([of, days]) =>
      (data) =>
        breach(data, 'marriage', 'registeredOn', addDays(birthday(born(data, of), ages[of]), -days)),
  );

const wed = (registeredOn: Day) => answered(couple, 'marriage', 'registeredOn', registeredOn);
const wedBreach = (registeredOn: Day) => breach(couple, 'marriage', 'registeredOn', registeredOn);
const childBreach = (data: RegistrationData, member: string): Breach => ({ data, at: `children.0.${member}` });

/** Rules about names, ID numbers, ages and children. */
export const ofPeople: Readonly<Record<string, RuleCase>> = {
  nameGarbled: {
    keeps: answered(couple, 'wife', 'name', '阿依古丽·买买提'),
    breaks: breach(couple, 'wife', 'name', '王?芳'),
    always: ofSpouse('name', fc.tuple(fc.nat(20), garbage), (name, [at, character]) => garbled(name, at, character)),
  },
  nameUnprintable: {
    keeps: answered(couple, 'wife', 'name', '王㵲'),
    breaks: breach(couple, 'wife', 'name', '王龘'),
    always: ofSpouse('name', fc.constantFrom('龘', '龘龘'), (name, rare) => name + rare),
    context: { canPrint: (text) => !text.includes('龘') },
  },
  idNumberLength: {
    keeps: wifeNumber(` ${couple.wife.idNumber} `),
    breaks: wifeNumberBreach(couple.wife.idNumber.slice(0, 15)),
    always: ofSpouse('idNumber', fc.nat(17), (idNumber, length) => idNumber.slice(0, length)),
  },
  idNumberDivision: {
    keeps: wifeNumber(withCheckCharacter(`71${couple.wife.idNumber.slice(2, 17)}`)),
    breaks: wifeNumberBreach(withCheckCharacter(`99${couple.wife.idNumber.slice(2, 17)}`)),
    always: ofSpouse('idNumber', fc.constantFrom('00', '09', '10', '24', '47', '60', '70', '84', '99'), (id, code) =>
      withCheckCharacter(code + id.slice(2, 17)),
    ),
  },
  idNumberBirthDate: {
    keeps: wifeNumber(reborn(couple.wife.idNumber, '19960229')),
    breaks: wifeNumberBreach(reborn(couple.wife.idNumber, '19950229')),
    always: ofSpouse('idNumber', fc.constantFrom('0229', '0230', '0431', '1301', '0001', '1100', '1232'), (id, day) =>
      reborn(id, `1995${day}`),
    ),
  },
  idNumberCheckCharacter: {
    keeps: wifeNumber(couple.wife.idNumber),
    breaks: wifeNumberBreach(`${couple.wife.idNumber.slice(0, 17)}${couple.wife.idNumber.endsWith('X') ? 0 : 'X'}`),
    always: ofSpouse('idNumber', fc.integer({ min: 1, max: 10 }), (id, by) => {
      const characters = '0123456789X';
      return id.slice(0, 17) + characters[(characters.indexOf(id.charAt(17)) + by) % 11];
    }),
  },
  idNumberBirthInFuture: {
    keeps: wifeNumber(reborn(couple.wife.idNumber, compact(declaredOn))),
    breaks: wifeNumberBreach(reborn(couple.wife.idNumber, compact(addDays(declaredOn, 1)))),
    always: ofSpouse('idNumber', dayBetween(addDays(declaredOn, 1), '9999-12-31'), (id, day) =>
      reborn(id, compact(day)),
    ),
  },
  idNumberSex: {
    keeps: wifeNumber(couple.wife.idNumber),
    breaks: wifeNumberBreach(otherSex(couple.wife.idNumber)),
    always: ofSpouse('idNumber', fc.constant(undefined), otherSex),
  },
  marriageAgeImpossible: {
    keeps: wed('2013-12-24'),
    breaks: wedBreach('2013-12-23'),
    always: tooYoung({ wife: 18, husband: 20 }, 4000),
  },
  marriageAgeBelowLimit: {
    keeps: wed('2015-12-24'),
    breaks: wedBreach('2015-12-23'),
    always: tooYoung({ wife: 20, husband: 22 }, 730),
  },
  childNameGarbled: {
    keeps: withChild(couple, { name: '卓玛·次仁' }),
    breaks: childBreach(withChild(couple, { name: '未取名1' }), 'name'),
    always: fc.tuple(fc.nat(20), garbage).map(
      ([at, character]) =>
        (data) =>
          childBreach(withChild(data, { name: garbled('张小满', at, character) }), 'name'),
    ),
  },
  childBornInFuture: {
    keeps: withChild(couple, { bornOn: declaredOn }),
    breaks: childBreach(withChild(couple, { bornOn: addDays(declaredOn, 1) }), 'bornOn'),
    always: dayBetween(addDays(declaredOn, 1), '9999-12-31').map(
      (bornOn) => (data) => childBreach(withChild(data, { bornOn }), 'bornOn'),
    ),
  },
  childMotherAge: {
    keeps: withChild(withChild(couple, { bornOn: '2010-12-24' }), { bornOn: '2005-01-01', parentage: 'husband' }),
    breaks: childBreach(withChild(couple, { bornOn: '2010-12-23' }), 'bornOn'),
    always: fc
      .record({ days: fc.integer({ min: 1, max: 9000 }), parentage: fc.constantFrom('both', 'wife') })
      .map(({ days, parentage }) => (data) => {
        const bornOn = addDays(birthday(born(data, 'wife'), 15), -days);
        return childBreach(withChild(data, { bornOn, parentage }), 'bornOn');
      }),
  },
  parityDisagrees: {
    keeps: answered(withChild(couple, { living: 'living' }), 'application', 'parity', 2),
    breaks: { data: withChild(couple, { living: 'living' }), at: 'application.parity' },
    always: fc.integer({ min: 1, max: 3 }).map((more) => (data) => ({
      data: Array.from({ length: more }).reduce<RegistrationData>((now) => withChild(now, { living: 'living' }), data),
      at: 'application.parity',
    })),
  },
  parityBeyondPolicy: {
    keeps: answered(couple, 'application', 'parity', 2),
    breaks: breach(couple, 'application', 'parity', 3),
    always: fc.integer({ min: 3, max: 9 }).map((parity) => (data) => breach(data, 'application', 'parity', parity)),
  },
};
