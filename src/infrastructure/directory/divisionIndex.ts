/** The divisions as columns in the order of the tree, every parent before what lies under it. Positions are indexes. */
export type DivisionIndex = {
  codes: readonly string[];
  names: readonly string[];
  /** First letters of the syllables: gzjd. */
  initials: readonly string[];
  /** The syllables without marks between them: guizhujiedao. */
  pinyin: readonly string[];
  /** Whether it lies in Guizhou. */
  atHome: readonly boolean[];
  /** 0 province to 4 village. */
  depths: readonly number[];
  /** Position of the parent; -1 for a province. */
  parents: readonly number[];
  /** One past the position of the last division at or under this one. */
  ends: readonly number[];
  positions: ReadonlyMap<string, number>;
  children: ReadonlyMap<string, readonly number[]>;
};

/** The lines of divisions.json by the code of the parent: `rest of code, name, syllables` per child. */
export type DivisionGroups = Readonly<Record<string, readonly string[]>>;

/** Guizhou comes first wherever places of several provinces are listed. */
const home = '52';
const depthByDigits: Readonly<Record<number, number>> = { 2: 0, 4: 1, 6: 2, 9: 3, 12: 4 };

/** Index over the groups of divisions. */
export const indexOf = (groups: DivisionGroups): DivisionIndex => {
  const codes: string[] = [];
  const names: string[] = [];
  const initials: string[] = [];
  const pinyin: string[] = [];
  const atHome: boolean[] = [];
  const depths: number[] = [];
  const parents: number[] = [];
  const ends: number[] = [];
  const positions = new Map<string, number>();
  const children = new Map<string, readonly number[]>();

  const add = (parentCode: string, parent: number, line: string): number => {
    const [rest = '', name = '', syllables = ''] = line.split(' ');
    const code = parentCode + rest;
    const position = codes.push(code) - 1;
    names.push(name);
    initials.push(syllables.replace(/(.)[^']*'?/g, '$1'));
    pinyin.push(syllables.replaceAll("'", ''));
    atHome.push(code.startsWith(home));
    depths.push(depthByDigits[code.length] ?? 0);
    parents.push(parent);
    positions.set(code, position);
    addUnder(code, position, groups[code] ?? []);
    ends[position] = codes.length;
    return position;
  };
  const addUnder = (code: string, position: number, lines: readonly string[]) => {
    if (lines.length > 0)
      children.set(
        code,
        lines.map((line) => add(code, position, line)),
      );
  };

  addUnder('', -1, homeFirst(groups[''] ?? []));
  return { codes, names, initials, pinyin, atHome, depths, parents, ends, positions, children };
};

const homeFirst = (lines: readonly string[]): readonly string[] => [
  ...lines.filter((line) => line.startsWith(home)),
  ...lines.filter((line) => !line.startsWith(home)),
];
