import { cpSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerAccount } from '#application/registerAccount.ts';
import { projections } from '#projections/index.ts';
import { personNumbered } from '../support/accountScene.ts';
import { type Running, startApplication } from '../support/application.ts';
import { endOf, runProgram, startProgram, submitCouples, submitWhile, temporaryFolder } from '../support/operations.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
let data: string;

const base = () => join(place.folder, 'base');

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  data = join(place.folder, 'data');
  await submitCouples(app, 0, 30);
  const { deps } = app.services;
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await registerAccount(deps, { office: '520111004', role: 'operator', details: personNumbered(1) }, act);
  await deps.awaitViews(
    projections.map(({ name }) => name),
    await deps.eventStore.lastPosition(),
  );
  const made = await runProgram('backup', app.directory, [base(), '--with-keys', '--with-views']);
  expect(made.code).toBe(0);
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});
beforeEach(() => cpSync(base(), data, { recursive: true }));
afterEach(() => rmSync(data, { recursive: true }));

/** Changes a store of the copied directory behind everyone's back. */
const plant = (file: string, ...statements: readonly string[]): void => {
  const database = new DatabaseSync(join(data, file));
  for (const statement of statements) database.exec(statement);
  database.close();
};

/** The first of some streams' last Submitted event, and so on: one value from the copied log. */
const one = (sql: string): string => {
  const database = new DatabaseSync(join(data, 'events.sqlite'));
  const value = Object.values(database.prepare(sql).get() ?? {})[0];
  database.close();
  return String(value);
};

const nameless = (said: string): void => {
  for (const secret of ['王芳', '张伟', '13800000000', '520111199512']) expect(said).not.toContain(secret);
};

describe('npm run verify-store', { timeout: 60_000 }, () => {
  test('finds a running platform sound while it takes submissions', async () => {
    const child = startProgram('verifyStore', app.directory);
    const ended = endOf(child);
    await submitWhile(app, child, 30);
    const { code, said } = await ended;
    expect(said).toMatch(/Sound: no fault found/);
    expect(code).toBe(0);
    for (const name of ['log', ...projections.map((projection) => projection.name)]) {
      expect(said).toMatch(new RegExp(`^${name} .*█{30} 100 % `, 'm'));
    }
  });

  test('names each event that is missing, unknown, altered or unreadable', async () => {
    const [altered, unknown, missing, unread] = [2, 6, 9, 14];
    plant(
      'events.sqlite',
      `update events set data = json_set(data, '$.personal', substr(data ->> '$.personal', 1, 40) || 'AAAA' || substr(data ->> '$.personal', 45)) where position = ${altered}`,
      `update events set type = 'Submitted.v99' where position = ${unknown}`,
      `delete from events where position = ${missing}`,
      `update events set data = '{"half' where position = ${unread}`,
    );
    const { code, said } = await runProgram('verifyStore', data);
    expect(code).toBe(1);
    expect(said).toMatch(/Event 2 \(registration-[^)]+\) cannot be opened/);
    expect(said).toMatch(/Event 6 .*Submitted\.v99, which this version of the program does not know/);
    expect(said).toMatch(/After position 8 stands 10/);
    expect(said).toMatch(/Event 14 cannot be read/);
    nameless(said);
  });

  test('names a query code that two registrations have, and a couple with two live ones', async () => {
    plant(
      'events.sqlite',
      "insert into streams (name) values ('registration-another')",
      `insert into events (position, stream, version, type, event_id, at, data, meta)
        select (select max(position) + 1 from events), (select max(id) from streams), 0, type, randomblob(16), at,
          json_remove(data, '$.personal'), meta from events where type = 'Submitted.v1' limit 1`,
    );
    const first = one("select substr(name, 14) from streams where name like 'registration-%' limit 1");
    const { code, said } = await runProgram('verifyStore', data);
    expect(code).toBe(1);
    expect(said).toContain(`Registrations ${first} and another have the same query code.`);
    expect(said).toMatch(/One couple and parity has several live registrations: /);
    expect(said).toMatch(/Registration another is live, but its couple is held by /);
    // The views have not been carried to the planted event: what they show of the others is right.
    expect(said).not.toMatch(/is not what its events say/);
  });

  test('names the accounts of one person where there are several', async () => {
    plant(
      'events.sqlite',
      "insert into streams (name) values ('account-another')",
      `insert into events (position, stream, version, type, event_id, at, data, meta)
        select (select max(position) + 1 from events), (select max(id) from streams), 0, type, randomblob(16), at,
          json_remove(data, '$.personal'), meta from events where type = 'AccountRegistered.v1' limit 1`,
    );
    const { code, said } = await runProgram('verifyStore', data);
    expect(code).toBe(1);
    expect(said).toMatch(/One person has several live accounts: account another, account czy-520111004\./);
    expect(said).toContain('The account another is live, but its person is held by account czy-520111004.');
    expect(said).not.toContain('王芳');
  });

  test('names rows of views that are altered, missing or too many, and never what is in them', async () => {
    plant(
      'views.sqlite',
      `update "view inbox 1" set json = json_set(json, '$.office', '999', '$.parity', 2) where id = (select min(id) from "view inbox 1")`,
      'delete from "view registration 1" where id = (select max(id) from "view registration 1")',
      `insert into "view search 1" (id, position, json) values ('extra', 3, '{"id":"extra"}')`,
      `insert into "view counters 1" (id, position, json) values ('late', 999999, '{"id":"late"}')`,
    );
    const { code, said } = await runProgram('verifyStore', data);
    expect(code).toBe(1);
    expect(said).toMatch(/Row inbox [\w-]+ is not what its events say: parity, office|office, parity/);
    expect(said).toMatch(/A row is missing: registration [\w-]+ /);
    expect(said).toMatch(/A row has no event: search extra/);
    expect(said).toMatch(/Row counters late stands at 999999, but the log ends at/);
    expect(said).toMatch(/4 fault\(s\) found/);
    nameless(said);
  });

  test('names views that are ahead of a log restored from an older backup', async () => {
    plant('events.sqlite', 'delete from events where position > 40');
    const { code, said } = await runProgram('verifyStore', data);
    expect(code).toBe(1);
    expect(said).toMatch(/View inbox stands at 62, but the log ends at 40/);
  });

  test('counts events whose data key is destroyed, and finds that sound', async () => {
    const key = one("select substr(data ->> '$.personal', 4, 12) from events where type = 'Submitted.v1' limit 1");
    plant('keys.sqlite', `delete from data_keys where id = '${key}'`);
    const { code, said } = await runProgram('verifyStore', data);
    expect(said).toMatch(/destroyed 1$/m);
    expect(code).toBe(0);
  });

  test('needs no views, and says that they are built at the next start', async () => {
    rmSync(join(data, 'views.sqlite'));
    const { code, said } = await runProgram('verifyStore', data);
    expect(said).toMatch(/There are no views yet/);
    expect(code).toBe(0);
  });

  test('names a damaged page and a missing key', async () => {
    const file = join(data, 'events.sqlite');
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, Math.floor(statSync(file).size / 8192) * 4096);
    const damaged = await runProgram('verifyStore', data);
    expect(damaged.code).toBe(1);
    expect(damaged.said).toMatch(/events\.sqlite is damaged: /);

    rmSync(join(data, 'keys'), { recursive: true });
    const keyless = await runProgram('verifyStore', data);
    expect(keyless).toMatchObject({ code: 1, said: expect.stringMatching(/has no keys/) });
    expect(() => readFileSync(join(data, 'keys', 'master.key'))).toThrow(/ENOENT/);
  });
});
