import type { Division, Divisions } from '#application/divisions.ts';
import type { Office } from '#application/offices.ts';
import type { OrganisationKind, OrganisationLevel } from '#domain/organisation/events.ts';
import { divisionOf, type OrganisationRecord } from '#domain/organisation/rules.ts';
import { street } from './addresses.ts';
import { adultName } from './names.ts';
import { randomOf } from './random.ts';

/**
 * An organisation that the demo establishes, perhaps under a former name; one without a record has yet to complete it (O2).
 */
export type DemoOrganisation = {
  code: string;
  kind: OrganisationKind;
  level: OrganisationLevel;
  parent: string;
  name: string;
  record?: OrganisationRecord;
  formerName?: string;
};

type Unrecorded = Omit<DemoOrganisation, 'record'>;

const province = '52';
// Counties that report to the province directly, at prefecture level (O1): 仁怀市, 威宁彝族回族苗族自治县.
const direct: ReadonlySet<string> = new Set(['520382', '520526']);
// Zones, farms and the like stand in the statistics beside townships but have no township office.
const withOffice = /(?:镇|乡|街道)$/;
// 贵筑街道, whose people and committees the demo shows.
const featured = '520111004';
const alwaysComplete: ReadonlySet<string> = new Set([province, '5201', '520111', featured, '520111005', '520111101']);
const alwaysIncomplete: ReadonlySet<string> = new Set(['520111102', '520111207', '520111004201', '520203']);
const incompleteShare = 5;

const areaCodes: Readonly<Record<string, string>> = {
  '5201': '0851',
  '5202': '0858',
  '5203': '0851',
  '5204': '0851',
  '5205': '0857',
  '5206': '0856',
  '5223': '0859',
  '5226': '0855',
  '5227': '0854',
};

// Local numbers never begin with 0: these can be shown and never reach anyone.
const demoPhone = (code: string): string => {
  const areaCode = areaCodes[code.slice(0, 4)] ?? '0851';
  const number = code.replace(/\D/g, '').slice(2).padStart(7, '0').slice(-7);
  return `${areaCode}-${number.padStart(8, '0')}`;
};

const townshipName = (division: Division, path: readonly Division[]): string => {
  const [, prefecture, county] = path;
  const place = direct.has(division.parent) ? [county] : [prefecture, county];
  const seat = division.name.endsWith('街道') ? `${division.name}办事处` : `${division.name}人民政府`;
  return [...place.map((above) => above?.name ?? ''), seat].join('');
};

const committeeName = (name: string): string =>
  name.endsWith('村') ? `${name}村民委员会` : `${name.replace(/居委会$/, '')}居民委员会`;

/** The organisation of a division; undefined where it has none. */
const organisationOf = (divisions: Divisions, division: Division): Unrecorded | undefined => {
  const { code, name, parent, level } = division;
  const base = { code, kind: 'administration', parent } as const;
  switch (level) {
    case 'province':
      return { ...base, name: `${name}卫生健康委员会`, level, parent: '' };
    case 'prefecture':
      return { ...base, name: `${name}卫生健康局`, level };
    case 'county':
      return direct.has(code)
        ? { ...base, name: `${name}卫生健康局`, level: 'prefecture', parent: province }
        : { ...base, name: `${name}卫生健康局`, level };
    case 'township':
      return withOffice.test(name) ? { ...base, name: townshipName(division, divisions.path(code)), level } : undefined;
    case 'village':
      return parent === featured ? { ...base, kind: 'committee', name: committeeName(name), level } : undefined;
  }
};

const allUnder = (divisions: Divisions, code: string): readonly Division[] =>
  divisions
    .children(code)
    .flatMap((division) => [
      division,
      ...(division.level === 'township' && division.code !== featured ? [] : allUnder(divisions, division.code)),
    ]);

/** What no division is: 贵安新区 beside the prefectures (O1), and a hospital. Their codes are ours. */
const others: readonly Unrecorded[] = [
  { code: '52GA', kind: 'administration', level: 'prefecture', parent: province, name: '贵安新区卫生健康局' },
  { code: '520111-H01', kind: 'institution', level: 'county', parent: '520111', name: '花溪区人民医院' },
];

const isComplete = (code: string): boolean =>
  alwaysComplete.has(code) || !(alwaysIncomplete.has(code) || randomOf(`record|${code}`).percent(incompleteShare));

const recordOf = (divisions: Divisions, { code }: Unrecorded): OrganisationRecord => {
  const random = randomOf(`organisation|${code}`);
  const place = divisions.path(divisionOf(code)).slice(1, 4);
  const person = () => adultName(random, random.percent(50) ? 'female' : 'male');
  return {
    phone: demoPhone(code),
    address: `${place.map(({ name }) => name).join('')}${street(random)}`,
    head: person(),
    contact: person(),
    mobile: `1380002${String(random.below(10_000)).padStart(4, '0')}`,
  };
};

/**
 * The demo province from above to below: an organisation for the province, each prefecture, county and township, 贵安新区, a
 * hospital, and the committees of 贵筑街道. Names are derived, phone numbers cannot be dialled, some records are missing.
 * Throws where the divisions lack Guizhou.
 */
export const demoOrganisations = (divisions: Divisions): readonly DemoOrganisation[] => {
  const top = divisions.find(province);
  if (top === undefined) throw new Error('divisions.json has no Guizhou (52); run scripts/extractDivisions.ts again');
  const all = [top, ...allUnder(divisions, province)].flatMap((division) => organisationOf(divisions, division) ?? []);
  return [...all, ...others].map((one) => ({
    ...one,
    ...(isComplete(one.code) ? { record: recordOf(divisions, one) } : {}),
    ...(one.code === featured ? { formerName: '贵阳市花溪区贵筑社区服务中心' } : {}),
  }));
};

/** The same as the tree takes it, as if established at an instant. */
export const asOffice = ({ record, formerName: _, ...organisation }: DemoOrganisation, from: string): Office => {
  const { code, name } = organisation;
  const told = record === undefined ? {} : { phone: record.phone, address: record.address };
  const standing = { status: 'active', complete: record !== undefined } as const;
  return { ...organisation, ...standing, ...told, division: divisionOf(code), names: [{ name, from }] };
};
