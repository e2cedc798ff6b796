import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StorePlaces } from '../../src/stores.ts';
import { type AppProcess, anyOf } from '../support/crash/appProcess.ts';
import { type Chance, chanceOf } from '../support/crash/chance.ts';
import { emptyDemo } from '../support/crash/emptyDemo.ts';
import { startEventStoreDb } from '../support/crash/eventStoreDbProcess.ts';
import { type Instances, lockIsHeld, startInstances } from '../support/crash/instances.ts';
import { startLoad } from '../support/crash/load.ts';
import { checkLog } from '../support/crash/logCheck.ts';
import { faultsAtRest } from '../support/crash/rest.ts';
import { report } from '../support/crash/results.ts';
import { ferretdbServer } from '../support/mongoServer.ts';

const ferretdb = await ferretdbServer({ loud: true });
const eventStoreDb = await startEventStoreDb();
const count = 3;
const goesOnWithinMs = 10_000;

let directory: string;
let instances: Instances;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'instances-'));
});
afterEach(async () => {
  await instances.end();
  rmSync(directory, { recursive: true, force: true });
});
afterAll(async () => {
  await eventStoreDb.dispose();
  await ferretdb?.dispose();
});

type Counted = {
  kills: number;
  pauses: number;
  pausedInMidWrite: number;
  ofTheHolder: number;
  slowestToGoOnMs: number;
};

const nothing = (): Counted => ({ kills: 0, pauses: 0, pausedInMidWrite: 0, ofTheHolder: 0, slowestToGoOnMs: 0 });

/** Stops a process; in the middle of a write it would keep the others from writing, so then it goes on and that is all. */
const pauseOutsideOfWrites = async (victim: AppProcess, counted: Counted, embedded: boolean): Promise<boolean> => {
  instances.pause(victim);
  if (!embedded || !lockIsHeld(directory)) return true;
  counted.pausedInMidWrite += 1;
  instances.resume(victim);
  return false;
};

const goesOn = async (victim: AppProcess, counted: Counted): Promise<void> => {
  counted.ofTheHolder += 1;
  const ms = await instances.untilGoneOn(victim, 2 * goesOnWithinMs);
  counted.slowestToGoOnMs = Math.max(counted.slowestToGoOnMs, ms);
};

/** Kills or stops one, mostly who holds the lease, and lets it come back: after a stop as a second who takes itself for the holder. */
const fail = async (chance: Chance, counted: Counted, embedded: boolean): Promise<void> => {
  const holder = await instances.holder();
  const victim = chance.percent(70) && holder ? holder : chance.pick(instances.all() as [AppProcess]);
  if (chance.percent(50)) {
    counted.kills += 1;
    await instances.kill(victim);
    if (victim === holder) await goesOn(victim, counted);
    await wait(chance.between(0, 1_500));
    return instances.startAgain(victim);
  }
  counted.pauses += 1;
  if (!(await pauseOutsideOfWrites(victim, counted, embedded))) return;
  const forLong = chance.percent(65);
  if (forLong && victim === holder) await goesOn(victim, counted);
  await wait(forLong ? chance.between(500, 6_000) : chance.between(100, 3_000));
  instances.resume(victim);
};

const run = async (what: string, chance: Chance, places: StorePlaces, workers: number): Promise<void> => {
  await emptyDemo(places);
  instances = await startInstances(places, count);
  const load = startLoad(chance, anyOf(instances.answering), workers);
  const counted = nothing();
  const embedded = places.eventStoreUrl === undefined;
  for (let round = 0; round < chance.rounds; round += 1) {
    await wait(chance.between(300, 2_500));
    await fail(chance, counted, embedded);
  }
  const check = checkLog({ gapFree: embedded });
  const faults = await faultsAtRest(places, check, load);
  report(what, chance, load, { ...counted, events: check.events() });
  expect(faults).toEqual([]);
  expect(counted.slowestToGoOnMs).toBeLessThan(goesOnWithinMs);
  expect(Math.max(0, ...load.seen.lateMs)).toBeLessThan(goesOnWithinMs);
};

const patient = (chance: Chance) => ({ timeout: 90_000 + chance.rounds * 30_000 });

describe('three processes over one directory, killed and stopped under load, most often who carries the views', () => {
  const chance = chanceOf('instances embedded', 6);
  it('go on within 10 s, lose and double nothing, and show everyone their own acts', patient(chance), () =>
    run('instances embedded', chance, { directory }, 8),
  );
});

describe.runIf(ferretdb !== undefined)(
  'three processes over EventStoreDB and MongoDB, killed and stopped likewise',
  () => {
    const chance = chanceOf('instances over engines', 4);
    it('go on within 10 s, lose and double nothing, and show everyone their own acts', patient(chance), () =>
      run(
        'instances over engines',
        chance,
        { directory, eventStoreUrl: eventStoreDb.url, viewStoreUrl: ferretdb?.url },
        6,
      ),
    );
  },
);
