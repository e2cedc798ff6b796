import { createSecretKey, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import { decode } from '#application/eventCodec.ts';
import { load } from '#application/handleCommand.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { KeyFileError, loadKeys } from '#infrastructure/sealing/keys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { wrapKey } from '#infrastructure/sealing/wrappedKeys.ts';
import { openDataKeys } from '#infrastructure/sqlite/dataKeys.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';
import { openStores } from '../../src/stores.ts';
import { type Running, startApplication } from '../support/application.ts';
import { ferretdbServer } from '../support/mongoServer.ts';
import { endOf, eventsIn, runProgram, startProgram, submitCouples, temporaryFolder } from '../support/operations.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
let data: string;

const base = () => join(place.folder, 'base');
const masterOf = (directory: string) => readFileSync(join(directory, 'keys', 'master.key'));

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  data = join(place.folder, 'data');
  await submitCouples(app, 0, 5);
  expect(await runProgram('backup', app.directory, [base(), '--with-keys'])).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});
beforeEach(() => cpSync(base(), data, { recursive: true }));
afterEach(() => rmSync(data, { recursive: true }));

/** How many events of a directory open with its own keys; the name of the fault where some do not. */
const opening = async (directory: string): Promise<number> => {
  const keys = loadKeys(directory);
  const dataKeys = await openDataKeys({ directory, master: keys.master });
  try {
    const sealing = createSealing(keys, dataKeys);
    const opened = await Promise.all((await eventsIn(directory)).map((event) => decode(event, sealing)));
    return opened.filter(({ data, erased }) => 'personal' in data && !erased).length;
  } finally {
    await dataKeys.close();
  }
};

describe('npm run rotate-master-key', { timeout: 60_000 }, () => {
  test('puts a new master key in the place of the old one, under which everything opens', async () => {
    const before = masterOf(data);
    const { code, said } = await runProgram('rotateMasterKey', data);
    expect(said).toMatch(/^keys .*█{30} 100 % {2}(\d+)\/\1 /m);
    expect(said).toMatch(/销毁旧的 keys\/ 副本/);
    expect(code).toBe(0);
    expect(masterOf(data).equals(before)).toBe(false);
    expect(readdirSync(join(data, 'keys')).filter((name) => name.includes('next'))).toEqual([]);
    expect(await opening(data)).toBe(5);
    expect(await runProgram('verifyStore', data)).toMatchObject({ code: 0 });
  });

  test('leaves a backup behind whose data keys the new master key does not open', async () => {
    await runProgram('rotateMasterKey', data);
    const old = join(place.folder, 'old');
    cpSync(base(), old, { recursive: true });
    cpSync(join(data, 'keys'), join(old, 'keys'), { recursive: true });
    await expect(opening(old)).rejects.toThrow(/does not open with this master key/);
    await expect(openStores({ directory: old })).rejects.toThrow(KeyFileError);
    rmSync(old, { recursive: true });
  });

  test('goes on after kills at any moment, and lets no platform start in between', async () => {
    const keys = await openDataKeys({ directory: data, master: loadKeys(data).master });
    const master = loadKeys(data).master;
    const many = Array.from({ length: 20_000 }, () =>
      wrapKey(master, randomBytes(9).toString('base64url'), randomBytes(32)),
    );
    await keys.keep(many);
    await keys.close();
    for (let kills = 0; kills < 4; kills += 1) {
      const child = startProgram('rotateMasterKey', data);
      const ended = endOf(child);
      while (!existsSync(join(data, 'keys', 'master.next.key'))) await wait(5);
      await wait(Math.random() * 400);
      child.kill('SIGKILL');
      await ended;
      // A kill may come so late that all was done: then there is nothing to go on with.
      if (!existsSync(join(data, 'keys', 'master.next.key'))) break;
      await expect(openStores({ directory: data })).rejects.toThrow(/rotate-master-key/);
    }
    expect(await runProgram('rotateMasterKey', data)).toMatchObject({ code: 0 });
    const after = await openDataKeys({ directory: data, master: loadKeys(data).master });
    for (const { id } of many) expect(await after.find(id)).toBeDefined();
    await after.close();
    expect(await opening(data)).toBe(5);
  });

  test('refuses while an instance runs anywhere, and changes nothing', async () => {
    const transient = await openTransientStore({ directory: data });
    await transient.put('lease', 'followers', { holder: 'elsewhere/1/instance' }, Date.now() + 60_000);
    await transient.close();
    const before = masterOf(data);
    const { code, said } = await runProgram('rotateMasterKey', data);
    expect(said).toMatch(/平台还在运行/);
    expect(code).toBe(1);
    expect(masterOf(data).equals(before)).toBe(true);
    expect(existsSync(join(data, 'keys', 'master.next.key'))).toBe(false);
  });

  test('tells where keys are missing, and a wrong call', async () => {
    const empty = join(place.folder, 'empty');
    mkdirSync(empty);
    expect(await runProgram('rotateMasterKey', empty)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/no keys/),
    });
    expect(await runProgram('rotateMasterKey', data, ['now'])).toMatchObject({ code: 2 });
  });
});

