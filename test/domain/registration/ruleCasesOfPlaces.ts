import fc from 'fast-check';
import { addDays, type Day } from '#domain/calendar/day.ts';
import { addressSections, type RegistrationData } from '#domain/registration/fields.ts';
import { declarablePlaces } from '#domain/registration/rules.ts';
import { declaredOn, villages } from '../../support/anyDeclaration.ts';
import { dayBetween } from '../../support/people.ts';
import { answered, breach, couple, type RuleCase } from '../../support/ruleCases.ts';

const section = fc.constantFrom(...addressSections);
const garbled = fc.constantFrom(
  '<script>',
  '霞晖路\uFFFD号',
  '路😀',
  '12\u0000号',
  'улица',
  '=1+1',
  '{路}',
  '\uE000路',
);
const ofAddress = <T>(from: fc.Arbitrary<T>, answer: (drawn: T) => readonly [member: string, value: string]) =>
  fc.tuple(section, from).map(
    ([of, drawn]) =>
      (data: RegistrationData) =>
        breach(data, of, ...answer(drawn)),
  );

const outside = answered(couple, 'wifeHousehold', 'division', '510107');
const numbered = (certificateNumber: string) => answered(couple, 'marriage', 'certificateNumber', certificateNumber);
const numberBreach = (data: RegistrationData, number: string) => breach(data, 'marriage', 'certificateNumber', number);
const yearOf = (day: Day) => Number(day.slice(0, 4));

/** Rules about addresses, the marriage certificate, the declared place and the mobile. */
export const ofPlaces: Readonly<Record<string, RuleCase>> = {
  divisionUnknown: {
    keeps: answered(couple, 'wifeHousehold', 'division', '522601001002'.slice(0, 9)),
    breaks: breach(couple, 'wifeHousehold', 'division', '529999001002'),
    always: ofAddress(fc.constantFrom('119999', '529999', '520111999', '520111004999', '0000'), (code) => [
      'division',
      code,
    ]),
  },
  divisionTooCoarse: {
    keeps: answered(couple, 'wifeHousehold', 'division', '510107'),
    breaks: breach(couple, 'wifeHousehold', 'division', '520111004'),
    always: ofAddress(fc.tuple(fc.constantFrom(...villages), fc.constantFrom(4, 6, 9)), ([code, digits]) => [
      'division',
      code.slice(0, digits),
    ]),
  },
  localityMissing: {
    keeps: couple,
    breaks: { data: outside, at: 'wifeHousehold.locality' },
    always: fc.tuple(section, fc.constantFrom('510107', '110105', '4419')).map(([of, division]) => (data) => {
      return breach(answered(data, of, 'division', division), of, 'locality', '');
    }),
  },
  addressGarbled: {
    keeps: answered(couple, 'wifeResidence', 'street', '环城西路（旧）12-1号、B座#3·二单元'),
    breaks: breach(couple, 'wifeResidence', 'door', '5?1'),
    always: ofAddress(
      fc.tuple(fc.constantFrom('locality', 'street', 'community', 'building', 'door'), garbled),
      (drawn) => drawn,
    ),
  },
  marriageInFuture: {
    keeps: answered(couple, 'marriage', 'registeredOn', declaredOn),
    breaks: breach(couple, 'marriage', 'registeredOn', addDays(declaredOn, 1)),
    always: dayBetween(addDays(declaredOn, 1), '9999-12-31').map(
      (day) => (data) => breach(data, 'marriage', 'registeredOn', day),
    ),
  },
  marriageNumberMalformed: {
    keeps: numbered('ｊ520103—2021—001234'),
    breaks: numberBreach(couple, '不知道'),
    always: fc
      .constantFrom('', '无', '123456', 'J990103-2016-001234', 'J520103-2016-01234', 'K520103-2016-001234', '结婚证')
      .map((number) => (data) => numberBreach(data, number)),
  },
  marriageNumberOlder: {
    keeps: couple,
    breaks: numberBreach(couple, '(2003)黔筑结字第000123号'),
    always: fc.tuple(fc.constantFrom('黔筑结字第', '南明区结字'), fc.nat(99_999)).map(
      ([before, serial]) =>
        (data) =>
          numberBreach(data, `${before}${serial}号`),
    ),
  },
  marriageNumberYear: {
    keeps: numbered('BJ520103-2024-001234'),
    breaks: numberBreach(couple, 'J520103-2020-001234'),
    always: fc.integer({ min: 1, max: 50 }).map((off) => (data) => {
      const year = 1950 + ((yearOf(data.marriage.registeredOn) - 1950 + off) % 100);
      return numberBreach(data, `J520103-${year}-000001`);
    }),
  },
  marriageAuthorityGarbled: {
    keeps: answered(couple, 'marriage', 'authority', '黔东南苗族侗族自治州凯里市民政局（婚姻登记处）'),
    breaks: breach(couple, 'marriage', 'authority', '。。。'),
    always: garbled.map((text) => (data) => breach(data, 'marriage', 'authority', text)),
  },
  declaredPlaceForeign: {
    keeps: answered(
      answered(couple, 'husbandHousehold', 'division', '520382001001'),
      'declaration',
      'place',
      '520382001',
    ),
    breaks: breach(couple, 'declaration', 'place', '520382001'),
    always: fc.constantFrom('520111999', '522701001', '510107001', '000000000').map((place) => (data) => {
      if (declarablePlaces(data).includes(place)) throw new Error('choose places where nobody of these lives');
      return breach(data, 'declaration', 'place', place);
    }),
  },
  mobileMalformed: {
    keeps: answered(couple, 'declaration', 'mobile', '+86 138-0000-0000'),
    breaks: breach(couple, 'declaration', 'mobile', '1380000000'),
    always: fc
      .constantFrom('', '12345678901', '138000000001', '0851-88888888', '+1 2025550123', '１３８abc')
      .map((mobile) => (data) => breach(data, 'declaration', 'mobile', mobile)),
  },
};
