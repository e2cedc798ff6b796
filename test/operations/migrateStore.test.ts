import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordedEvent } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { appendsIn } from '../../src/operations/copyLog.ts';
import { type Running, startApplication } from '../support/application.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { ferretdbServer } from '../support/mongoServer.ts';
import { endOf, eventsIn, runProgram, startProgram, submitCouples, temporaryFolder } from '../support/operations.ts';

const ferretdb = await ferretdbServer();

let app: Running;
let place: ReturnType<typeof temporaryFolder>;
let data: string;
let server: EventStoreDbServer;

beforeAll(async () => {
  app = await startApplication();
  place = temporaryFolder();
  data = join(place.folder, 'data');
  await submitCouples(app, 0, 40);
  expect(await runProgram('backup', app.directory, [data, '--with-keys', '--with-views'])).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await ferretdb?.dispose();
  place.remove();
});
beforeEach(async () => {
  server = await startEventStoreDbServer();
});
afterEach(() => server.close());

const migrate = (...options: readonly string[]) => runProgram('migrateStore', place.folder, options);

/** What a store must not change; position and instant of writing are its own. */
const contents = (events: readonly RecordedEvent[]) =>
  events.map(({ stream, revision, id, type, data, meta }) => ({ stream, revision, id, type, data, meta }));

const onServer = async (): Promise<readonly RecordedEvent[]> => {
  const store = await openEventStoreDb({ url: server.url });
  try {
    return await store.readAll(0, 100_000);
  } finally {
    await store.close();
  }
};