describe('an erasure', { timeout: 60_000 }, () => {
  test('reaches the backups made before it once the master key was rotated', async () => {
    const { deps, applicant } = app.services;
    const [first] = await app.stores.eventStore
      .readAll(0, 10)
      .then((events) => events.filter(({ type }) => type === 'Submitted.v1'));
    const id = (first?.stream ?? '').slice('registration-'.length);
    const { keyId } = await load(deps, registrationDecider, id);
    await applicant.withdraw(id, { commandId: deps.ids() });
    const before = join(place.folder, 'before');
    expect(await runProgram('backup', app.directory, [before])).toMatchObject({ code: 0 });
    await eraseRegistration(deps, id, 'requested', { commandId: deps.ids(), actor: { kind: 'applicant' } });
    const kept = await openDataKeys({ directory: before, master: app.stores.keys.master });
    expect(await kept.find(keyId ?? '')).toBeDefined();
    await kept.close();

    const now = join(place.folder, 'now');
    expect(await runProgram('backup', app.directory, [now, '--with-keys'])).toMatchObject({ code: 0 });
    expect(await runProgram('rotateMasterKey', now)).toMatchObject({ code: 0 });
    const { master } = loadKeys(now);
    const later = await openDataKeys({ directory: before, master });
    await expect(later.find(keyId ?? '')).rejects.toThrow(/master key/);
    await later.close();
    const present = await openDataKeys({ directory: now, master });
    expect(await present.find(keyId ?? '')).toBeUndefined();
    await present.close();
    expect(createSecretKey(masterOf(now)).equals(master)).toBe(true);
  });
});

const ferretdb = await ferretdbServer({ loud: true });
afterAll(() => ferretdb?.dispose());

describe.runIf(ferretdb !== undefined)('with data keys in MongoDB', { timeout: 60_000 }, () => {
  test('a rotation reaches them, and an instance that has the old master key does not start', async () => {
    const viewStoreUrl = ferretdb?.url.replace('/contract', '/rotated') ?? '';
    const [mine, other] = [join(place.folder, 'mine'), join(place.folder, 'other')];
    const before = await openStores({ directory: mine, viewStoreUrl });
    const key = await before.dataKeys.next();
    await before.close();
    cpSync(join(mine, 'keys'), join(other, 'keys'), { recursive: true });

    const { code, said } = await runProgram('rotateMasterKey', mine, [], { VIEW_STORE_URL: viewStoreUrl });
    expect(said).toMatch(/data keys wrapped anew: 256/);
    expect(code).toBe(0);
    await expect(openStores({ directory: other, viewStoreUrl })).rejects.toThrow(/keys\/master\.key/);
    cpSync(join(mine, 'keys', 'master.key'), join(other, 'keys', 'master.key'));
    const after = await openStores({ directory: other, viewStoreUrl });
    expect((await after.dataKeys.find(key.id))?.key.equals(key.key)).toBe(true);
    await after.close();
  });
});
