import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { createServerLog } from '../support/eventStoreDbServer/log.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { newEvents } from './eventStore.contract.ts';

// Well below the 20 s after which a connection to a node that hangs breaks by itself.
const patient = { timeout: 12_000, interval: 20 };

describe('EventStoreDB as a cluster', { timeout: 30_000 }, () => {
  let nodes: EventStoreDbServer[];
  let leader: number;
  let store: EventStore;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    const log = createServerLog();
    const node = () => startEventStoreDbServer({ log, leaderPort: () => leader });
    nodes = await Promise.all([node(), node()]);
    leader = nodes[0]?.port ?? 0;
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
    store = await openEventStoreDb({ url: `esdb://${hosts}?tls=false&gossipTimeout=1`, boundMs: 1_500 });
  });
  afterEach(async () => {
    for (const node of nodes) node.resume();
    await store.close();
    await Promise.all(nodes.map((node) => node.close()));
    await new Promise((turned) => setTimeout(turned, 50));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  const elect = (which: number): void => {
    leader = nodes[which]?.port ?? 0;
  };
  const follow = (): RecordedEvent[] => {
    const got: RecordedEvent[] = [];
    store.subscribe(0, {
      onEvents: async (events) => {
        got.push(...events);
      },
      onFailure: note,
    });
    return got;
  };
  const revisions = (events: readonly RecordedEvent[]): number[] => events.map(({ revision }) => revision);

  it.each([
    ['gives the lead away', () => {}],
    ['is killed', (node: EventStoreDbServer | undefined) => node?.stop()],
    ['hangs', (node: EventStoreDbServer | undefined) => node?.hang()],
  ])('goes on with the next leader where the one before %s', async (_, fail) => {
    const got = follow();
    await store.append('led', 'none', newEvents(2));
    await vi.waitFor(() => expect(got).toHaveLength(2), patient);
    await fail(nodes[0]);
    elect(1);
    await vi.waitFor(() => store.lastPosition(), patient);
    await vi.waitFor(() => store.append('led', 1, newEvents(2)), patient);
    await vi.waitFor(async () => expect(revisions(await store.readStream('led'))).toEqual([0, 1, 2, 3]), patient);
    await vi.waitFor(() => expect(revisions(got)).toEqual([0, 1, 2, 3]), patient);
  });

  it('rejects whatever is asked while no node can be found, and recovers by itself', async () => {
    const got = follow();
    await store.append('led', 'none', newEvents(1));
    await Promise.all(nodes.map((node) => node.stop()));
    const asked = Array.from({ length: 30 }, (_, i) =>
      i % 2 === 0 ? store.lastPosition() : store.append('led', 0, newEvents(1)),
    );
    const results = await Promise.allSettled(asked);
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual(
      asked.map(() => expect.any(StoreUnavailable)),
    );
    await Promise.all(nodes.map((node) => node.start()));
    await vi.waitFor(() => store.append('led', 0, newEvents(1)), patient);
    await vi.waitFor(() => expect(revisions(got)).toEqual([0, 1]), patient);
  });
});

describe('the way to EventStoreDB', () => {
  it.each([
    'http://user:secret@host:2113',
    'esdb://user:secret@',
    'esdb://user:secret@host:port',
    'esdb://user:secret@host?tls=maybe',
    'esdb://user:secret@host?tlsVerifyCert=false',
    'esdb://user:secret@host?secret=1',
    'esdb://user:secret@host?tlsCAFile=/no/such/file.pem',
    'esdb://host:2113',
    'esdb://user:secret%@host:2113',
    'esdb://user:secret%@host?tls=false',
  ])('refuses %s and shows no secret', async (url) => {
    const warned = vi.spyOn(console, 'warn');
    const refused = await openEventStoreDb({ url }).catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(RangeError);
    expect(JSON.stringify([refused, String(refused), (refused as RangeError).cause])).not.toContain('user:secret');
    expect(warned).not.toHaveBeenCalled();
  });

  it('lets the process exit once it is closed, its subscription too', async () => {
    const server = await startEventStoreDbServer();
    const script = `
      import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
      const store = await openEventStoreDb({ url: process.argv[1] });
      await new Promise((seen) => {
        store.subscribe(0, { onEvents: async () => seen(), onFailure: console.error });
        void store.append('s', 'none', [{ id: crypto.randomUUID(), type: 'T', data: {}, meta: {} }]);
      });
      await store.close();`;
    const args = ['--input-type=module', '-e', script, server.url];
    const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '../..'), stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    await server.close();
  });
});
