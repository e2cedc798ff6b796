import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppProcess, anyOf, startApp } from '../support/crash/appProcess.ts';
import { chanceOf } from '../support/crash/chance.ts';
import { emptyDemo } from '../support/crash/emptyDemo.ts';
import { type Engine, startEventStoreDb } from '../support/crash/eventStoreDbProcess.ts';
import { startLoad } from '../support/crash/load.ts';
import { checkLog } from '../support/crash/logCheck.ts';
import { faultsAtRest } from '../support/crash/rest.ts';
import { report } from '../support/crash/results.ts';
import { ferretdbServer } from '../support/mongoServer.ts';

const ferretdb = await ferretdbServer({ loud: true });
const eventStoreDb = await startEventStoreDb();
const chance = chanceOf('engines', 6);
const patient = { timeout: 90_000 + chance.rounds * 60_000 };

/** No request takes longer, whatever hangs: a call of a store is given up after 8 s, and the wait for views after 5. */
const boundMs = 20_000;
/** How soon after a server is there again acts succeed again. */
const recoveredWithinMs = 20_000;

let directory: string;
let app: AppProcess;
let places: { directory: string; eventStoreUrl: string; viewStoreUrl: string };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'engines-'));
  places = { directory, eventStoreUrl: eventStoreDb.url, viewStoreUrl: ferretdb?.url ?? '' };
  await emptyDemo(places);
  app = startApp({ DATA_DIR: directory, EVENT_STORE_URL: places.eventStoreUrl, VIEW_STORE_URL: places.viewStoreUrl });
});
afterEach(async () => {
  await app.kill();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(async () => {
  await eventStoreDb.dispose();
  await ferretdb?.dispose();
});

const done = { kills: 0, hangs: 0 };

/** Kills an engine and starts it again a while later, or lets it hang for a while, at times longer than anyone waits. */
const fail = async (engine: Engine): Promise<void> => {
  if (chance.percent(60)) {
    done.kills += 1;
    await engine.kill();
    await wait(chance.between(0, 3_000));
    await engine.start();
  } else {
    done.hangs += 1;
    engine.pause();
    await wait(chance.percent(30) ? chance.between(9_000, 14_000) : chance.between(100, 4_000));
    engine.resume();
  }
};

describe.runIf(ferretdb !== undefined)('the program, its engines killed, hung and started again under load', () => {
  it('refuses in bounded time, recovers by itself, loses and doubles nothing', patient, async () => {
    await app.ready;
    const load = startLoad(
      chance,
      anyOf(() => [app]),
      6,
    );
    const engines = [eventStoreDb, ferretdb as Engine] as const;
    let slowestRecoveryMs = 0;
    for (let round = 0; round < chance.rounds; round += 1) {
      await wait(chance.between(200, 2_500));
      await Promise.all(chance.percent(25) ? engines.map(fail) : [fail(chance.pick(engines))]);
      const [before, backAt] = [load.acked(), performance.now()];
      while (load.acked() === before && performance.now() - backAt < recoveredWithinMs) await wait(20);
      slowestRecoveryMs = Math.max(slowestRecoveryMs, Math.round(performance.now() - backAt));
      // Who never recovers would never come to rest either.
      if (slowestRecoveryMs >= recoveredWithinMs)
        throw new Error(`Round ${round} was not recovered from: ${app.said()}`);
    }
    const check = checkLog({ gapFree: false });
    const faults = await faultsAtRest(places, check, load);
    report('engines', chance, load, { ...done, events: check.events(), slowestRecoveryMs });
    expect(faults).toEqual([]);
    expect(app.over()).toBe(false);
    expect(load.seen.statuses.get('cut') ?? 0).toBe(0);
    expect(load.seen.slowestMs).toBeLessThan(boundMs);
  });
});
