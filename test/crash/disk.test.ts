import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppProcess, anyOf, startApp } from '../support/crash/appProcess.ts';
import { chanceOf } from '../support/crash/chance.ts';
import { emptyDemo } from '../support/crash/emptyDemo.ts';
import { type Load, startLoad } from '../support/crash/load.ts';
import { checkLog } from '../support/crash/logCheck.ts';
import { faultsAtRest } from '../support/crash/rest.ts';
import { report } from '../support/crash/results.ts';

const chance = chanceOf('disk', 5);
const patient = { timeout: 60_000 + chance.rounds * 30_000 };
/** Room for what is kept in all rounds, beside what only fills it. */
const size = `${24 + 4 * chance.rounds}m`;
/** A follower of the log that met faults pauses up to 10 s, and an act waits up to 8 s for its views. */
const goesOnWithinMs = 30_000;

const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'ignore' });
const unmount = (directory: string): void => void execFileSync('umount', [directory], { stdio: 'ignore' });

const mayMount = (): boolean => {
  const directory = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory);
    unmount(directory);
    return true;
  } catch {
    process.stderr.write('\n!!! Full and read-only disks are NOT tested: this user may not mount a tmpfs.\n\n');
    return false;
  } finally {
    rmSync(directory, { recursive: true });
  }
};

let directory: string;
let app: AppProcess | undefined;

/** Fills what room is left; resolves with how to make room again. */
const fill = (): (() => void) => {
  const ballast = join(directory, 'ballast');
  for (let bytes = 1 << 20; bytes >= 1 << 12; bytes >>= 1) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(bytes, 1), { flag: 'a' });
    } catch (fault) {
      if ((fault as { code?: string }).code !== 'ENOSPC') throw fault;
    }
  }
  return () => rmSync(ballast);
};

const refusals = ({ seen }: Load): number => seen.statuses.get(503) ?? 0;

/** Waits until something has happened, at most so long; whether it has. */
const until = async (happened: () => boolean, mostMs: number): Promise<boolean> => {
  for (const end = performance.now() + mostMs; !happened() && performance.now() < end; await wait(20));
  return happened();
};

describe.runIf(mayMount())('the program on a disk of its own', () => {
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'disk-'));
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory);
    await emptyDemo({ directory });
  });
  afterEach(async () => {
    await app?.kill();
    unmount(directory);
    rmSync(directory, { recursive: true });
  });

  it('refuses while the disk is full, breaks nothing, and goes on by itself once there is room', patient, async () => {
    const running = startApp({ DATA_DIR: directory });
    app = running;
    await running.ready;
    const load = startLoad(
      chance,
      anyOf(() => [running]),
      4,
    );
    const counted = { timesFull: chance.rounds, timesRefused: 0, slowestRecoveryMs: 0 };
    for (let round = 0; round < chance.rounds; round += 1) {
      await wait(chance.between(200, 1_000));
      const refused = refusals(load);
      const makeRoom = fill();
      // What fits into the room that files already have is still taken.
      counted.timesRefused += (await until(() => refusals(load) > refused, 3_000)) ? 1 : 0;
      await wait(chance.between(0, 2_000));
      makeRoom();
      const [acked, roomAt] = [load.acked(), performance.now()];
      expect(await until(() => load.acked() > acked, goesOnWithinMs)).toBe(true);
      counted.slowestRecoveryMs = Math.max(counted.slowestRecoveryMs, Math.round(performance.now() - roomAt));
    }
    const check = checkLog({ gapFree: true });
    const faults = await faultsAtRest({ directory }, check, load);
    report('disk full', chance, load, { ...counted, events: check.events() });
    expect(faults).toEqual([]);
    expect(counted.timesRefused).toBeGreaterThan(0);
    expect(running.over()).toBe(false);
  });

  it('says in a sentence that it cannot start on a full disk, or one that is read only, and starts once it can', async () => {
    const starts = async (): Promise<string> => {
      app = startApp({ DATA_DIR: directory });
      const said = await app.ready.then(
        () => 'started',
        (fault: Error) => fault.message,
      );
      await app.stop();
      return said;
    };
    expect(await starts()).toBe('started');
    mount('-o', 'remount,ro', directory);
    const readOnly = await starts();
    mount('-o', 'remount,rw', directory);
    expect(readOnly).toContain(`The data directory ${directory} cannot be written to: its disk is mounted read-only.`);
    const makeRoom = fill();
    const full = await starts();
    makeRoom();
    expect(full).toContain(`The data directory ${directory} cannot be written to: the disk is full.`);
    expect(`${readOnly}${full}`).not.toMatch(/\n\s+at /);
    expect(await starts()).toBe('started');
  });
});
