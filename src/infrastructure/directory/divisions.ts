import { readFileSync } from 'node:fs';
import type { Division, DivisionLevel, Divisions } from '#application/divisions.ts';
import type { Office, OfficeTree } from '#application/offices.ts';
import { type DivisionGroups, type DivisionIndex, indexOf } from './divisionIndex.ts';
import { divisionSearch } from './divisionSearch.ts';
import { placesBeyond, withPlaces } from './establishedPlaces.ts';

const levels: readonly DivisionLevel[] = ['province', 'prefecture', 'county', 'township', 'village'];

/** Keeps the index of the list with the places of organisations: looked at whenever the tree has changed. */
const currentIndex = (groups: DivisionGroups, offices: () => readonly Office[]): (() => DivisionIndex) => {
  let list: DivisionIndex | undefined;
  let seen: readonly Office[] = [];
  let told = '';
  let built: DivisionIndex | undefined;
  return () => {
    list ??= indexOf(groups);
    built ??= list;
    const now = offices();
    if (now === seen) return built;
    seen = now;
    const places = placesBeyond(list, now);
    const text = JSON.stringify([...places]);
    if (text !== told) built = places.size === 0 ? list : indexOf(withPlaces(groups, list, places));
    told = text;
    return built;
  };
};

const nobody: readonly Office[] = [];

/**
 * The divisions in divisions.json (origin and date in divisions.md) and those of organisations established since, by their
 * names now (O1). The file is read now, indexed at the first question. Throws where it is missing or damaged.
 */
export const loadDivisions = (offices?: Pick<OfficeTree, 'all'>): Divisions => {
  const groups: DivisionGroups = JSON.parse(readFileSync(new URL('divisions.json', import.meta.url), 'utf8'));
  return divisionsOver(currentIndex(groups, () => offices?.all() ?? nobody));
};

const divisionsOver = (index: () => DivisionIndex): Divisions => {
  const at = (position: number): Division => {
    const { codes, names, depths, parents } = index();
    const parent = parents[position] ?? -1;
    return {
      code: codes[position] ?? '',
      name: names[position] ?? '',
      level: levels[depths[position] ?? 0] ?? 'province',
      parent: parent < 0 ? '' : (codes[parent] ?? ''),
    };
  };
  const find = (code: string): Division | undefined => {
    const position = index().positions.get(code);
    return position === undefined ? undefined : at(position);
  };
  return {
    find,
    path: (code) => {
      const path: Division[] = [];
      for (let place = find(code); place !== undefined; place = find(place.parent)) path.unshift(place);
      return path;
    },
    children: (code) => (index().children.get(code) ?? []).map(at),
    search: (text, { level, within, limit }) => {
      const depth = level === undefined ? undefined : levels.indexOf(level);
      return divisionSearch(index(), text, { depth, within, limit }).map(at);
    },
  };
};
