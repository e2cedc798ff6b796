import type { Checkpoint } from '#application/log/checkpoint.ts';
import { type GrowingRoot, growingRoot } from '#application/log/growingRoot.ts';
import { hashLength } from '#application/log/merkle.ts';
import { hashesOf, logTiles, type Tile, tileId, tileWidth } from '#application/log/tiles.ts';
import type { ViewStore } from '#application/ports.ts';

/** Hashes of all events as the view store keeps them beside the log. */
export type KeptLeaves = {
  /** How many were kept when this was opened. */
  size: number;
  /** Those from an index on, at most so many; undefined for one that is missing. */
  slice: (from: number, count: number) => Promise<readonly (Buffer | undefined)[]>;
};

/** Opens the kept hashes as they stand now; later ones are passed over. */
export const openKeptLeaves = async (viewStore: ViewStore): Promise<KeptLeaves> => {
  const query = { index: 'place', equals: [0], descending: true, limit: 1 };
  const [last] = (await viewStore.find(logTiles.name, query)).rows as readonly Tile[];
  const size = last === undefined ? 0 : last.tile * tileWidth + hashesOf(last).length / hashLength;
  return {
    size,
    slice: async (from, count) => {
      const end = Math.min(from + count, size);
      const [first, last] = [Math.floor(from / tileWidth), Math.floor((end - 1) / tileWidth)];
      const ids = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => tileId(0, first + n));
      const rows = (await viewStore.get(logTiles.name, ids)) as readonly Tile[];
      const known = new Map(rows.map((row) => [row.tile, hashesOf(row)]));
      return Array.from({ length: Math.max(0, end - from) }, (_, n) => {
        const [tile, at] = [Math.floor((from + n) / tileWidth), ((from + n) % tileWidth) * hashLength];
        const hash = known.get(tile)?.subarray(at, at + hashLength);
        return hash?.length === hashLength ? hash : undefined;
      });
    },
  };
};

const batch = 10 * tileWidth;

/** Adds kept hashes to a root until it is over so many; false where one is missing. */
const grow = async (root: GrowingRoot, kept: KeptLeaves, size: number): Promise<boolean> => {
  while (root.size() < size) {
    const hashes = await kept.slice(root.size(), Math.min(batch, size - root.size()));
    if (hashes.length === 0 || hashes.includes(undefined)) return false;
    for (const hash of hashes) root.add(hash ?? Buffer.alloc(0));
  }
  return root.size() === size;
};

/** How many of the first kept hashes are proven by one of these checkpoints, in the order of their sizes. */
export const provenOf = async (
  kept: KeptLeaves,
  checkpoints: readonly Pick<Checkpoint, 'size' | 'root'>[],
): Promise<number> => {
  const root = growingRoot();
  let proven = 0;
  for (const { size, root: signed } of checkpoints) {
    if ((await grow(root, kept, size)) && root.root().toString('base64') === signed) proven = size;
  }
  return proven;
};
