import { hashLength, rootOfFull } from './merkle.ts';
import { type Tile, tileId, tileWidth } from './tiles.ts';

/** The last tile of a level, which grows; `after` is kept for tiles of leaves. */
export type Growing = { tile: number; count: number; hashes: Buffer; after: number };

/** A tile as it stands now, with the position of the event that it last grew by. */
export type GrownTile = { id: string; position: number; row: Tile };

/** A tree that only grows: its right edge in memory, and what of it changed since it was last written. */
export type Tree = {
  size: () => number;
  /** Adds the leaf of the event at a position. */
  append: (leaf: Uint8Array, position: number) => void;
  /** Tiles that grew since this was last asked. */
  grown: () => readonly GrownTile[];
};

const emptyTile = (tile: number, after: number): Growing => ({
  tile,
  count: 0,
  hashes: Buffer.alloc(tileWidth * hashLength),
  after,
});

const asRow = (level: number, { tile, count, hashes, after }: Growing): Tile => ({
  id: tileId(level, tile),
  level,
  tile,
  hashes: hashes.toString('base64', 0, count * hashLength),
  ...(level === 0 ? { after } : {}),
});

/** A tree that goes on from these tiles, one per level from that of the leaves; `position` is that of its last event. */
export const treeFrom = (edge: readonly Growing[] = [], position = 0): Tree => {
  const levels = [...edge];
  const changed = new Map<string, GrownTile>();
  const touched = new Set<number>();
  let last = position;

  const note = (level: number, growing: Growing): void => {
    const row = asRow(level, growing);
    changed.set(row.id, { id: row.id, position: last, row });
  };
  const add = (level: number, hash: Uint8Array, after: number): void => {
    const growing = levels[level] ?? emptyTile(0, after);
    levels[level] = growing;
    growing.hashes.set(hash, growing.count * hashLength);
    growing.count += 1;
    touched.add(level);
    if (growing.count < tileWidth) return;
    note(level, growing);
    touched.delete(level);
    levels[level] = emptyTile(growing.tile + 1, last);
    add(level + 1, rootOfFull(growing.hashes), 0);
  };

  return {
    size: () => (levels[0] === undefined ? 0 : levels[0].tile * tileWidth + levels[0].count),
    append: (leaf, at) => {
      const before = last;
      last = at;
      add(0, leaf, before);
    },
    grown: () => {
      for (const level of touched) {
        const growing = levels[level];
        if (growing !== undefined) note(level, growing);
      }
      touched.clear();
      const tiles = [...changed.values()];
      changed.clear();
      return tiles;
    },
  };
};