describe('npm run migrate-store', { timeout: 60_000 }, () => {
  test('copies a log to EventStoreDB and back, in order, event by event the same, and both verify as sound', async () => {
    const there = await migrate('--from', data, '--to', server.url);
    expect(there.said).toMatch(/^copy .*█{30} 100 %/m);
    expect(there.said).toMatch(/^verify .*100 %/m);
    expect(there.said).toMatch(/data keys stay where they are/);
    expect(there.code).toBe(0);
    const before = await eventsIn(data);
    expect(contents(await onServer())).toEqual(contents(before));

    const withServer = join(place.folder, 'with-server');
    for (const part of ['keys', 'keys.sqlite']) cpSync(join(data, part), join(withServer, part), { recursive: true });
    const settings = { EVENT_STORE_URL: server.url };
    const rebuilt = await endOf(startRebuild(withServer, settings));
    expect(rebuilt.code).toBe(0);
    const sound = await runProgram('verifyStore', withServer, [], settings);
    expect(sound).toMatchObject({ code: 0, said: expect.stringMatching(/events 80.*destroyed 0/) });

    const again = join(place.folder, 'again');
    const back = await migrate('--from', server.url, '--from', data, '--to', again);
    expect(back.code).toBe(0);
    expect(back.said).toMatch(/data keys 257/);
    expect(back.said).toMatch(/Copy keys\/ into .*again/);
    expect(contents(await eventsIn(again))).toEqual(contents(before));
    expect((await eventsIn(again)).map(({ position }) => position)).toEqual(before.map(({ position }) => position));
    const digests = [there, back].map(({ said }) => /SHA-256 ([0-9a-f]{64})/.exec(said)?.[1]);
    expect(digests[0]).toBe(digests[1]);
    cpSync(join(data, 'keys'), join(again, 'keys'), { recursive: true });
    expect((await endOf(startRebuild(again))).code).toBe(0);
    expect(await runProgram('verifyStore', again)).toMatchObject({ code: 0 });
  });

  test('goes on where it was killed, and copies nothing twice', async () => {
    server.delayAppends(20);
    const child = startProgram('migrateStore', place.folder, ['--from', data, '--to', server.url]);
    const ended = endOf(child);
    while (server.log.events.length < 25) await wait(5);
    child.kill('SIGKILL');
    await ended;
    // What the killed one had sent may still be on its way in.
    await wait(200);
    server.delayAppends(0);
    const half = (await onServer()).length;
    expect(half).toBeLessThan(80);
    const { code, said } = await migrate('--from', data, '--to', server.url);
    expect(said).toMatch(new RegExp(`events 80, .*copied now ${80 - half},`));
    expect(code).toBe(0);
    expect(contents(await onServer())).toEqual(contents(await eventsIn(data)));
  });

  test('says that the source went on while a platform appended, and a further run copies the rest', async () => {
    server.delayAppends(3);
    const child = startProgram('migrateStore', place.folder, ['--from', app.directory, '--to', server.url]);
    const ended = endOf(child);
    let count = 40;
    while (child.exitCode === null && count < 150) {
      await submitCouples(app, count, 1);
      await wait(4);
      count += 1;
    }
    const first = await ended;
    server.delayAppends(0);
    const second = await migrate('--from', app.directory, '--to', server.url);
    expect(second.code).toBe(0);
    if (first.code !== 0) expect(first.said).toMatch(/stop the platform and run this again; only the rest is copied/);
    expect(contents(await onServer())).toEqual(contents(await eventsIn(app.directory)));
  });

  test('outlives a lost connection: what was written before the answer came is not written again', async () => {
    server.loseNext('answer');
    expect(await migrate('--from', data, '--to', server.url)).toMatchObject({ code: 0 });
    expect(await onServer()).toHaveLength(80);
  });

  test('refuses a target that holds something else, and a source that is shorter', async () => {
    const store = await openEventStoreDb({ url: server.url });
    await store.append('thing-1', 'none', [{ id: crypto.randomUUID(), type: 'Happened.v1', data: {}, meta: {} }]);
    await store.close();
    const other = await migrate('--from', data, '--to', server.url);
    expect(other).toMatchObject({
      code: 1,
      said: expect.stringMatching(/logs differ: the source has .* at position 1,/),
    });
    expect(await onServer()).toHaveLength(1);
    const empty = join(place.folder, 'empty');
    const longer = await migrate('--from', server.url, '--from', data, '--to', empty);
    expect(longer.code).toBe(0);
    await server.close();
    server = await startEventStoreDbServer();
    const shorter = await migrate('--from', server.url, '--from', data, '--to', empty);
    expect(shorter).toMatchObject({ code: 1, said: expect.stringMatching(/target goes on after the 0 events/) });
  });

  test('answers what makes no sense with a sentence', async () => {
    const calls: readonly [readonly string[], number, RegExp][] = [
      [['--from', 'a', '--to', 'a'], 2, /name the same log/],
      [['--from', 'a', '--from', 'b', '--to', 'c'], 2, /takes a directory or an esdb/],
      [['--from', 'esdb://x?tls=false', '--to', 'c'], 2, /where the data keys are/],
      [['--from', 'nowhere', '--to', 'esdb://x?tls=false'], 1, /There is no events\.sqlite in/],
      [['--from', 'a', '--to', 'b', '--resume'], 2, /Usage: npm run migrate-store/],
    ];
    for (const [options, code, said] of calls) {
      const end = await migrate(...options);
      expect(end).toMatchObject({ code, said: expect.stringMatching(said) });
      expect(end.said).not.toMatch(/ {4}at /);
    }
  });

  test('refuses two directories with keys of different platforms', async () => {
    const other = join(place.folder, 'other');
    mkdirSync(other);
    cpSync(join(data, 'keys'), join(other, 'keys'), { recursive: true });
    writeFileSync(join(other, 'keys', 'lookup.key'), Buffer.alloc(32, 1));
    const { code, said } = await migrate('--from', data, '--to', other);
    expect(code).toBe(1);
    expect(said).toMatch(/are not of one platform/);
    expect(existsSync(join(other, 'events.sqlite'))).toBe(false);
    rmSync(other, { recursive: true });
  });

  test.runIf(ferretdb !== undefined)('moves data keys and views to MongoDB, where all verifies as sound', async () => {
    const mongo = ferretdb?.url.replace('/contract', '/migrated') ?? '';
    const moved = await migrate('--from', data, '--to', server.url, '--to', mongo);
    expect(moved.said).toMatch(/data keys 257/);
    expect(moved.code).toBe(0);
    const elsewhere = join(place.folder, 'elsewhere');
    cpSync(join(data, 'keys'), join(elsewhere, 'keys'), { recursive: true });
    const settings = { EVENT_STORE_URL: server.url, VIEW_STORE_URL: mongo };
    expect((await endOf(startRebuild(elsewhere, settings))).code).toBe(0);
    const sound = await runProgram('verifyStore', elsewhere, [], settings);
    expect(sound.said).toMatch(/registration: 行 rows 40/);
    expect(sound).toMatchObject({ code: 0, said: expect.stringMatching(/events 80.*destroyed 0/) });
  });
});

const startRebuild = (directory: string, settings: Record<string, string> = {}) =>
  startProgram('../rebuild', directory, [], settings);

test('neighbours of one stream and command are one append', () => {
  const event = (stream: string, commandId: string) => ({ stream, meta: { commandId } }) as unknown as RecordedEvent;
  const events = [event('a', '1'), event('a', '1'), event('a', '2'), event('b', '2'), event('a', '2')];
  expect(appendsIn(events).map((append) => append.length)).toEqual([2, 1, 1, 1]);
});
