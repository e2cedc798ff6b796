import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from '#application/handleCommand.ts';
import { type AccountKind, accountDecider } from '#domain/account/decide.ts';
import { type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import { projections } from '#projections/index.ts';
import { admin, someone } from '../support/accountScene.ts';
import { type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { runProgram, startProgram, temporaryFolder } from '../support/operations.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
const before = () => join(place.folder, 'before');
const gone: string[] = [];
let open: string;
let account: string;

const submitted = async (n: number): Promise<string> => {
  const { applicant, deps } = app.services;
  const id = deps.ids();
  expect(await applicant.submit(id, coupleOf(n, '520111004001'), { commandId: deps.ids() })).toMatchObject({
    outcome: 'done',
  });
  return id;
};

const shown = async () => {
  const { deps } = app.services;
  const names = projections.map(({ name }) => name);
  expect(await deps.awaitViews(names, await deps.eventStore.lastPosition())).toBe(true);
};

/** An account that was closed even longer ago. */
const closedAccount = async (): Promise<string> => {
  const { accounts, deps } = app.services;
  const now = app.clock.now;
  app.clock.now = Date.parse('2020-06-06T02:00:00Z');
  const by = admin('520111004');
  const act = () => ({ staff: by, commandId: deps.ids() });
  const made = await accounts.register(act(), someone('520111004', 1));
  if (made.outcome !== 'registered') throw new Error(made.outcome);
  expect(await accounts.close(made.account, act(), '调离')).toMatchObject({ outcome: 'done' });
  app.clock.now = now;
  return made.account;
};

const keyOf = async (id: string) => {
  const decider = id === account ? accountDecider : registrationDecider;
  const { keyId = '' } = await load<AccountKind | RegistrationKind>(app.services.deps, decider as never, id);
  return app.stores.dataKeys.find(keyId);
};

beforeAll(async () => {
  // So long ago that by any clock of today a withdrawal has been kept long enough, and nothing has ended lately.
  app = await startApplication('2022-06-06T02:00:00Z');
  place = temporaryFolder();
  for (let n = 0; n < 3; n += 1) {
    const id = await submitted(n);
    await app.services.applicant.withdraw(id, { commandId: app.services.deps.ids() });
    gone.push(id);
  }
  account = await closedAccount();
  gone.push(account);
  open = await submitted(3);
  await shown();
  expect(await runProgram('backup', app.directory, [before(), '--with-keys'])).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});

describe('npm run erase, in this order', { timeout: 60_000 }, () => {
  test('shows beforehand what is due, and erases nothing', async () => {
    const { code, said } = await runProgram('erase', app.directory, ['--dry-run']);
    expect(said).toMatch(/^已撤回 withdrawn: 保存 1 年 .*: 3$/m);
    expect(said).toMatch(/^已登记 registered: 保存 10 年 .*: 0$/m);
    expect(said).toMatch(/^已注销账号 closed: 保存 5 年 .*: 1$/m);
    expect(said).toMatch(/^访问记录 access records: 保存 3 年 .*: \d+$/m);
    expect(said).toMatch(/nothing was erased; 4 are due/);
    expect(code).toBe(0);
    for (const id of gone) expect(await keyOf(id)).toBeDefined();
  });

  test('refuses where the clock may be wrong: an erasure cannot be taken back', async () => {
    const { code, said } = await runProgram('erase', app.directory);
    expect(said).toMatch(/last registration ended on 2022-06-06/);
    expect(code).toBe(1);
    for (const id of gone) expect(await keyOf(id)).toBeDefined();
  });

  test('erases what is due with a bar while the platform runs, and leaves the rest', async () => {
    const { code, said } = await runProgram('erase', app.directory, ['--clock-is-right']);
    expect(said).toMatch(/^erase .*█{30} 100 % {2}4\/4 /m);
    expect(said).toMatch(/erased 4, 仍须保存 still to be kept 0/);
    expect(code).toBe(0);
    for (const id of gone) expect(await keyOf(id)).toBeUndefined();
    expect(await keyOf(open)).toBeDefined();
    await shown();
    expect(await runProgram('erase', app.directory, ['--dry-run'])).toMatchObject({
      said: expect.stringMatching(/nothing was erased; 0 are due/),
    });
    const verified = await runProgram('verifyStore', app.directory);
    expect(verified.said).toMatch(/events whose data key is destroyed 5/);
    expect(verified.code).toBe(0);
    expect(await runProgram('verifyLog', app.directory)).toMatchObject({ code: 0 });
  });

  test('is told by verify-store where older data keys came back, and destroys them again', async () => {
    const data = join(place.folder, 'data');
    const now = join(place.folder, 'now');
    expect(await runProgram('backup', app.directory, [now, '--with-keys', '--with-views'])).toMatchObject({ code: 0 });
    cpSync(now, data, { recursive: true });
    cpSync(join(before(), 'keys.sqlite'), join(data, 'keys.sqlite'));
    const found = await runProgram('verifyStore', data);
    expect(found.said).toMatch(/is erased, but its data key is there: run npm run erase -- --again/);
    expect(found.code).toBe(1);
    const again = await runProgram('erase', data, ['--again']);
    expect(again).toMatchObject({ code: 0, said: expect.stringMatching(/destroyed again: 4/) });
    expect(await runProgram('verifyStore', data)).toMatchObject({ code: 0 });
    rmSync(data, { recursive: true });
  });

  test('tells a wrong call', async () => {
    expect(await runProgram('erase', app.directory, ['--now'])).toMatchObject({ code: 2 });
  });
});

describe('an erasure that is killed', { timeout: 60_000 }, () => {
  test('goes on with the next run, however often, and leaves no key of what it erased', async () => {
    const many = await startApplication('2022-06-06T02:00:00Z');
    const { deps, applicant } = many.services;
    const ids: string[] = [];
    for (let n = 0; n < 150; n += 1) {
      const id = deps.ids();
      await applicant.submit(id, coupleOf(n, '520111004001'), { commandId: deps.ids() });
      await applicant.withdraw(id, { commandId: deps.ids() });
      ids.push(id);
    }
    for (let kills = 0; kills < 3; kills += 1) {
      const child = startProgram('erase', many.directory, ['--clock-is-right']);
      child.stderr.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 150));
      await once(child, 'exit');
    }
    const last = await runProgram('erase', many.directory, ['--clock-is-right']);
    expect(last.said).toMatch(/erased \d+, 仍须保存 still to be kept 0/);
    expect(last.code).toBe(0);
    for (const id of ids) {
      const { state, keyId = '' } = await load(deps, registrationDecider, id);
      expect(state).toHaveProperty('erasedOn');
      expect(await many.stores.dataKeys.find(keyId)).toBeUndefined();
    }
    expect(await runProgram('verifyStore', many.directory)).toMatchObject({ code: 0 });
    await many.stop();
  });
});
