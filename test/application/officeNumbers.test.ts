import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overviewOf } from '#application/officeNumbers.ts';
import { officesBelow } from '#application/offices.ts';
import type { ViewStore } from '#application/ports.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';

const directory = mkdtempSync(join(tmpdir(), 'numbers-'));
let submitter: Submitter;

beforeAll(async () => {
  submitter = await openSubmitter(directory);
});
afterAll(async () => {
  await submitter.close();
  rmSync(directory, { recursive: true });
});

const none = { submitted: 0, received: 0, accepted: 0, registered: 0, rejected: 0, declined: 0, withdrawn: 0 };

/** A store in which every office has two to review, one of them overdue; it notes how it is asked. */
const busyProvince = () => {
  const asked = { gets: 0, counts: 0, now: 0, most: 0 };
  const viewStore = {
    ...submitter.services.deps.viewStore,
    get: async (_: string, ids: readonly string[]) => {
      asked.gets += 1;
      return ids.map((id) => ({ id, ...none, submitted: 2 }));
    },
    count: async () => {
      asked.counts += 1;
      asked.now += 1;
      asked.most = Math.max(asked.most, asked.now);
      await Promise.resolve();
      asked.now -= 1;
      return 1;
    },
  } satisfies ViewStore;
  return { asked, deps: { ...submitter.services.deps, viewStore } };
};

describe('the overview of the province', () => {
  it('sums up every office once, asks only where something is open, and never all at once', async () => {
    const { asked, deps } = busyProvince();
    const lines = await overviewOf(deps, '52');
    const all = (code: string): number => deps.offices.children(code).reduce((sum, child) => sum + all(child.code), 1);
    expect(all('52')).toBeGreaterThan(1400);
    expect(lines).toHaveLength(officesBelow(deps.offices, '52').length + 1);
    expect(lines[0]).toMatchObject({ own: true, counts: { ...none, submitted: 2 }, overdue: 1 });
    expect(lines.reduce((sum, { overdue }) => sum + overdue, 0)).toBe(all('52'));
    expect(lines.reduce((sum, { counts }) => sum + counts.submitted, 0)).toBe(2 * all('52'));
    expect(asked.gets).toBe(1);
    expect(asked.counts).toBe(all('52'));
    expect(asked.most).toBeLessThanOrEqual(32);
  });

  it('is empty for an office that does not exist', async () => {
    expect(await overviewOf(submitter.services.deps, '999999')).toEqual([]);
  });
});
