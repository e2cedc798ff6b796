import { createHash } from 'node:crypto';
import { canonicalText, chainHash, type Hashed } from '#application/log/canonical.ts';
import { logTiles } from '#application/log/tiles.ts';
import type { EventStore, NewEvent } from '#application/ports.ts';
import { rebuildTree } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { loadLogKeys } from '#infrastructure/sealing/keys.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { goldenEvents } from '../support/goldenEvents.ts';
import { verified } from '../support/verified.ts';
import { atOnce, type Extent, inTemporary, interleaved, perSecond, share, shown, table, telling } from './measure.ts';

/** Events per second that a whole log is gone through with, and what chaining one more event costs, in µs. */
export type LogRow = {
  events: number;
  floor: number;
  tree: number;
  verify: number;
  chain: number;
  bytesPerEvent: number;
};

const kinds = ['Submitted.v1', 'TaskReceived.v1', 'Accepted.v1', 'Registered.v1'] as const;
const golden = goldenEvents();
const begun = Date.parse('2026-11-24T02:00:00Z');

const idOf = (stream: number, revision: number): string =>
  `019f0000-0000-7000-8000-${(stream * 256 + revision).toString(16).padStart(12, '0')}`;

/** A registration from its submission to its registering, chained, as the application writes it. */
const registration = (n: number): { stream: string; events: readonly NewEvent[] } => {
  const stream = `registration-${idOf(n, 0)}`;
  const events: NewEvent[] = [];
  for (const [revision, kind] of kinds.entries()) {
    const { type, data, meta } = golden.get(kind)?.stored ?? { type: kind, data: {}, meta: {} };
    const before = events.at(-1);
    const previous = before && { previous: chainHash({ ...before, stream, revision: revision - 1 }) };
    const at = new Date(begun + n * 4 + revision).toISOString();
    events.push({
      id: idOf(n, revision),
      type,
      data,
      meta: { ...meta, at, commandId: idOf(n, revision), ...previous },
    });
  }
  return { stream, events };
};

const fill = async (eventStore: EventStore, count: number): Promise<void> => {
  await atOnce(256, count / kinds.length, async (n) => {
    const { stream, events } = registration(n);
    await eventStore.append(stream, 'none', events);
  });
};

/** Plainly reads the log and hashes the bytes of its events, once. */
const readAndHash = async (eventStore: EventStore, count: number): Promise<number> => {
  const started = performance.now();
  for (let after = 0; ; ) {
    const events = await eventStore.readAll(after, 2000);
    for (const event of events) createHash('sha256').update(JSON.stringify(event)).digest();
    const last = events.at(-1);
    if (last === undefined) return perSecond(count, started);
    after = last.position;
  }
};

const costOfChaining = (event: Hashed): number => {
  const times = 20_000;
  const started = performance.now();
  for (let n = 0; n < times; n += 1) chainHash(event);
  return ((performance.now() - started) * 1000) / times;
};

/** Goes through a log of the embedded store in three ways: plainly, to keep its hash tree, and to verify it. */
export const benchLog = (extent: Extent): Promise<LogRow> =>
  inTemporary(async (directory) => {
    const count = extent === 'quick' ? 20_000 : 200_000;
    telling(`A log of ${count} events`);
    const eventStore = await openEventStore({ directory });
    const viewStore = await openViewStore({ directory });
    await viewStore.prepare([logTiles]);
    loadLogKeys(directory);
    await fill(eventStore, count);
    const [event] = await eventStore.readStream(registration(0).stream);
    telling('Reading it, keeping its tree, verifying it');
    const tree = async () => {
      const started = performance.now();
      await rebuildTree({ eventStore, viewStore, upcast, onProgress: () => undefined });
      return perSecond(count, started);
    };
    const verify = async () => {
      const started = performance.now();
      const found = await verified({ directory });
      if (found.length > 0) throw new Error(found.join('\n'));
      return perSecond(count, started);
    };
    const sides = [() => readAndHash(eventStore, count), tree, verify];
    const [floor = 0, kept = 0, checked = 0] = await interleaved(extent === 'quick' ? 2 : 3, sides);
    await eventStore.close();
    await viewStore.close();
    return {
      events: count,
      floor,
      tree: kept,
      verify: checked,
      chain: event === undefined ? Number.NaN : costOfChaining(event),
      bytesPerEvent: event === undefined ? 0 : Buffer.byteLength(canonicalText(event)),
    };
  });

/** The figures as Markdown. */
export const logTable = ({ events, floor, tree, verify, chain, bytesPerEvent }: LogRow): string =>
  table(
    [`a log of ${shown(events)} events, embedded`, 'events/s', 'of the floor'],
    [
      ['read and hashed once, plainly (floor)', shown(floor), ''],
      ['hash tree kept from its start', shown(tree), share(tree, floor)],
      ['`npm run verify-log`: chains, tree, times, kept hashes', shown(verify), share(verify, floor)],
      [`hash that the next event of a stream names (${shown(bytesPerEvent)} bytes)`, `${shown(chain)} µs`, ''],
    ],
  );
