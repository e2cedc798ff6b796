import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { createAppender } from '#infrastructure/sqlite/eventStoreAppender.ts';
import { openForWriting } from '#infrastructure/sqlite/eventStoreSchema.ts';
import { eventStoreContract, newEvents, newStream } from './eventStore.contract.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'event-store-'));

eventStoreContract(
  'the embedded store',
  async () => {
    const directory = temporary();
    let store = await openEventStore({ directory });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openEventStore({ directory });
        return store;
      },
      dispose: async () => {
        await store.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
  { gapFree: true },
);

describe('the embedded event store', () => {
  let directory: string;
  let stores: EventStore[];

  beforeEach(() => {
    directory = temporary();
    stores = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    rmSync(directory, { recursive: true });
  });

  const open = async (options: { readOnly?: boolean; clock?: () => number } = {}): Promise<EventStore> => {
    const store = await openEventStore({ directory, ...options });
    stores.push(store);
    return store;
  };

  const followed = (store: EventStore) => {
    const got: RecordedEvent[] = [];
    const failures: unknown[] = [];
    store.subscribe(0, {
      onEvents: async (events) => {
        got.push(...events);
      },
      onFailure: (failure) => failures.push(failure),
    });
    return { got, failures };
  };

  it('dates events by the clock it was given', async () => {
    const store = await open({ clock: () => Date.UTC(2026, 6, 11, 1, 2, 3, 4) });
    await store.append('dated', 'none', newEvents(1));
    expect((await store.readStream('dated')).map(({ at }) => at)).toEqual(['2026-07-11T01:02:03.004Z']);
  });

  it('counts positions from 1', async () => {
    const store = await open();
    expect(await store.lastPosition()).toBe(0);
    expect(await store.append('first', 'none', newEvents(2))).toEqual({
      outcome: 'appended',
      revision: 1,
      position: 2,
    });
  });

  it('refuses expected revisions and ids that cannot be', async () => {
    const store = await open();
    await expect(store.append('odd', -1, newEvents(1))).rejects.toThrow(RangeError);
    await expect(store.append('odd', 0.5, newEvents(1))).rejects.toThrow(RangeError);
    const nameless = newEvents(1).map((event) => ({ ...event, id: 'seven' }));
    await expect(store.append('odd', 'none', nameless)).rejects.toThrow(RangeError);
    expect(await store.lastPosition()).toBe(0);
  });

  describe('opened to be read', () => {
    it('sees live what the writer appends, and refuses to append', async () => {
      const writer = await open();
      const reader = await open({ readOnly: true });
      const { got, failures } = followed(reader);
      for (let i = 0; i < 20; i += 1) await writer.append('watched', i === 0 ? 'none' : i - 1, newEvents(1));
      await vi.waitFor(() => expect(got).toHaveLength(20), 5_000);
      expect(got).toEqual(await writer.readStream('watched'));
      expect(failures).toEqual([]);
      await expect(reader.append('watched', 19, newEvents(1))).rejects.toThrow('opened to be read');
      expect(await writer.lastPosition()).toBe(20);
    });

    it('opens a log whose writer has gone', async () => {
      const writer = await openEventStore({ directory });
      await writer.append('left', 'none', newEvents(3));
      await writer.close();
      expect(existsSync(join(directory, 'events.sqlite-wal'))).toBe(false);
      const reader = await open({ readOnly: true });
      expect(await reader.readStream('left')).toHaveLength(3);
    });

    it('says so where there is no log', async () => {
      await expect(open({ readOnly: true })).rejects.toThrow(StoreUnavailable);
      await expect(openEventStore({ directory: join(directory, 'absent'), readOnly: true })).rejects.toThrow(
        StoreUnavailable,
      );
    });
  });

  it('keeps two writers on one directory from overwriting each other', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const streams = Array.from({ length: 40 }, newStream);
    const results = await Promise.all(
      streams.flatMap((stream) => [one, other].map((store) => store.append(stream, 'none', newEvents(2)))),
    );
    expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(40);
    for (const [i, stream] of streams.entries()) {
      const store = i % 2 === 0 ? one : other;
      expect((await store.append(stream, 1, newEvents(1))).outcome).toBe('appended');
    }
    const positions = (await one.readAll(0, 1_000)).map(({ position }) => position);
    expect(positions).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  });

  describe('when it cannot answer', () => {
    it('drains what was asked before it closed, and refuses what comes after', async () => {
      const store = await open();
      const asked = Array.from({ length: 600 }, () => store.append(newStream(), 'none', newEvents(1)));
      const closed = store.close();
      const late = store.append('late', 'none', newEvents(1));
      await expect(late).rejects.toThrow(StoreUnavailable);
      await closed;
      expect((await Promise.all(asked)).every(({ outcome }) => outcome === 'appended')).toBe(true);
      await expect(store.readStream('late')).rejects.toThrow(StoreUnavailable);
      await expect(store.readAll(0, 1)).rejects.toThrow(StoreUnavailable);
      await expect(store.lastPosition()).rejects.toThrow(StoreUnavailable);
      expect(await (await open()).lastPosition()).toBe(600);
    });

    it('rejects with StoreUnavailable where the file is none of ours', async () => {
      writeFileSync(
        join(directory, 'events.sqlite'),
        'no database at all, but long enough to be looked at '.repeat(40),
      );
      await expect(open()).rejects.toThrow(StoreUnavailable);
    });

    it('rolls back a batch that a full disk refuses, and goes on without a gap', () => {
      const database = openForWriting(join(directory, 'events.sqlite'));
      const append = createAppender(database);
      const request = (stream: string, expected: number, text: string) => ({
        stream,
        expected,
        events: newEvents(1).map(({ id, type }) => ({ id, type, data: JSON.stringify({ text }), meta: '{}' })),
      });
      append(0, [request('kept', -1, 'small')]);
      database.exec('pragma max_page_count = 20');
      const big = 'x'.repeat(200_000);
      expect(() => append(0, [request('kept', 0, 'small'), request('lost', -1, big)])).toThrow('full');
      expect(
        append(0, [request('kept', 0, 'small'), request('lost', 0, 'small'), request('new', -1, 'small')]),
      ).toEqual([
        { outcome: 'appended', revision: 1, position: 2 },
        { outcome: 'conflict', actual: 'none' },
        { outcome: 'appended', revision: 0, position: 3 },
      ]);
      database.close();
    });

    it('rejects with StoreUnavailable what the disk refuses, and answers again when it no longer does', async () => {
      const store = await open();
      await store.append('kept', 'none', newEvents(1));
      const other = new DatabaseSync(join(directory, 'events.sqlite'));
      other.exec("create trigger full before insert on events begin select raise(abort, 'disk is full'); end");
      const refused = await Promise.allSettled([
        store.append('kept', 0, newEvents(1)),
        store.append('new', 'none', newEvents(1)),
      ]);
      expect(refused.map((each) => each.status === 'rejected' && each.reason)).toEqual([
        expect.any(StoreUnavailable),
        expect.any(StoreUnavailable),
      ]);
      other.exec('drop trigger full');
      other.close();
      expect(await store.append('kept', 0, newEvents(1))).toEqual({ outcome: 'appended', revision: 1, position: 2 });
      expect(await store.append('new', 'none', newEvents(1))).toEqual({
        outcome: 'appended',
        revision: 0,
        position: 3,
      });
    });
  });

  it('follows another process live, and holds all it acknowledged when that is killed under load', {
    timeout: 30_000,
  }, async () => {
    await (await openEventStore({ directory })).close();
    const reader = await open({ readOnly: true });
    const { got, failures } = followed(reader);
    const child = spawn(process.execPath, [join(import.meta.dirname, '../support/eventStoreLoad.ts'), directory]);
    const acknowledged: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(line);
      if (acknowledged.length === 2_000) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');

    const store = await open();
    await store.append('after the crash', 'none', newEvents(1));
    const last = await store.lastPosition();
    await vi.waitFor(() => expect(got).toHaveLength(last), 5_000);
    expect(failures).toEqual([]);
    expect(got.map(({ position }) => position)).toEqual(Array.from({ length: last }, (_, i) => i + 1));

    const inStreams = new Map<string, RecordedEvent[]>();
    for (const event of got) inStreams.set(event.stream, [...(inStreams.get(event.stream) ?? []), event]);
    inStreams.delete('after the crash');
    for (const events of inStreams.values()) {
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
      expect(events.map(({ data }) => data['n'])).toEqual(events.map((_, i) => i % 3));
      expect(events.length % 3).toBe(0);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(2_000);
    for (const line of acknowledged) {
      const [stream = '', revision, position] = line.split(' ');
      expect(inStreams.get(stream)?.[Number(revision)]?.position).toBe(Number(position));
    }
  });

  it('lets the process exit when it is closed, or merely left', { timeout: 30_000 }, async () => {
    const script = `
      import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
      const store = await openEventStore({ directory: process.argv[1] });
      await store.append('s-' + process.pid, 'none', [{ id: crypto.randomUUID(), type: 'T', data: {}, meta: {} }]);
      if (process.argv[2] === 'close') await store.close();`;
    for (const how of ['close', 'leave']) {
      const args = ['--input-type=module', '-e', script, directory, how];
      const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '../..'), stdio: 'inherit' });
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
    expect(await (await open()).lastPosition()).toBe(2);
  });
});
