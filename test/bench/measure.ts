import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long the whole may take: `quick` is about a minute, `full` some six. */
export type Extent = 'quick' | 'full';

/** The middle of the figures. */
export const median = (figures: readonly number[]): number => percentile(figures, 0.5);

/** The figure below which a share of all lies. */
export const percentile = (figures: readonly number[], share: number): number =>
  figures.toSorted((a, b) => a - b)[Math.min(figures.length - 1, Math.floor(figures.length * share))] ?? Number.NaN;

/** How many a second, for so many since an instant of `performance.now()`. */
export const perSecond = (count: number, started: number): number => (count * 1000) / (performance.now() - started);

/** Runs the work in a folder that is removed afterwards. */
export const inTemporary = async <T>(work: (directory: string) => Promise<T>): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), 'registration-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Measures sides by turns, so that what disturbs the machine disturbs all alike; each side's median. */
export const interleaved = async (
  rounds: number,
  sides: readonly (() => Promise<number>)[],
): Promise<readonly number[]> => {
  const figures: number[][] = sides.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [n, side] of sides.entries()) {
      const figure = await side();
      // The first round warms up.
      if (round >= 0) figures[n]?.push(figure);
    }
  }
  return figures.map(median);
};

/** Does so many pieces of work, `concurrency` at a time. */
export const atOnce = async (concurrency: number, count: number, work: (n: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await work(n);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
};

/** Says on stderr what is being done. */
export const telling = (what: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${what}` : `${what}\n`);
};

/** A figure with thin spaces between thousands. */
export const shown = (figure: number): string =>
  figure >= 100
    ? Math.round(figure)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ' ')
    : figure.toPrecision(2);

/** A part of a whole in whole percent. */
export const share = (part: number, whole: number): string => `${Math.round((part / whole) * 100)} %`;

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, n) => (n === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
