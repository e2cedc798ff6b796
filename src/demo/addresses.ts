import type { Divisions } from '#application/divisions.ts';
import type { Address } from '#domain/registration/fields.ts';
import { pickFrom, type Random } from './random.ts';

const roads = [
  '迎宾路',
  '清溪路',
  '朝阳路',
  '民族路',
  '解放路',
  '环城东路',
  '文昌巷',
  '河滨路',
  '新华路',
  '兴隆街',
] as const;
const estates = ['锦绣苑', '溪畔花园', '金竹小区', '幸福里', '阳光新城', '云岭家园'] as const;

const inVillage = (random: Random): Omit<Address, 'division' | 'locality'> => ({
  street: `${1 + random.below(12)}组`,
  community: '',
  building: '',
  door: `${1 + random.below(90)}号`,
});

/** A made-up street and number. */
export const street = (random: Random): string => `${random.pick(roads)}${1 + random.below(180)}号`;

const inTown = (random: Random): Omit<Address, 'division' | 'locality'> => ({
  street: street(random),
  community: random.pick(estates),
  building: `${1 + random.below(24)}栋${1 + random.below(4)}单元`,
  door: `${1 + random.below(18)}0${1 + random.below(4)}室`,
});

/** A made-up door in a real village or neighbourhood of a township. */
export const addressIn = (random: Random, divisions: Divisions, township: string): Address => {
  const { code, name } = pickFrom(random, divisions.children(township));
  return { division: code, locality: '', ...(name.endsWith('村') ? inVillage(random) : inTown(random)) };
};

/** A made-up door in a county of another province, its town written out since divisions there end at the county. */
export const addressOutside = (random: Random, divisions: Divisions, county: string): Address => {
  if (divisions.find(county) === undefined)
    throw new RangeError(`Division ${county} is not in the directory; name another.`);
  return { division: county, locality: `${random.pick(['永安', '兴隆', '太平', '龙泉'])}镇`, ...inVillage(random) };
};
