import type { Office } from '#application/offices.ts';
import type { DivisionGroups, DivisionIndex } from './divisionIndex.ts';

/** Codes of places with the names that they have beyond the list, those above before those below. */
export type Places = ReadonlyMap<string, string>;

const levelDigits = [2, 4, 6, 9];
const above = (code: string): readonly string[] =>
  levelDigits.filter((digits) => digits < code.length).map((digits) => code.slice(0, digits));

// What stands behind the name of the place in that of its organisation, and what the place is called then.
const seats: readonly (readonly [RegExp, (place: string) => string])[] = [
  [/卫生健康(?:局|委员会)$/, (place) => place],
  [/人民政府$/, (place) => place],
  [/(?:街道)?(?:办事处|办)$/, (place) => `${place}街道`],
  [/(?:村民委员会|村委会)$/, (place) => (place.endsWith('村') ? place : `${place}村`)],
  [/(?:居民委员会|居委会)$/, (place) => (place.endsWith('社区') ? place : `${place}居委会`)],
];

/** The place in an organisation's name, without the names of the places above: 贵阳市花溪区贵筑街道办事处 is 贵筑街道. */
const placeIn = (name: string, namesAbove: readonly string[]): string => {
  const own = namesAbove.reduce(
    (rest, one) => (one !== '' && rest.startsWith(one) ? rest.slice(one.length) : rest),
    name,
  );
  const seat = seats.find(([ending]) => ending.test(own));
  const place = seat === undefined ? own : seat[1](own.replace(seat[0], ''));
  return place === '' ? name : place;
};

const placeEnding = /(?:[镇乡村]|街道|社区|居委会)$/;

/**
 * The places of organisations that the list does not know, merged ones too: registers of households name them until they
 * are changed. One that it knows is called otherwise once its organisation was renamed after another place (O1).
 */
export const placesBeyond = (list: DivisionIndex, offices: readonly Office[]): Places => {
  const places = new Map<string, string>();
  const nameOf = (code: string) => places.get(code) ?? list.names[list.positions.get(code) ?? -1] ?? '';
  const own = offices.filter(({ code, division, kind }) => code === division && kind !== 'institution');
  for (const { code, name, names } of own.toSorted((one, other) => one.code.length - other.code.length)) {
    const namesAbove = above(code).map(nameOf);
    const place = placeIn(name, namesAbove);
    const listed = list.positions.has(code);
    const renamed = placeEnding.test(place) && place !== placeIn(names[0]?.name ?? name, namesAbove);
    if (!listed || (renamed && place !== nameOf(code))) places.set(code, place);
  }
  return places;
};

/** How the list reads each character. */
const readingsOf = (groups: DivisionGroups): ReadonlyMap<string, string> => {
  const readings = new Map<string, string>();
  for (const line of Object.values(groups).flat()) {
    const [, name = '', syllables = ''] = line.split(' ');
    const parts = syllables.split("'");
    const characters = [...name];
    if (characters.length !== parts.length) continue;
    for (const [at, character] of characters.entries()) readings.set(character, parts[at] ?? '');
  }
  return readings;
};

/** The list with these places, each under the nearest place above that there is. */
export const withPlaces = (groups: DivisionGroups, list: DivisionIndex, places: Places): DivisionGroups => {
  const readings = readingsOf(groups);
  const amended: Record<string, readonly string[]> = { ...groups };
  for (const [code, name] of places) {
    const parent = above(code).findLast((one) => list.positions.has(one) || places.has(one)) ?? '';
    const rest = code.slice(parent.length);
    const syllables = [...name].flatMap((character) => readings.get(character) ?? []).join("'");
    const others = (amended[parent] ?? []).filter((line) => !line.startsWith(`${rest} `));
    amended[parent] = [...others, `${rest} ${name} ${syllables}`].sort();
  }
  return amended;
};
