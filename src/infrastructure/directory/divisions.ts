import { readFileSync } from 'node:fs';
import type { Division, DivisionLevel, Divisions } from '#application/divisions.ts';
import { type DivisionIndex, indexOf } from './divisionIndex.ts';
import { divisionSearch } from './divisionSearch.ts';

const levels: readonly DivisionLevel[] = ['province', 'prefecture', 'county', 'township', 'village'];

/**
 * The divisions in divisions.json (origin and date in divisions.md). The file is read now, indexed at the first question.
 * Throws where it is missing or damaged.
 */
export const loadDivisions = (): Divisions => {
  const groups: Readonly<Record<string, readonly string[]>> = JSON.parse(
    readFileSync(new URL('divisions.json', import.meta.url), 'utf8'),
  );
  let built: DivisionIndex | undefined;
  const index = () => {
    built ??= indexOf(groups);
    return built;
  };
  return divisionsOver(index);
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
