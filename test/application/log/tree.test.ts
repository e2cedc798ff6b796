import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '#application/log/canonical.ts';
import { growingRoot } from '#application/log/growingRoot.ts';
import { keepTree } from '#application/log/keepTree.ts';
import { hashLength, leafHash, type Nodes, nodeHash, rootAt } from '#application/log/merkle.ts';
import { hashesOf, logTiles, storedNodes, type Tile, tileAround, tileId } from '#application/log/tiles.ts';
import {
  type EventStore,
  GenerationGone,
  type RecordedEvent,
  type StoredRow,
  type ViewStore,
} from '#application/ports.ts';
import { rebuildTree } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';

const eventAt = (index: number): RecordedEvent => ({
  id: `event-${index}`,
  type: 'Happened.v1',
  data: { index },
  meta: {},
  stream: `stream-${index % 7}`,
  revision: Math.floor(index / 7),
  // As on EventStoreDB: positions rise, but are no counts.
  position: 3 + index * 5,
  at: '2026-11-24T02:00:00.000Z',
});
const events = Array.from({ length: 1400 }, (_, index) => eventAt(index));
const leaves = events.map((event) => leafHash(canonicalText(event)));
const plainNodes: Nodes = async (level, index) => {
  if (level === 0) return leaves[index] ?? Buffer.alloc(0);
  return nodeHash(await plainNodes(level - 1, 2 * index), await plainNodes(level - 1, 2 * index + 1));
};
const rootOf = async (size: number): Promise<string> => (await rootAt(plainNodes, size)).toString('hex');

const log = {
  readAll: async (after: number, limit: number) => events.filter(({ position }) => position > after).slice(0, limit),
} as unknown as EventStore;

const directory = mkdtempSync(join(tmpdir(), 'tree-'));
let store: ViewStore;
beforeAll(async () => {
  store = await openViewStore({ directory });
  await store.prepare([logTiles]);
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

describe('a root that grows', () => {
  it.each([0, 1, 2, 255, 256, 257, 512, 700, 1400])('is with %i leaves the root of them all', async (size) => {
    const growing = growingRoot();
    for (const leaf of leaves.slice(0, size)) growing.add(leaf);
    expect(growing.size()).toBe(size);
    expect(growing.root().toString('hex')).toBe(await rootOf(size));
  });
});

/** A view store of rows in memory that may lose its checkpoint's last steps, as one without transactions does. */
const forgetful = (steps: number) => {
  const rows = new Map<string, StoredRow>();
  const checkpoints: number[] = [0];
  const viewStore = {
    generation: async () => 1,
    checkpoint: async () => checkpoints.at(-1) ?? 0,
    get: async (_: string, ids: readonly string[]) => ids.flatMap((id) => rows.get(id)?.row ?? []),
    load: async (_: object, ids: readonly string[]) => ids.flatMap((id) => rows.get(id) ?? []),
    find: async (_: string, { before = 0 }: { before?: number }) => {
      const tiles = [...rows.values()].map(({ row }) => row as Tile).filter(({ level }) => level === 0);
      const found = tiles.filter(({ after = 0 }) => after < before).toSorted((a, b) => (b.after ?? 0) - (a.after ?? 0));
      return { rows: found.slice(0, 1), next: undefined };
    },
    commit: async (_: object, written: readonly StoredRow[], position: number) => {
      for (const row of written) if (row.position > (rows.get(row.id)?.position ?? 0)) rows.set(row.id, row);
      checkpoints.push(position);
    },
  } as unknown as ViewStore;
  const crash = () => checkpoints.splice(Math.max(1, checkpoints.length - steps));
  return { viewStore, crash };
};

const carried = async (viewStore: ViewStore, upTo: number, batch: number) => {
  const kept = keepTree({ eventStore: log, viewStore });
  let position = await kept.follower.open();
  for (;;) {
    const next = (await log.readAll(position, batch)).filter(
      (event) => event.position <= (events[upTo - 1]?.position ?? 0),
    );
    if (next.length === 0) return kept;
    await kept.follower.take(next, (reached) => {
      position = reached;
      return true;
    });
  }
};

describe('the kept tree', () => {
  test.prop(
    [
      fc.array(fc.integer({ min: 1, max: 1400 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 3 }),
    ],
    { numRuns: 40 },
  )('is the tree of the log, however often it is begun anew and whatever was lost', async (sizes, batch, lost) => {
    const { viewStore, crash } = forgetful(lost);
    const stops = sizes.toSorted((a, b) => a - b);
    for (const stop of stops) {
      const kept = await carried(viewStore, stop, batch);
      expect(kept.head()).toEqual({ size: stop, position: events[stop - 1]?.position });
      const nodes = storedNodes(viewStore);
      for (const size of [1, stop]) expect((await rootAt(nodes, size)).toString('hex')).toBe(await rootOf(size));
      crash();
    }
  });

  it('finds each event in its tile', async () => {
    const { viewStore } = forgetful(0);
    await carried(viewStore, 1400, 500);
    for (const index of [0, 1, 255, 256, 511, 512, 1399]) {
      const tile = await tileAround(viewStore, events[index]?.position ?? 0);
      const at = (index % 256) * hashLength;
      expect(tile?.tile).toBe(Math.floor(index / 256));
      expect(tile && hashesOf(tile).subarray(at, at + hashLength)).toEqual(leaves[index]);
    }
  });
});

describe('the tree in a view store', () => {
  it('goes on where it was, and says what it does not hold', async () => {
    await carried(store, 300, 100);
    await carried(store, 900, 400);
    expect((await rootAt(storedNodes(store), 900)).toString('hex')).toBe(await rootOf(900));
    const [first] = await store.load({ view: logTiles.name }, [tileId(1, 0)]);
    expect(first && hashesOf(first.row as Tile)).toHaveLength(3 * hashLength);
    await expect(rootAt(storedNodes(store), 901)).rejects.toThrow(RangeError);
  });

  it('is made anew beside the one that is kept, which then goes on with it', async () => {
    const kept = keepTree({ eventStore: log, viewStore: store });
    await kept.follower.open();
    const wrong = { level: 0, tile: 3, hashes: '', after: 0, id: tileId(0, 3) };
    await store.commit({ view: logTiles.name }, [{ id: wrong.id, position: 1_000_000, row: wrong }], 0);
    await rebuildTree({ eventStore: log, viewStore: store, upcast, onProgress: () => undefined });
    await expect(kept.follower.take(events.slice(900, 901), () => true)).rejects.toThrow(GenerationGone);
    expect(await kept.follower.open()).toBe(events.at(-1)?.position);
    expect((await rootAt(storedNodes(store), 1400)).toString('hex')).toBe(await rootOf(1400));
  });
});
