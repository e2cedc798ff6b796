/** A run of serials without a gap, both ends included. */
export type Range = { readonly from: number; readonly to: number };

/** Ranges in order that neither overlap nor touch: of one set of serials there is exactly one such list. */
export type Ranges = readonly Range[];

/** The one serial as a range. */
export const single = (serial: number): Range => ({ from: serial, to: serial });

/** Any ranges as the one list of them: sorted, what overlaps or touches as one. */
export const merged = (ranges: readonly Range[]): Ranges => {
  const result: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last === undefined || range.from > last.to + 1) result.push(range);
    else if (range.to > last.to) result[result.length - 1] = { from: last.from, to: range.to };
  }
  return result;
};

/** All that stands in either. */
export const union = (one: Ranges, other: Ranges): Ranges =>
  one.length === 0 ? other : other.length === 0 ? one : merged([...one, ...other]);

/** What stands in the first and not in the second. */
export const without = (ranges: Ranges, taken: Ranges): Ranges => {
  const result: Range[] = [];
  let next = 0;
  for (const { from, to } of ranges) {
    let start = from;
    while ((taken[next]?.to ?? Number.POSITIVE_INFINITY) < start) next += 1;
    for (let at = next; start <= to; at += 1) {
      const cut = taken[at];
      if (cut === undefined || cut.from > to) {
        result.push({ from: start, to });
        break;
      }
      if (cut.from > start) result.push({ from: start, to: cut.from - 1 });
      start = cut.to + 1;
    }
  }
  return result;
};

/** What stands in both. */
export const common = (one: Ranges, other: Ranges): Ranges => without(one, without(one, other));

/** How many serials there are. */
export const sizeOf = (ranges: Ranges): number => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

export const includes = (ranges: Ranges, serial: number): boolean =>
  ranges.some(({ from, to }) => from <= serial && serial <= to);

/** The first so many serials, fewer where there are not as many. */
export const firstOf = (ranges: Ranges, count: number): Ranges => {
  const result: Range[] = [];
  let left = count;
  for (const { from, to } of ranges) {
    if (left <= 0) break;
    const end = Math.min(to, from + left - 1);
    result.push({ from, to: end });
    left -= end - from + 1;
  }
  return result;
};
