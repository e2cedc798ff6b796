import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/staff.ts';
import { personNumbered } from '../support/accountScene.ts';
import { type AppProcess, startApp } from '../support/crash/appProcess.ts';
import { chanceOf } from '../support/crash/chance.ts';
import { printedRows, written } from '../support/rosters.ts';
import { formWith } from '../support/uploads.ts';
import { workbookOf } from '../support/workbooks.ts';

const chance = chanceOf('roster', 4);
/** How long a dead process is waited for before another goes on. */
const leaseMs = 5000;
/** By then another has looked for what was left behind, twice, and is through with it. */
const silentMs = 30_000;
const people = 1000;
const admin = 'gly-520102';
const places = { prefecture: '贵阳市', county: '南明区', township: '' };

let directory: string;
let app: AppProcess;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'roster-'));
  app = startApp({ DATA_DIR: directory });
});
afterEach(async () => {
  await app.kill();
  rmSync(directory, { recursive: true, force: true });
});

type Job = { status: string; registered: number };

/** The API of whichever process runs now; a session outlives them all. */
const api =
  (token?: string) =>
  async (method: string, path: string, sent: RequestInit = {}) => {
    const { managementUrl } = await app.ready;
    const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...sent.headers };
    return fetch(`${managementUrl}/api/v1${path}`, { method, ...sent, headers });
  };

const signIn = (account: string, password: string) =>
  api()('POST', '/session', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password }),
  });

/** Asks for the job as its page does, until it is not running or so many ms have passed; 'cut' where the process is gone. */
const follow = async (ask: ReturnType<typeof api>, id: string, ms: number): Promise<Job | undefined> => {
  for (const end = Date.now() + ms; Date.now() < end; await wait(50)) {
    const answer = await ask('GET', `/roster/${id}/job`).catch(() => undefined);
    const job = answer?.ok ? ((await answer.json()) as Job) : undefined;
    if (job !== undefined && job.status !== 'running') return job;
  }
  return undefined;
};

/** A roster of new people, its import confirmed by an admin. */
const confirmed = async () => {
  const { token } = (await (await signIn(admin, demoPassword)).json()) as { token: string };
  const ask = api(token);
  const all = Array.from({ length: people }, (_, n) => ({ ...written, ...places, ...personNumbered(n + 1) }));
  const { payload, headers } = await formWith({}, { name: 'a.xlsx', bytes: workbookOf({ rows: printedRows(all) }) });
  const uploaded = await ask('POST', '/roster', { body: new Uint8Array(payload), headers });
  const { id, ...found } = (await uploaded.json()) as { id: string; new: number };
  expect(found).toMatchObject({ new: people, faulty: [] });
  expect((await ask('POST', `/roster/${id}/confirm`)).status).toBe(202);
  return { ask, id, all };
};

/** Kills the process and starts another over the same stores. */
const restart = async () => {
  await app.kill();
  app = startApp({ DATA_DIR: directory });
  await app.ready;
};

describe('an import of a roster, its process killed again and again', () => {
  it('registers everybody once, under the passwords that it gives out', { timeout: 240_000 }, async () => {
    const { ask, id, all } = await confirmed();
    let kills = 0;
    let job: Job | undefined;
    for (; kills < chance.rounds && job === undefined; kills += 1) {
      job = await follow(ask, id, kills === 0 ? chance.between(20, 200) : leaseMs + chance.between(50, 900));
      if (job !== undefined) break;
      await restart();
    }
    job ??= await follow(ask, id, 60_000);
    expect(job).toMatchObject({ status: 'done', registered: people });
    expect(kills).toBeGreaterThan(0);
    const passwords = (await (await ask('GET', `/roster/${id}/passwords`)).json()) as {
      account: string;
      password: string;
    }[];
    expect(new Set(passwords.map(({ account }) => account)).size).toBe(people);
    const exported = await (await ask('GET', '/roster/people?format=csv')).text();
    const times = all.map(({ idNumber }) => exported.split(idNumber).length - 1);
    expect(times.filter((count) => count !== 1)).toEqual([]);
    for (const { account, password } of passwords.filter((_, n) => n % 40 === 0)) {
      expect(await (await signIn(account, password)).json()).toMatchObject({ type: '/problems/passwordChangeDue' });
    }
  });

  it('goes on by itself after a restart, though nobody asks for it', { timeout: 120_000 }, async () => {
    const { ask, id } = await confirmed();
    await wait(chance.between(20, 200));
    await restart();
    await wait(silentMs);
    const first = await ask('GET', `/roster/${id}/job`);
    expect(await first.json()).toMatchObject({ status: 'done', registered: people });
  });
});
