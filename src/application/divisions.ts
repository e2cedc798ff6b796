export type DivisionLevel = 'province' | 'prefecture' | 'county' | 'township' | 'village';

/** A place of China; `code` has 2, 4, 6, 9 or 12 digits by level, `parent` is '' for a province. */
export type Division = { code: string; name: string; level: DivisionLevel; parent: string };

/** Only divisions of this level; only those at or under the code `within`; at most `limit`. */
export type DivisionSearch = { level?: DivisionLevel; within?: string; limit: number };

/**
 * The places people live in: Guizhou down to the village committee, the rest of the country to the county. Those of
 * organisations established since are among them, those of merged ones still.
 */
export type Divisions = {
  find: (code: string) => Division | undefined;
  /** From the province down to the division itself; empty for an unknown code. */
  path: (code: string) => readonly Division[];
  /** The next lower level in the order of the codes; of '' the provinces, Guizhou first. */
  children: (code: string) => readonly Division[];
  /** By fragments of names on the path in any order, a path without blanks, or pinyin initials; the best first. */
  search: (text: string, search: DivisionSearch) => readonly Division[];
};
