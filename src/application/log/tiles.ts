import type { Row, ViewDeclaration, ViewStore } from '../ports.ts';
import { hashLength, type Nodes, rootOfFull } from './merkle.ts';

/** Levels of the tree that one level of tiles stands for, and hashes in a full tile (C2SP tlog-tiles). */
const tileHeight = 8;
export const tileWidth = 2 ** tileHeight;

/**
 * A run of up to 256 neighbouring hashes of one level, base64. Level 0 are leaves; each hash of a level above is the root of
 * a full tile below. A tile of leaves knows the position after which its first event stands: a log may have gaps.
 */
export type Tile = Row & { level: number; tile: number; hashes: string; after?: number };

/** The hash tree of the log as rows of a view; its name in the view store. */
export const logTiles: ViewDeclaration = { name: 'logTile', indexes: { place: ['level', 'after'] } };

const digits = 12;

/** Id of the n-th tile of a level. */
export const tileId = (level: number, tile: number): string => `${level}-${String(tile).padStart(digits, '0')}`;

/** The hashes of a tile, one after another. */
export const hashesOf = ({ hashes }: Pick<Tile, 'hashes'>): Buffer => Buffer.from(hashes, 'base64');

/** Nodes of the stored tree; each tile is read once. Rejects with `RangeError` where a tile does not reach so far. */
export const storedNodes = (viewStore: ViewStore): Nodes => {
  const known = new Map<string, Promise<Buffer>>();
  const read = async (id: string): Promise<Buffer> => {
    const [row] = await viewStore.get(logTiles.name, [id]);
    return row === undefined ? Buffer.alloc(0) : hashesOf(row as Tile);
  };
  const hashesIn = (id: string): Promise<Buffer> => {
    const hashes = known.get(id) ?? read(id);
    known.set(id, hashes);
    return hashes;
  };
  return async (level, index) => {
    const within = 2 ** (level % tileHeight);
    const first = index * within;
    const id = tileId(Math.floor(level / tileHeight), Math.floor(first / tileWidth));
    const start = (first % tileWidth) * hashLength;
    const hashes = (await hashesIn(id)).subarray(start, start + within * hashLength);
    if (hashes.length < within * hashLength)
      throw new RangeError(`Tile ${id} does not hold node ${index} of ${level}.`);
    return rootOfFull(hashes);
  };
};

/** The tile of leaves in which the event at a position stands; undefined for one that was not added yet. */
export const tileAround = async (viewStore: ViewStore, position: number): Promise<Tile | undefined> => {
  const query = { index: 'place', equals: [0], before: position, descending: true, limit: 1 };
  const { rows } = await viewStore.find(logTiles.name, query);
  return rows[0] as Tile | undefined;
};
