import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EventStore, NewEvent, RecordedEvent } from '#application/ports.ts';
import { agreesWithModel } from './eventStoreModel.ts';

/** A store under test; `reopen` closes it and opens the same log anew, `dispose` closes what is open and cleans up. */
export type OpenedEventStore = {
  store: EventStore;
  reopen?: () => Promise<EventStore>;
  dispose: () => Promise<void>;
};

/** What an adapter promises beyond the port: `gapFree` positions count the events. */
export type EventStoreCapabilities = { gapFree?: boolean };

/** A stream that no other test knows. */
export const newStream = (): string => `contract-${randomUUID()}`;

/** So many new events, numbered in their data. */
export const newEvents = (count: number, type = 'Happened'): NewEvent[] =>
  Array.from({ length: count }, (_, n) => ({ id: randomUUID(), type, data: { n }, meta: { by: 'contract' } }));

const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);

/** What every `EventStore` keeps to. Logs may hold other people's events: each test has streams of its own. */
export const eventStoreContract = (
  name: string,
  open: () => Promise<OpenedEventStore>,
  { gapFree = false }: EventStoreCapabilities = {},
): void => {
  describe(`${name} as an event store`, () => {
    let opened: OpenedEventStore;
    let store: EventStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    const append = async (stream: string, expected: number | 'none', events: readonly NewEvent[]) => {
      const result = await store.append(stream, expected, events);
      if (result.outcome !== 'appended') throw new Error(`conflict at ${result.actual}`);
      return result;
    };

    /** Every event of these streams after a position, page by page. */
    const pagesOf = async (after: number, limit: number, streams: ReadonlySet<string>): Promise<RecordedEvent[]> => {
      const own: RecordedEvent[] = [];
      for (let page = await store.readAll(after, limit); page.length > 0; ) {
        expect(page.length).toBeLessThanOrEqual(limit);
        own.push(...page.filter(({ stream }) => streams.has(stream)));
        page = await store.readAll(page.at(-1)?.position ?? 0, limit);
      }
      return own;
    };

    describe('appending', () => {
      it('starts a stream at revision 0 and gives back what was appended', async () => {
        const stream = newStream();
        const events = newEvents(3);
        const result = await append(stream, 'none', events);
        const read = await store.readStream(stream);
        expect(result.revision).toBe(2);
        expect(read.map(({ id, type, data, meta }) => ({ id, type, data, meta }))).toEqual(events);
        expect(read.map(({ revision }) => revision)).toEqual([0, 1, 2]);
        expect(read.at(-1)?.position).toBe(result.position);
        for (const event of read) {
          expect(event.stream).toBe(stream);
          expect(new Date(event.at).toISOString()).toBe(event.at);
        }
      });

      it('continues a stream from the revision it stands at', async () => {
        const stream = newStream();
        const first = await append(stream, 'none', newEvents(2));
        const second = await append(stream, 1, newEvents(2));
        expect(second.revision).toBe(3);
        expect(second.position).toBeGreaterThan(first.position);
      });

      it.each([
        { stands: 0, expected: 0, actual: 'none' },
        { stands: 0, expected: 4, actual: 'none' },
        { stands: 3, expected: 'none', actual: 2 },
        { stands: 3, expected: 0, actual: 2 },
        { stands: 3, expected: 1, actual: 2 },
        { stands: 3, expected: 7, actual: 2 },
      ] as const)('rejects $expected on a stream of $stands events and writes nothing', async (row) => {
        const stream = newStream();
        if (row.stands > 0) await append(stream, 'none', newEvents(row.stands));
        expect(await store.append(stream, row.expected, newEvents(2))).toEqual({
          outcome: 'conflict',
          actual: row.actual,
        });
        expect(await store.readStream(stream)).toHaveLength(row.stands);
      });

      it('lets an empty append succeed and create nothing', async () => {
        const stream = newStream();
        expect((await store.append(stream, 'none', [])).outcome).toBe('appended');
        expect(await store.readStream(stream)).toEqual([]);
        expect((await append(stream, 'none', newEvents(1))).revision).toBe(0);
      });

      it('keeps stream names apart that differ in case only', async () => {
        const stream = newStream();
        await append(`${stream}-a`, 'none', newEvents(1));
        expect((await append(`${stream}-A`, 'none', newEvents(1))).revision).toBe(0);
      });

      it('keeps Chinese, emoji, control characters and a big payload as they were', async () => {
        const stream = `${newStream()}-贵州`;
        const text = '侗族 𠮷 👩‍👦 \u0000\u2028"\\\n é é';
        const data = { text, 键: [null, true, 1.5, -0.1, { 空: {} }], big: '证'.repeat(100_000) };
        await append(stream, 'none', [{ id: randomUUID(), type: '已提交', data, meta: { 谁: '𠮷' } }]);
        const [read] = await store.readStream(stream);
        expect(read).toMatchObject({ stream, type: '已提交', meta: { 谁: '𠮷' } });
        expect(read?.data).toEqual(data);
      });

      it('rejects what no JSON can hold, and only that', async () => {
        const stream = newStream();
        const circular: Record<string, unknown> = {};
        circular['self'] = circular;
        const [event] = newEvents(1);
        const faulty = store.append(stream, 'none', [{ ...event, data: circular } as NewEvent]);
        const sound = store.append(newStream(), 'none', newEvents(1));
        await expect(faulty).rejects.toThrow(TypeError);
        expect((await sound).outcome).toBe('appended');
        expect(await store.readStream(stream)).toEqual([]);
      });
    });

    describe('appending again', () => {
      it('answers the same ids at the same expected revision as the first time', async () => {
        const stream = newStream();
        const [start, next] = [newEvents(2), newEvents(2)];
        const first = await append(stream, 'none', start);
        const second = await append(stream, 1, next);
        await append(stream, 3, newEvents(1));
        expect(await store.append(stream, 'none', start)).toEqual(first);
        expect(await store.append(stream, 1, next)).toEqual(second);
        expect(await store.readStream(stream)).toHaveLength(5);
      });

      it('ignores new data under the same ids', async () => {
        const stream = newStream();
        const events = newEvents(1);
        const first = await append(stream, 'none', events);
        const changed = events.map((event) => ({ ...event, data: { n: 'changed' } }));
        expect(await store.append(stream, 'none', changed)).toEqual(first);
        expect((await store.readStream(stream)).map(({ data }) => data)).toEqual([{ n: 0 }]);
      });

      it('sees a conflict in the same ids at a later stale revision', async () => {
        const stream = newStream();
        const events = newEvents(1);
        await append(stream, 'none', events);
        await append(stream, 0, newEvents(2));
        expect(await store.append(stream, 0, events)).toEqual({ outcome: 'conflict', actual: 2 });
      });

      it('writes the same ids again at the current revision', async () => {
        const stream = newStream();
        const events = newEvents(1);
        await append(stream, 'none', events);
        expect((await append(stream, 0, events)).revision).toBe(1);
        expect(idsOf(await store.readStream(stream))).toEqual([...idsOf(events), ...idsOf(events)]);
      });

      it('sees a conflict in other ids at the same expected revision', async () => {
        const stream = newStream();
        const events = newEvents(2);
        await append(stream, 'none', events);
        expect(await store.append(stream, 'none', events.toReversed())).toEqual({ outcome: 'conflict', actual: 1 });
      });

      it('lets the same append asked twice at once be one', async () => {
        const stream = newStream();
        const events = newEvents(2);
        const [one, other] = await Promise.all([
          store.append(stream, 'none', events),
          store.append(stream, 'none', events),
        ]);
        expect(one).toEqual(other);
        expect(await store.readStream(stream)).toHaveLength(2);
      });
    });

    describe('appending at once', () => {
      it('lets exactly one of many win on one stream', async () => {
        const stream = newStream();
        const results = await Promise.all(Array.from({ length: 20 }, () => store.append(stream, 'none', newEvents(2))));
        expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
        expect(results.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(19);
        expect(await store.readStream(stream)).toHaveLength(2);
      });

      it('writes 100 appends to as many streams, one conflict among them spoiling none', async () => {
        const taken = newStream();
        await append(taken, 'none', newEvents(1));
        const streams = Array.from({ length: 100 }, newStream);
        const [conflict, ...results] = await Promise.all(
          [taken, ...streams].map((stream) => store.append(stream, 'none', newEvents(2))),
        );
        expect(conflict).toEqual({ outcome: 'conflict', actual: 0 });
        expect(results.map((result) => result.outcome === 'appended' && result.revision)).toEqual(streams.map(() => 1));
        const lengths = await Promise.all(streams.map(async (stream) => (await store.readStream(stream)).length));
        expect(lengths).toEqual(streams.map(() => 2));
      });

      it.runIf(gapFree)('numbers the whole log without a gap, conflicts or not', async () => {
        const before = await store.lastPosition();
        const streams = Array.from({ length: 10 }, newStream);
        await Promise.all([...streams, ...streams].map((stream) => store.append(stream, 'none', newEvents(2))));
        const positions = (await store.readAll(before, 100)).map(({ position }) => position);
        expect(positions).toEqual(Array.from({ length: 20 }, (_, i) => before + 1 + i));
      });
    });

    describe('reading', () => {
      it('finds nothing in a stream that is absent', async () => {
        expect(await store.readStream(newStream())).toEqual([]);
      });

      it.each([
        { from: 0, revisions: [0, 1, 2, 3] },
        { from: 2, revisions: [2, 3] },
        { from: 3, revisions: [3] },
        { from: 4, revisions: [] },
      ])('reads a stream of four from revision $from', async ({ from, revisions }) => {
        const stream = newStream();
        await append(stream, 'none', newEvents(4));
        expect((await store.readStream(stream, from)).map(({ revision }) => revision)).toEqual(revisions);
      });

      it('reads the whole log in pages, in the order of the appends', async () => {
        const before = await store.lastPosition();
        const [one, other] = [newStream(), newStream()];
        for (let i = 0; i < 8; i += 1) {
          await append(one, i === 0 ? 'none' : i * 2 - 1, newEvents(2));
          await append(other, i === 0 ? 'none' : i - 1, newEvents(1));
        }
        const streams = new Set([one, other]);
        const paged = await pagesOf(before, 5, streams);
        expect(paged.map(({ stream }) => stream)).toEqual(Array.from({ length: 8 }, () => [one, one, other]).flat());
        expect(paged).toEqual(await pagesOf(before, 1000, streams));
        const positions = paged.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
        expect(paged.filter(({ stream }) => stream === one)).toEqual(await store.readStream(one));
      });

      it('reads on exclusively, and nothing after the end', async () => {
        const stream = newStream();
        await append(stream, 'none', newEvents(3));
        const [first, second] = await store.readStream(stream);
        const [next] = await store.readAll(first?.position ?? 0, 1);
        expect(next).toEqual(second);
        expect(await store.readAll(await store.lastPosition(), 10)).toEqual([]);
      });

      it('stands at the position of what was appended last', async () => {
        const { position } = await append(newStream(), 'none', newEvents(2));
        expect(await store.lastPosition()).toBe(position);
      });
    });

    describe('subscribing', () => {
      /** Follows the log from a position and keeps what comes of one stream. */
      const follow = (after: number, stream: string) => {
        const got: RecordedEvent[] = [];
        const failures: unknown[] = [];
        const stop = store.subscribe(after, {
          onEvents: async (events) => {
            got.push(...events.filter((event) => event.stream === stream));
          },
          onFailure: (failure) => failures.push(failure),
        });
        return { got, failures, stop };
      };

      it('catches up, goes live, and neither misses nor doubles while appends go on', async () => {
        const before = await store.lastPosition();
        const stream = newStream();
        await append(stream, 'none', newEvents(50));
        const early = follow(before, stream);
        for (let i = 0; i < 30; i += 1) await append(stream, 49 + i * 2, newEvents(2));
        const late = follow(before, stream);
        for (let i = 30; i < 60; i += 1) await append(stream, 49 + i * 2, newEvents(2));
        const all = await store.readStream(stream);
        await vi.waitFor(() => expect([early.got.length, late.got.length]).toEqual([170, 170]), 5_000);
        await Promise.all([early.stop(), late.stop()]);
        expect(early.got).toEqual(all);
        expect(late.got).toEqual(all);
        expect([...early.failures, ...late.failures]).toEqual([]);
      });

      it('begins after the position it was given', async () => {
        const stream = newStream();
        const { position } = await append(stream, 'none', newEvents(2));
        const { got, stop } = follow(position, stream);
        await append(stream, 1, newEvents(1));
        await vi.waitFor(() => expect(got.length).toBeGreaterThan(0), 5_000);
        await stop();
        expect(got.map(({ revision }) => revision)).toEqual([2]);
      });

      it('never calls a subscriber twice at once', async () => {
        const stream = newStream();
        const before = await store.lastPosition();
        const seen = { now: 0, most: 0, events: 0 };
        const stop = store.subscribe(before, {
          onEvents: async (events) => {
            seen.now += 1;
            seen.most = Math.max(seen.most, seen.now);
            await new Promise((resolve) => setTimeout(resolve, 2));
            seen.now -= 1;
            seen.events += events.filter((event) => event.stream === stream).length;
          },
          onFailure: () => {},
        });
        for (let i = 0; i < 20; i += 1) await append(stream, i === 0 ? 'none' : i - 1, newEvents(1));
        await vi.waitFor(() => expect(seen.events).toBe(20), 5_000);
        await stop();
        expect(seen.most).toBe(1);
      });

      it('calls no more once it is stopped, and waits for the call under way', async () => {
        const stream = newStream();
        const before = await store.lastPosition();
        const begun = Promise.withResolvers<void>();
        const release = Promise.withResolvers<void>();
        const log: string[] = [];
        const stop = store.subscribe(before, {
          onEvents: async () => {
            log.push('begun');
            begun.resolve();
            await release.promise;
            log.push('ended');
          },
          onFailure: () => log.push('failed'),
        });
        await append(stream, 'none', newEvents(1));
        await begun.promise;
        const stopped = stop().then(() => log.push('stopped'));
        release.resolve();
        await stopped;
        const other = follow(before, stream);
        await append(stream, 0, newEvents(1));
        await vi.waitFor(() => expect(other.got).toHaveLength(2), 5_000);
        await Promise.all([other.stop(), stop()]);
        expect(log).toEqual(['begun', 'ended', 'stopped']);
      });

      it('ends with the failure of a subscriber that throws, and leaves the others alone', async () => {
        const stream = newStream();
        const before = await store.lastPosition();
        const fault = new Error('the subscriber broke');
        const failures: unknown[] = [];
        let calls = 0;
        const stop = store.subscribe(before, {
          onEvents: async () => {
            calls += 1;
            throw fault;
          },
          onFailure: (failure) => failures.push(failure),
        });
        const sound = follow(before, stream);
        await append(stream, 'none', newEvents(1));
        await vi.waitFor(() => expect(failures).toHaveLength(1), 5_000);
        await append(stream, 0, newEvents(1));
        await vi.waitFor(() => expect(sound.got).toHaveLength(2), 5_000);
        await Promise.all([stop(), sound.stop()]);
        expect(failures).toEqual([fault]);
        expect(calls).toBe(1);
      });
    });

    it('still holds what was acknowledged when it is opened again', async (context) => {
      const { reopen } = opened;
      if (reopen === undefined) return context.skip();
      const stream = newStream();
      const events = newEvents(3);
      const result = await append(stream, 'none', events);
      const before = await store.readStream(stream);
      store = await reopen();
      expect(await store.readStream(stream)).toEqual(before);
      expect(await store.append(stream, 'none', events)).toEqual(result);
      const next = await append(stream, 2, newEvents(1));
      expect(next.position).toBeGreaterThan(result.position);
    });

    it('agrees with a model in memory, whatever is appended', () => agreesWithModel(() => store));
  });
};
