import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decode } from '#application/eventCodec.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { openStores } from '../../src/stores.ts';
import { type Running, startApplication } from '../support/application.ts';
import {
  endOf,
  eventsIn,
  runProgram,
  startProgram,
  submitCouples,
  submitWhile,
  temporaryFolder,
} from '../support/operations.ts';

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
let backedUp: { code: number | null; said: string };
let acknowledged: number;

const backup = () => join(place.folder, 'backup');

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  mkdirSync(join(app.directory, 'holidays'));
  writeFileSync(join(app.directory, 'holidays', 'local.json'), '{}');
  await submitCouples(app, 0, 30);
  acknowledged = await app.stores.eventStore.lastPosition();
  const child = startProgram('backup', app.directory, [backup(), '--with-keys', '--with-views']);
  const ended = endOf(child);
  await submitWhile(app, child, 30);
  backedUp = await ended;
}, 60_000);
afterAll(async () => {
  await app.stop();
  place.remove();
});

describe('npm run backup', { timeout: 30_000 }, () => {
  test('copies log, data keys, views and holidays while the platform takes submissions, with a bar and a warning', () => {
    expect(backedUp).toMatchObject({ code: 0 });
    for (const file of ['events', 'keys', 'views']) {
      expect(backedUp.said).toMatch(new RegExp(`^${file}\\.sqlite .*█{30} 100 %  (\\d+)/\\1 `, 'm'));
    }
    expect(backedUp.said).toMatch(/移|存放/);
    expect(backedUp.said).toMatch(/move that folder elsewhere/);
    const manifest = JSON.parse(readFileSync(join(backup(), 'manifest.json'), 'utf8'));
    expect(manifest.lastPosition).toBeGreaterThanOrEqual(acknowledged);
    expect(manifest.files.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'events.sqlite',
      'holidays/local.json',
      'keys.sqlite',
      'keys/certificate.jwk',
      'keys/log.jwk',
      'keys/lookup.key',
      'keys/master.key',
      'scans.sqlite',
      'views.sqlite',
    ]);
    expect(readdirSync(place.folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('leaves the keys out unless asked, and says that they are needed', async () => {
    const folder = join(place.folder, 'without-keys');
    const { code, said } = await runProgram('backup', app.directory, [folder]);
    expect(code).toBe(0);
    expect(said).toMatch(/keys\/ was not copied/);
    expect(readdirSync(folder).toSorted()).toEqual([
      'events.sqlite',
      'holidays',
      'keys.sqlite',
      'manifest.json',
      'scans.sqlite',
    ]);
  });

  test('never overwrites', async () => {
    const before = readFileSync(join(backup(), 'manifest.json'));
    const { code, said } = await runProgram('backup', app.directory, [backup()]);
    expect(code).toBe(1);
    expect(said).toMatch(/已存在/);
    expect(readFileSync(join(backup(), 'manifest.json'))).toEqual(before);
  });

  test('tells a missing store and a wrong call, and leaves nothing', async () => {
    const empty = join(place.folder, 'empty');
    mkdirSync(empty);
    const target = join(place.folder, 'nothing');
    const missing = await runProgram('backup', empty, [target]);
    expect(missing).toMatchObject({ code: 1, said: expect.stringMatching(/There is no events\.sqlite/) });
    expect(existsSync(target)).toBe(false);
    expect(await runProgram('backup', empty)).toMatchObject({ code: 2, said: expect.stringMatching(/Usage: npm run/) });
    const unknown = await runProgram('backup', empty, [target, '--keys']);
    expect(unknown).toMatchObject({ code: 2, said: expect.stringMatching(/用法/) });
  });

  test('with stores on servers copies what is left here, and says where the rest is backed up', async () => {
    const folder = join(place.folder, 'keys-only');
    const settings = { EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false' };
    const { code, said } = await runProgram('backup', app.directory, [folder], settings);
    expect(code).toBe(0);
    expect(said).toMatch(/server of EVENT_STORE_URL/);
    expect(existsSync(join(folder, 'events.sqlite'))).toBe(false);
    expect(existsSync(join(folder, 'keys.sqlite'))).toBe(true);
  });
});

describe('npm run restore', { timeout: 30_000 }, () => {
  let target: string;
  let copy: string;

  beforeEach(() => {
    target = join(place.folder, 'restored');
    copy = join(place.folder, 'copy');
    cpSync(backup(), copy, { recursive: true });
  });
  afterEach(() => {
    rmSync(target, { recursive: true, force: true });
    rmSync(copy, { recursive: true, force: true });
  });

  test('brings back every event up to the last position, and what is sealed opens again', async () => {
    const { code, said } = await runProgram('restore', target, [copy]);
    expect(said).toMatch(/^verify .*100 %/m);
    expect(code).toBe(0);
    const { lastPosition } = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'));
    const before = (await eventsIn(app.directory)).slice(0, lastPosition);
    expect(await eventsIn(target)).toEqual(before);

    const stores = await openStores({ directory: target });
    const sealing = createSealing(stores.keys, stores.dataKeys);
    const opened = await Promise.all(before.map((event) => decode(event, sealing)));
    expect(opened.filter(({ erased }) => erased)).toEqual([]);
    expect(JSON.stringify(opened)).toContain('王芳');
    const checkpoint = await stores.viewStore.checkpoint({ view: 'registration' });
    expect(checkpoint).toBeLessThanOrEqual(lastPosition);
    await stores.close();
  });

  test('refuses a directory that holds anything, and leaves it as it was', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'events.sqlite'), 'mine');
    const { code, said } = await runProgram('restore', target, [copy]);
    expect(code).toBe(1);
    expect(said).toMatch(/is not empty \(events\.sqlite\)/);
    expect(readFileSync(join(target, 'events.sqlite'), 'utf8')).toBe('mine');
    expect(readdirSync(target)).toEqual(['events.sqlite']);
  });

  test.each([
    ['one flipped byte', () => flip(join(copy, 'events.sqlite')), /events\.sqlite differs from the manifest/],
    ['a missing file', () => rmSync(join(copy, 'keys.sqlite')), /keys\.sqlite is missing/],
    ['a missing manifest', () => rmSync(join(copy, 'manifest.json')), /no whole backup/],
    ['a manifest that leads elsewhere', () => lead(join(copy, 'manifest.json')), /not the manifest of a backup/],
  ])('refuses %s and writes nothing', async (_, harm, why) => {
    harm();
    const { code, said } = await runProgram('restore', target, [copy]);
    expect(code).toBe(1);
    expect(said).toMatch(why);
    expect(said).not.toMatch(/ {4}at /);
    expect(existsSync(target)).toBe(false);
  });

  test('asks for the keys that are kept apart, and takes them from where they were put', async () => {
    const apart = join(place.folder, 'apart');
    await runProgram('backup', app.directory, [apart]);
    const without = await runProgram('restore', target, [apart]);
    expect(without).toMatchObject({ code: 1, said: expect.stringMatching(/first put the keys/) });
    mkdirSync(target);
    cpSync(join(app.directory, 'keys'), join(target, 'keys'), { recursive: true });
    expect(await runProgram('restore', target, [apart])).toMatchObject({ code: 0 });
    expect(readdirSync(target).toSorted()).toEqual([
      'events.sqlite',
      'holidays',
      'keys',
      'keys.sqlite',
      'scans.sqlite',
    ]);
  });

  test('refuses keys that belong to another platform', async () => {
    const apart = join(place.folder, 'apart-too');
    await runProgram('backup', app.directory, [apart]);
    mkdirSync(target);
    cpSync(join(app.directory, 'keys'), join(target, 'keys'), { recursive: true });
    writeFileSync(join(target, 'keys', 'master.key'), Buffer.alloc(32, 7));
    const { code, said } = await runProgram('restore', target, [apart]);
    expect(code).toBe(1);
    expect(said).toMatch(/does not open with this master key/);
    expect(readdirSync(target)).toEqual(['keys']);
  });
});

const flip = (file: string): void => {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
};

const lead = (file: string): void =>
  writeFileSync(file, readFileSync(file, 'utf8').replace('"keys/master.key"', '"../../keys/master.key"'));
