import type { Role } from '#domain/account/authorisations.ts';
import type { RosterPlaces, RosterRights } from '#domain/account/roster.ts';
import { type NamedPlace, type PlaceColumn, placeFinder } from '#domain/organisation/placeNames.ts';
import type { Staff } from '../actor.ts';
import { authorise } from '../authorise.ts';
import type { Divisions } from '../divisions.ts';
import type { Office, Offices } from '../offices.ts';

type Known = { offices: Offices; divisions: Divisions };

/** From an office up to the top, itself first. */
const upwards = (offices: Offices, code: string): readonly Office[] => {
  const passed: Office[] = [];
  for (let office = offices.find(code); office !== undefined && !passed.includes(office); ) {
    passed.push(office);
    office = offices.find(office.parent);
  }
  return passed;
};

/** The office at the top of the tree that an office is in. */
export const topOf = (offices: Offices, code: string): string => upwards(offices, code).at(-1)?.code ?? code;

/** 仁怀市 and 威宁县 report to the province but are written as counties too (O1). */
const columnsOf = ({ level, code }: Office): readonly PlaceColumn[] => {
  if (level === 'prefecture') return /^\d{6}$/.test(code) ? ['prefecture', 'county'] : ['prefecture'];
  return level === 'county' || level === 'township' ? [level] : [];
};

/** What the statistics call an office's place, where it is an office of a place. */
const divisionName = (divisions: Divisions, { code, division }: Office): string | undefined =>
  code === division ? divisions.find(division)?.name : undefined;

const ownNames = (divisions: Divisions, office: Office): readonly string[] => {
  const place = divisionName(divisions, office);
  return [...(place === undefined ? [] : [place]), ...office.names.map(({ name }) => name)];
};

/** A place under today's name and earlier ones, and under those of whoever merged into it. */
const placeOf = ({ offices, divisions }: Known, office: Office): NamedPlace => {
  const { code, division } = office;
  const territory = division === code ? [4, 6].map((digits) => division.slice(0, digits)) : [];
  return {
    code,
    columns: columnsOf(office),
    names: [office, ...offices.mergedInto(code)].flatMap((one) => ownNames(divisions, one)),
    above: [...upwards(offices, office.parent).map((above) => above.code), ...territory].filter((one) => one !== code),
  };
};

/** Every administration that a roster can name, as seen by the people of one office. */
export const rosterPlaces = (known: Known, own: string): RosterPlaces => {
  const { offices } = known;
  const top = topOf(offices, own);
  const all = offices.within(top).flatMap((code) => {
    const office = offices.find(code);
    return office?.status === 'active' && office.kind === 'administration' ? [placeOf(known, office)] : [];
  });
  return {
    finder: placeFinder(all),
    top,
    isOwn: (office) => offices.isWithin(office, own),
    unitAt: (office, name) =>
      offices.children(office).find((one) => one.kind !== 'administration' && one.name === name)?.code,
  };
};

/** Who registers whom (O3), as `authorise` has it. */
export const rosterRights = (offices: Offices, staff: Staff): RosterRights => ({
  mayRegister: (office: string, role: Role) =>
    authorise(staff, { act: 'manageAccount', account: '', office, role }, offices).outcome === 'allowed',
  registrarOf: (office, role) => (role === 'operator' ? office : offices.find(office)?.parent || office),
});

/** What an office is written as in the three columns: itself and the administrations above it, by report. */
export const placeColumnsOf = (known: Known, office: string): Readonly<Record<PlaceColumn, string>> => {
  const written = { prefecture: '', county: '', township: '' };
  for (const above of upwards(known.offices, office)) {
    const [column] = above.kind === 'administration' ? columnsOf(above) : [];
    if (column !== undefined) written[column] = divisionName(known.divisions, above) ?? above.name;
  }
  return written;
};
