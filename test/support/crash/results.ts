import { appendFileSync } from 'node:fs';
import type { Chance } from './chance.ts';
import type { Load } from './load.ts';

/** What a fault run came to, printed as one line, and appended to the file that `CRASH_RESULTS` names. */
export const report = (what: string, { seed, rounds }: Chance, load: Load, more: object): void => {
  const { statuses, slowestMs, slowest, lateMs, faults } = load.seen;
  const line = JSON.stringify({
    what,
    seed,
    rounds,
    couples: load.stories.length,
    acknowledged: load.acked(),
    ...more,
    answers: Object.fromEntries([...statuses].toSorted(([a], [b]) => String(a).localeCompare(String(b)))),
    slowestMs,
    slowest,
    late: { times: lateMs.length, mostMs: Math.max(0, ...lateMs) },
    faults: faults.length,
  });
  process.stderr.write(`${line}\n`);
  const file = process.env['CRASH_RESULTS'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
};
