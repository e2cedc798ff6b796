import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppProcess, anyOf, startApp } from '../support/crash/appProcess.ts';
import { chanceOf } from '../support/crash/chance.ts';
import { lookAtCopy } from '../support/crash/copies.ts';
import { startLoad } from '../support/crash/load.ts';
import { checkLog } from '../support/crash/logCheck.ts';
import { faultsAtRest } from '../support/crash/rest.ts';
import { report } from '../support/crash/results.ts';
import { viewFaults } from '../support/crash/viewCheck.ts';

const chance = chanceOf('killed', 12);
const patient = { timeout: 60_000 + chance.rounds * 20_000 };

let directory: string;
let app: AppProcess;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'killed-'));
  app = startApp({ DATA_DIR: directory });
});
afterEach(async () => {
  await app.kill();
  rmSync(directory, { recursive: true, force: true });
});

/** The moment of the next death: most under load, some while the program starts, the first ones while it fills the demo. */
const untilDeath = async (): Promise<void> => {
  if (chance.percent(20)) return void (await wait(chance.between(200, 1800)));
  await app.ready;
  await wait(chance.between(0, 1500));
};

describe('the program, killed at random points under load', () => {
  it('keeps every acknowledged act once, and its views as a rebuild would make them', patient, async () => {
    const load = startLoad(
      chance,
      anyOf(() => [app]),
      8,
    );
    const check = checkLog({ gapFree: true });
    for (let round = 0; round < chance.rounds; round += 1) {
      await untilDeath();
      await app.kill();
      const faults = await lookAtCopy(directory, async ({ eventStore, viewStore, sealing }) => {
        const faults = await check.read(eventStore, sealing, load.stories);
        return [...faults, ...(await viewFaults({ eventStore, viewStore }))];
      });
      expect({ round, faults }).toEqual({ round, faults: [] });
      app = startApp({ DATA_DIR: directory });
    }
    const faults = await faultsAtRest({ directory }, check, load);
    report('killed', chance, load, { kills: chance.rounds, events: check.events() });
    expect(faults).toEqual([]);
  });
});
