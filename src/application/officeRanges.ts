/** From one key on and before another, as views are asked. */
export type Range = { from: string; before: string };

/**
 * Codes of offices as ranges in their order. Those of a subtree lie between its own code and the next, but for what moved or
 * merged into it from elsewhere: a range for each of these.
 */
export const officeRanges = (codes: Iterable<string>): readonly Range[] => {
  const starts: string[] = [];
  for (const code of [...codes].sort()) {
    if (!starts.some((start) => code.startsWith(start))) starts.push(code);
  }
  return starts.map((start) => ({ from: start, before: `${start}~` }));
};
