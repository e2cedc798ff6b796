import type { Division, Divisions } from '#application/divisions.ts';
import type { Office, Offices } from '#application/offices.ts';

const province = '52';
// Not a division of the statistics: an organisation beside the prefectures (O1). Its code is ours.
const guian: Office = {
  code: '52GA',
  name: '贵安新区卫生健康局',
  level: 'prefecture',
  division: province,
  parent: province,
  phone: '0851-00005290',
};
// Counties that report to the province directly, at prefecture level (O1): 仁怀市, 威宁彝族回族苗族自治县.
const direct: ReadonlySet<string> = new Set(['520382', '520526']);
// Zones, farms and the like stand in the statistics beside townships but have no township office.
const withOffice = /(?:镇|乡|街道)$/;
// Townships have 9 digits, counties 6: 仁怀市 and 威宁县 too, whatever their level.
const registering = /^(?:\d{6}|\d{9})$/;
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
  return `${areaCode}-${code.slice(2).padStart(7, '0').slice(-7).padStart(8, '0')}`;
};

const townshipName = (division: Division, path: readonly Division[]): string => {
  const [, prefecture, county] = path;
  const place = direct.has(division.parent) ? [county] : [prefecture, county];
  const seat = division.name.endsWith('街道') ? `${division.name}办事处` : `${division.name}人民政府`;
  return [...place.map((above) => above?.name ?? ''), seat].join('');
};

/** The organisation of a division; undefined where it has none. */
const officeOf = (divisions: Divisions, division: Division): Office | undefined => {
  const { code, name, parent } = division;
  const phone = demoPhone(code);
  const base = { code, division: code, phone };
  switch (division.level) {
    case 'province':
      return { ...base, name: `${name}卫生健康委员会`, level: 'province', parent: '' };
    case 'prefecture':
      return { ...base, name: `${name}卫生健康局`, level: 'prefecture', parent };
    case 'county': {
      const level = direct.has(code) ? 'prefecture' : 'county';
      return { ...base, name: `${name}卫生健康局`, level, parent: direct.has(code) ? province : parent };
    }
    case 'township':
      if (!withOffice.test(name)) return undefined;
      return { ...base, name: townshipName(division, divisions.path(code)), level: 'township', parent };
    case 'village':
      return undefined;
  }
};

const allUnder = (divisions: Divisions, code: string): readonly Division[] =>
  divisions.children(code).flatMap((division) => {
    return division.level === 'village' ? [] : [division, ...allUnder(divisions, division.code)];
  });

/**
 * The demo province: an office for the province, each prefecture, county and township, and 贵安新区. Names are derived,
 * phone numbers cannot be dialled. Throws where the divisions lack Guizhou.
 */
export const demoOffices = (divisions: Divisions): Offices => {
  const top = divisions.find(province);
  if (top === undefined) throw new Error('divisions.json has no Guizhou (52); run scripts/extractDivisions.ts again');
  const all = [top, ...allUnder(divisions, province)].flatMap((division) => officeOf(divisions, division) ?? []);
  return officesOf([...all, guian], province);
};

/** The tree of these offices; `last` is the one that handles places no other office handles. Throws where it is absent. */
const officesOf = (all: readonly Office[], last: string): Offices => {
  const byCode = new Map(all.map((office) => [office.code, office]));
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const fallback = byCode.get(last);
  if (fallback === undefined) throw new Error(`There is no office ${last} to handle what no other office does`);
  return {
    find: (code) => byCode.get(code),
    forPlace: (townshipCode) =>
      [9, 6, 4].flatMap((digits) => byCode.get(townshipCode.slice(0, digits)) ?? [])[0] ?? fallback,
    registers: (code) => byCode.has(code) && registering.test(code),
    children: (code) => byParent.get(code) ?? [],
    isWithin: (code, ancestor) => {
      for (let office = byCode.get(code); office !== undefined; office = byCode.get(office.parent)) {
        if (office.code === ancestor) return true;
      }
      return false;
    },
  };
};
