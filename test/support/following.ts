import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Log, Standing } from '#application/followLog.ts';
import { type EventStore, type Json, StoreUnavailable, type ViewStore } from '#application/ports.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import type { AnyEvent, Projection } from '#projections/projection.ts';

/** A log line that was told. */
export type Told = Json & { level: 'warn' | 'error'; said: string };

/** A log that keeps what it is told. */
export const keptLog = (): Log & { told: Told[] } => {
  const told: Told[] = [];
  const at = (level: 'warn' | 'error') => (details: Json, said: string) => void told.push({ level, said, ...details });
  return { told, warn: at('warn'), error: at('error') };
};

/** Events are stored under the very type they have, in these tests. */
export const asStored = (event: unknown): AnyEvent => event as AnyEvent;

/** Pauses between tries cost tests a millisecond each. */
export const briefly = (): Promise<void> => wait(1);

/** An event log and a view store in a folder of their own. */
export const openFollowed = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'following-'));
  const eventStore = await openEventStore({ directory });
  const viewStore = await openViewStore({ directory });
  return {
    directory,
    eventStore,
    viewStore,
    /** Appends events of these types, each in the stream of its number modulo seven; their position. */
    append: async (types: readonly string[]): Promise<number> => {
      const last = await eventStore.lastPosition();
      const stream = `thing-${randomUUID()}`;
      const events = types.map((type, n) => ({
        id: randomUUID(),
        type,
        data: { key: `k${(last + n + 1) % 7}` },
        meta: {},
      }));
      const appended = await eventStore.append(stream, 'none', events);
      if (appended.outcome !== 'appended') throw new Error('A new stream cannot conflict.');
      return appended.position;
    },
    close: async () => {
      await viewStore.close();
      await eventStore.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

export type Followed = Awaited<ReturnType<typeof openFollowed>>;

/** So many events of one type. */
export const times = (count: number, type = 'Happened'): string[] => Array.from({ length: count }, () => type);

/** How often each key happened: a view whose rows must add up to the events. */
export const tally = (name: string, by = 1): Projection => ({
  name,
  indexes: {},
  keysOf: ({ data }) => [String(data['key'])],
  on: { Happened: (row, _, id) => ({ id, count: Number(row?.['count'] ?? 0) + by }) },
});

/** The sum of a tally. */
export const tallied = async (viewStore: ViewStore, view: string): Promise<number> => {
  const rows = await viewStore.get(
    view,
    Array.from({ length: 7 }, (_, n) => `k${n}`),
  );
  return rows.reduce((sum, row) => sum + Number(row['count']), 0);
};

/** The same store, away for as long as `away` says. */
export const sometimesAway = <T extends ViewStore | EventStore>(store: T): { store: T; away: boolean } => {
  const state = { away: false, store };
  state.store = new Proxy(store, {
    get: (target, name) => {
      const member = target[name as keyof T] as (...args: unknown[]) => unknown;
      if (name === 'subscribe' || name === 'close') return member;
      return async (...args: unknown[]) => {
        if (state.away) throw new StoreUnavailable('The store is away.');
        return member(...args);
      };
    },
  });
  return state;
};

/** Waits until a follower stands so. */
export const standsAt = (standing: () => Record<string, Standing>, name: string, expected: Partial<Standing>) =>
  vi.waitFor(
    () => {
      const now = standing()[name];
      for (const [key, value] of Object.entries(expected)) {
        if (now?.[key as keyof Standing] !== value) throw new Error(`${name} stands ${JSON.stringify(now)}`);
      }
      return now;
    },
    { timeout: 5_000, interval: 4 },
  );
