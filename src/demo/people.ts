import type { Divisions } from '#application/divisions.ts';
import { addDays, type Day, daysBetween, weekday } from '#domain/calendar/day.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import type { Address, RegistrationData } from '#domain/registration/fields.ts';
import { addressIn, addressOutside } from './addresses.ts';
import { adultName, childName } from './names.ts';
import { pickFrom, type Random, randomOf } from './random.ts';

/** What is wanted of a couple; whatever is absent is left to chance. */
export type CoupleWish = {
  /** Township of Guizhou that they live in and declare at. */
  place: string;
  parity?: 1 | 2;
  /** The wife's household lies in another province. */
  fromOutside?: boolean;
  /** Their marriage certificate has an older number, which is a flag. */
  olderCertificate?: boolean;
  /** He married below the general age, as autonomous areas allow, which is a flag. */
  youngMarriage?: boolean;
};

type Sex = 'female' | 'male';
type Marriage = RegistrationData['marriage'];

/** No marriage or birth of a made-up person lies later, so that the same couples stand on every later day. */
export const newestDay: Day = '2025-06-30';
const firstBirth: Day = '1986-01-01';
const lastBirth: Day = '2000-12-28';

const between = (random: Random, from: Day, to: Day): Day => addDays(from, random.below(daysBetween(from, to) + 1));

/** A number that checks out but was never given: the sequence runs from 990, which offices do not reach. */
const idNumber = (random: Random, county: string, born: Day, sex: Sex): string => {
  const sequence = 990 + 2 * random.below(5) + (sex === 'male' ? 1 : 0);
  return withCheckCharacter(`${county}${born.replaceAll('-', '')}${sequence}`);
};

const yearsAfter = (day: Day, years: number): Day => addDays(day, Math.ceil(years * 365.25));

/** The day of a wedding: both old enough (he: 20 or 21 where young marriage is wished for), on a working weekday. */
const weddingDay = (random: Random, wife: Day, husband: Day, young: boolean): Day => {
  const earliest = [yearsAfter(wife, 20.1), yearsAfter(husband, young ? 20.1 : 22.1)].sort()[1] ?? newestDay;
  const latest = young ? yearsAfter(husband, 21.8) : addDays(newestDay, -400);
  const day = between(random, earliest, [latest, yearsAfter(earliest, 8)].sort()[0] ?? latest);
  return weekday(day) === 0 || weekday(day) === 6 ? addDays(day, -2) : day;
};

const serial = (random: Random): string => `99${String(random.below(10_000)).padStart(4, '0')}`;

const marriage = (
  random: Random,
  county: { code: string; name: string },
  registeredOn: Day,
  older: boolean,
): Marriage => {
  const year = registeredOn.slice(0, 4);
  const place = county.name.slice(0, 2);
  const certificateNumber = older
    ? `黔${place}结字（${year}）第${serial(random)}号`
    : `J${county.code}-${year}-${serial(random)}`;
  return { certificateNumber, registeredOn, authority: `${county.name}民政局` };
};

const oneChild = (random: Random, father: string, registeredOn: Day): RegistrationData['children'][number] => {
  const sex = random.pick(['female', 'male'] as const);
  const latest = [yearsAfter(registeredOn, 6), newestDay].sort()[0] ?? newestDay;
  const bornOn = between(random, addDays(registeredOn, 280), latest);
  return { name: childName(random, sex, father), sex, bornOn, parentage: 'both', living: 'living' };
};

const outsideCounties = ['510502', '500101', '530324', '450222', '430528', '440306', '330106', '410105'] as const;

/** Where the two have their households and where they live: mostly together at the declared place. */
const homes = (random: Random, divisions: Divisions, { place, fromOutside = false }: CoupleWish) => {
  const townships = divisions.children(place.slice(0, 6));
  const herTownship = random.percent(60) ? place : pickFrom(random, townships).code;
  const home = addressIn(random, divisions, place);
  const wifeHousehold: Address = fromOutside
    ? addressOutside(random, divisions, random.pick(outsideCounties))
    : addressIn(random, divisions, herTownship);
  const husbandHousehold = addressIn(random, divisions, place);
  return {
    wifeHousehold,
    wifeResidence: home,
    husbandHousehold,
    husbandResidence: random.percent(70) ? home : husbandHousehold,
  };
};

const countyOf = (divisions: Divisions, { division }: Address) => {
  const code = division.slice(0, 6);
  return { code, name: divisions.find(code)?.name ?? '' };
};

/** A made-up couple, the same for the same seed and wish; it keeps every blocking rule on any day after `newestDay`. */
export const makeCouple = (seed: string, divisions: Divisions, wish: CoupleWish): RegistrationData => {
  const random = randomOf(seed);
  const { olderCertificate = false, youngMarriage = false } = wish;
  const at = homes(random, divisions, wish);
  const herBirth = between(random, firstBirth, lastBirth);
  const hisBirth = between(
    random,
    addDays(herBirth, youngMarriage ? -60 : -1500),
    addDays(herBirth, youngMarriage ? 60 : 500),
  );
  const wife = {
    name: adultName(random, 'female'),
    idNumber: idNumber(random, at.wifeHousehold.division.slice(0, 6), herBirth, 'female'),
  };
  const husband = {
    name: adultName(random, 'male'),
    idNumber: idNumber(random, at.husbandHousehold.division.slice(0, 6), hisBirth, 'male'),
  };
  const registeredOn = weddingDay(random, herBirth, hisBirth, youngMarriage);
  const parity = wish.parity ?? (random.percent(55) ? 2 : 1);
  return {
    application: { parity },
    wife,
    husband,
    ...at,
    marriage: marriage(random, countyOf(divisions, at.husbandHousehold), registeredOn, olderCertificate),
    children: parity === 1 ? [] : [oneChild(random, husband.name, registeredOn)],
    declaration: { place: wish.place, mobile: `1380000${String(random.below(10_000)).padStart(4, '0')}` },
  };
};
