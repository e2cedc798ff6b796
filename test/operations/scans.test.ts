import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScanStore } from '#infrastructure/sqlite/scanStore.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { runProgram, temporaryFolder } from '../support/operations.ts';
import { jpeg, pdf } from '../support/scanFiles.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
const folder = (name: string) => join(place.folder, name);

const staff = operator('520111004');

const attach = async (id: string, bytes: Buffer): Promise<string> => {
  const { scans, deps } = app.services;
  const act = { staff, commandId: deps.ids() };
  const done = await scans.attach(id, act, { document: 'idCard', fileName: '王芳.jpg', bytes });
  if (done.outcome !== 'done' || !('scans' in done.state)) throw new Error(JSON.stringify(done));
  return done.state.scans.at(-1)?.scan ?? '';
};

let kept: readonly string[];

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  const { deps, applicant, scans } = app.services;
  const [one, other] = [deps.ids(), deps.ids()];
  for (const [n, id] of [one, other].entries()) {
    const done = await applicant.submit(id, declarationOf('520111004005', n), { commandId: deps.ids() });
    expect(done.outcome).toBe('done');
  }
  kept = [await attach(one, jpeg), await attach(one, pdf())];
  const removed = await attach(one, jpeg);
  await scans.remove(one, { staff, commandId: deps.ids() }, removed, '拍成了别人的结婚证');
  await attach(other, jpeg);
  await applicant.withdraw(other, { commandId: deps.ids() });
  await applicant.erase(other, { commandId: deps.ids() });
  await deps.awaitViews(['registration'], await deps.eventStore.lastPosition());
  expect((await runProgram('backup', app.directory, [folder('backup'), '--with-keys'])).code).toBe(0);
  expect((await runProgram('restore', folder('restored'), [folder('backup')])).code).toBe(0);
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});

const idsIn = async (directory: string) => {
  const scans = await openScanStore({ directory });
  const ids = await scans.list('', 100);
  await scans.close();
  return ids;
};

/** A copy of what was restored, whose scans were changed behind everyone's back. */
const harmed = (name: string, ...statements: readonly string[]): string => {
  cpSync(folder('restored'), folder(name), { recursive: true });
  const database = new DatabaseSync(join(folder(name), 'scans.sqlite'));
  for (const statement of statements) database.exec(statement);
  database.close();
  return folder(name);
};

describe('scans', { timeout: 60_000 }, () => {
  test('are backed up and restored with the log, those alone that are attached and not erased', async () => {
    expect(await idsIn(folder('restored'))).toEqual(kept.toSorted());
    const { code, said } = await runProgram('verifyStore', folder('restored'));
    expect(said).toMatch(/scans 2, .*of no event 0/);
    expect(said).toMatch(/Sound: no fault found/);
    expect(code).toBe(0);
  });

  test('that are missing, altered or moved are each named, and nothing about people', async () => {
    const [first, second] = kept;
    const sides = [
      [harmed('missing', `delete from scans where id = '${first}'`), `Scan ${first} of registration-\\S+ is missing`],
      [
        harmed('altered', `update scans set bytes = substr(bytes, 1, length(bytes) - 1) where id = '${second}'`),
        `Scan ${second} of \\S+ is not the one`,
      ],
      [
        harmed(
          'moved',
          `update scans set bytes = (select bytes from scans where id = '${second}') where id = '${first}'`,
        ),
        `Scan ${first} of \\S+ is not the one`,
      ],
    ] as const;
    for (const [directory, words] of sides) {
      const { code, said } = await runProgram('verifyStore', directory);
      expect(said).toMatch(new RegExp(words));
      expect(said).not.toContain('王芳');
      expect(code).not.toBe(0);
    }
  });

  test('that no event tells of are counted, and no fault', async () => {
    const { code, said } = await runProgram('verifyStore', harmed('extra', `insert into scans values ('x', x'01')`));
    expect(said).toMatch(/scans 2, .*of no event 1/);
    expect(code).toBe(0);
  });

  test('move with the data keys, each as it was', async () => {
    const { code, said } = await runProgram('migrateStore', place.folder, [
      '--from',
      folder('restored'),
      '--to',
      folder('moved-on'),
    ]);
    expect(said).toMatch(/scans 2/);
    expect(code).toBe(0);
    cpSync(join(folder('restored'), 'keys'), join(folder('moved-on'), 'keys'), { recursive: true });
    const verified = await runProgram('verifyStore', folder('moved-on'));
    expect(verified.said).toMatch(/scans 2, .*of no event 0/);
    rmSync(folder('moved-on'), { recursive: true });
  });

  test('missing altogether are told, and looking makes no file', async () => {
    cpSync(folder('restored'), folder('without'), { recursive: true });
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder('without'), `scans.sqlite${end}`), { force: true });
    const { code, said } = await runProgram('verifyStore', folder('without'));
    expect(said).toMatch(/is missing/);
    expect(code).not.toBe(0);
    expect(existsSync(join(folder('without'), 'scans.sqlite'))).toBe(false);
  });
});
