import type { Progress } from './copiedFiles.ts';

const mostShown = 20;

/** The first faults in words and the number of all, whatever their number: nothing is kept of the rest. */
export const createFindings = () => {
  const shown: string[] = [];
  let count = 0;
  return {
    add: (chinese: string, english: string): void => {
      count += 1;
      if (shown.length < mostShown) shown.push(`${chinese} ${english}`);
    },
    shown: (): readonly string[] => shown,
    count: (): number => count,
  };
};

export type Findings = ReturnType<typeof createFindings>;

/** What a check writes its findings to, and whom it tells how far it is. */
export type Checking = { findings: Findings; onProgress: Progress };
