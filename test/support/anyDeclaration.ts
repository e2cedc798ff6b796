import fc from 'fast-check';
import { addDays, type Day } from '#domain/calendar/day.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import type { Address, Child, RegistrationData } from '#domain/registration/fields.ts';
import type { RuleContext } from '#domain/registration/rules.ts';
import { chineseName, dayBetween, validIdNumber } from './people.ts';

/** The day on which these declarations are made. */
export const declaredOn: Day = '2026-11-24';

/** Villages of Guizhou that exist, each in a township with an office. */
export const villages = ['520111004001', '520111005002', '520103019001', '520382001001', '522601001002'] as const;
const outside = ['510107', '430102', '110105'] as const;
const known: ReadonlySet<string> = new Set([...villages, ...villages.map((code) => code.slice(0, 9)), ...outside]);

/** What the rules know on that day: these divisions, and a printer that can print all. */
export const context: RuleContext = {
  today: declaredOn,
  policy: policyOn(declaredOn),
  knowsDivision: (code) => known.has(code),
  isDivided: (code) => villages.some((village) => village !== code && village.startsWith(code)),
  canPrint: () => true,
};

const inside: fc.Arbitrary<Address> = fc.record({
  division: fc.constantFrom(...villages),
  locality: fc.constantFrom('', '三组'),
  street: fc.constantFrom('霞晖路88号', '二组', '环城西路（旧）12号'),
  community: fc.constantFrom('', '清溪小区'),
  building: fc.constantFrom('', '3栋2单元', 'B座'),
  door: fc.constantFrom('501室', '12号', '3-1'),
});

const anywhere: fc.Arbitrary<Address> = fc.oneof(
  { weight: 3, arbitrary: inside },
  {
    weight: 1,
    arbitrary: fc
      .tuple(inside, fc.constantFrom(...outside))
      .map(([address, division]) => ({ ...address, division, locality: '双凤镇前进村' })),
  },
);

const later = (one: Day, other: Day): Day => (one > other ? one : other);
const birthday = dayBetween('1970-01-01', '1997-12-31');
const years = (day: Day, count: number): Day => addDays(day, Math.ceil(count * 365.25));

const marriageOf = (wife: Day, husband: Day): fc.Arbitrary<RegistrationData['marriage']> =>
  fc
    .record({
      registeredOn: dayBetween(later(years(wife, 20.1), years(husband, 22.1)), declaredOn),
      serial: fc.integer({ min: 1, max: 999_999 }),
      reissued: fc.boolean(),
    })
    .map(({ registeredOn, serial, reissued }) => ({
      certificateNumber: `${reissued ? 'B' : ''}J520103-${registeredOn.slice(0, 4)}-${String(serial).padStart(6, '0')}`,
      registeredOn,
      authority: '贵阳市云岩区民政局',
    }));

const childOf = (mother: Day, living: Child['living']): fc.Arbitrary<Child> =>
  fc.record({
    name: chineseName,
    sex: fc.constantFrom('female', 'male'),
    bornOn: dayBetween(years(mother, 15.1), declaredOn),
    parentage: fc.constantFrom('both', 'wife', 'husband'),
    living: fc.constant(living),
  });

const childrenOf = (mother: Day, parity: number): fc.Arbitrary<Child[]> =>
  fc
    .tuple(
      fc.array(childOf(mother, 'living'), { minLength: parity - 1, maxLength: parity - 1 }),
      fc.array(childOf(mother, 'deceased'), { maxLength: 2 }),
    )
    .map(([living, deceased]) => [...living, ...deceased]);

/** A spouse of one sex, born on a day. */
const spouse = (sex: 'female' | 'male', bornOn: Day) =>
  fc.record({ name: chineseName, idNumber: validIdNumber({ sex, bornOn }) });

const mobile = fc.integer({ min: 0, max: 999_999_999 }).map((digits) => `13${String(digits).padStart(9, '0')}`);

const addresses = fc.record({
  wifeHousehold: anywhere,
  wifeResidence: inside,
  husbandHousehold: anywhere,
  husbandResidence: anywhere,
});

/** Wholly valid data: every rule is kept, also those that only flag. */
export const declaration: fc.Arbitrary<RegistrationData> = fc
  .record({ wife: birthday, husband: birthday, parity: fc.constantFrom(1, 2) })
  .chain(({ wife, husband, parity }) =>
    fc
      .record({
        wife: spouse('female', wife),
        husband: spouse('male', husband),
        addresses,
        marriage: marriageOf(wife, husband),
        children: childrenOf(wife, parity),
        mobile,
      })
      .map(({ addresses: of, mobile: number, ...rest }) => ({
        application: { parity },
        ...rest,
        ...of,
        declaration: { place: of.wifeResidence.division.slice(0, 9), mobile: number },
      })),
  );
