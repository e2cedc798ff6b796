import type { DivisionIndex } from './divisionIndex.ts';

/** How well a fragment meets a division, the lower the better; `inherited`: a division above it met the fragment. */
const fits = { exact: 0, prefix: 1, path: 2, inside: 3, inherited: 4, none: 5 } as const;
const worst = fits.none;
const levels = 5;

// Pieces of a path typed without blanks take at least two characters of each level they name (花溪·贵筑, hx·gz).
const shortestPiece = 2;
const start: readonly number[] = [0];
// The word for the kind of place may be left out: 花溪 is 花溪区.
const kinds =
  /(?:社区居民委员会|村民委员会|居民委员会|社区居委会|村委会|居委会|街道|社区|自治县|自治州|[省市州区县镇乡村])$/;

type Fragment = { text: string; latin: boolean };

/** What is known of one fragment at each division: how it fits, and how much of it the path has used up so far. */
type Progress = { fit: Uint8Array; used: (readonly number[])[] };

const fragmentsOf = (text: string): readonly Fragment[] =>
  text
    .slice(0, 100)
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s,，、/·>;；-]+/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, latin: /^[a-z0-9]+$/.test(part) }));

const ownFit = ({ text, latin }: Fragment, own: string): number => {
  const found = own.indexOf(text);
  if (found < 0) return worst;
  if (found > 0) return fits.inside;
  if (text.length === own.length) return fits.exact;
  return !latin && text === own.replace(kinds, '') ? fits.exact : fits.prefix;
};

const commonLength = (text: string, from: number, own: string): number => {
  let length = 0;
  while (length < own.length && from + length < text.length && text[from + length] === own[length]) length += 1;
  return length;
};

/** The lengths of the fragment that the path down to a division can have used up, given those above it. */
const usedAt = (text: string, above: readonly number[], own: string): readonly number[] => {
  let used: number[] | undefined;
  for (const from of above) {
    const common = text[from] === own[0] ? commonLength(text, from, own) : 0;
    for (let length = shortestPiece; length <= common; length += 1) {
      used ??= [...above];
      if (!used.includes(from + length)) used.push(from + length);
    }
  }
  return used ?? above;
};

/** Follows a fragment one division further down the tree. */
const follow = (fragment: Fragment, { fit, used }: Progress, parent: number, position: number, own: string): number => {
  const { text } = fragment;
  const above = used[parent] ?? start;
  const now = usedAt(text, above, own);
  used[position] = now;
  let best: number = parent >= 0 && fit[parent] !== worst ? fits.inherited : worst;
  if (now !== above && now.includes(text.length) && !above.includes(text.length)) best = fits.path;
  best = Math.min(best, ownFit(fragment, own));
  fit[position] = best;
  return best;
};

const newProgress = (size: number): Progress => ({
  fit: new Uint8Array(size).fill(worst),
  used: new Array(size).fill(start),
});

/** Positions to look at: those above `within` to know what the path uses up, then `within` and all under it. */
const scope = (index: DivisionIndex, within: string | undefined) => {
  const root = within === undefined ? undefined : index.positions.get(within);
  const above: number[] = [];
  for (let at = index.parents[root ?? -1] ?? -1; at >= 0; at = index.parents[at] ?? -1) above.unshift(at);
  if (within !== undefined && root === undefined) return { above, from: 0, to: 0 };
  return { above, from: root ?? 0, to: index.ends[root ?? -1] ?? index.codes.length };
};

/** What a fragment is held against: the names, or for Latin letters both the initials and the whole pinyin. */
const tracksOf = (index: DivisionIndex, fragment: Fragment) =>
  (fragment.latin ? [index.initials, index.pinyin] : [index.names]).map((owns) => ({
    owns,
    progress: newProgress(index.codes.length),
  }));

/** A division is as good as its best fragment, and no result where one of them is not met on its path. */
const meeting = (index: DivisionIndex, fragments: readonly Fragment[]) => {
  const followed = fragments.map((fragment) => ({ fragment, tracks: tracksOf(index, fragment) }));
  return (position: number): number => {
    const parent = index.parents[position] ?? -1;
    const leaf = index.ends[position] === position + 1;
    let best: number = worst;
    let missed = false;
    for (const { fragment, tracks } of followed) {
      const fits = tracks.map(({ owns, progress }) =>
        follow(fragment, progress, parent, position, owns[position] ?? ''),
      );
      const fit = Math.min(...fits);
      best = Math.min(best, fit);
      missed ||= fit === worst;
      // Nothing lies under a leaf that would have to know how far its other fragments came.
      if (missed && leaf) break;
    }
    return missed ? worst : best;
  };
};

type Limits = { depth: number | undefined; within: string | undefined; limit: number };

/** Positions of the divisions whose path meets every fragment: best fit, then Guizhou first, then higher level. */
export const divisionSearch = (index: DivisionIndex, text: string, limits: Limits): readonly number[] => {
  const fragments = fragmentsOf(text);
  if (fragments.length === 0) return [];
  const meet = meeting(index, fragments);
  const { above, from, to } = scope(index, limits.within);
  for (const position of above) meet(position);
  // Buckets instead of a sort: positions come in the right order already.
  const buckets: number[][] = Array.from({ length: 2 * levels * worst }, () => []);
  for (let position = from; position < to; position += 1) {
    const fit = meet(position);
    const depth = index.depths[position] ?? 0;
    if (fit === worst || depth !== (limits.depth ?? depth)) continue;
    const bucket = buckets[(fit * 2 + (index.atHome[position] ? 0 : 1)) * levels + depth];
    if (bucket !== undefined && bucket.length < limits.limit) bucket.push(position);
  }
  return buckets.flat().slice(0, limits.limit);
};
