import type { Follower } from '../followLog.ts';
import type { EventStore, RecordedEvent, ViewStore } from '../ports.ts';
import { canonicalText } from './canonical.ts';
import { hashLength, leafHash } from './merkle.ts';
import { hashesOf, logTiles, type Tile, tileAround, tileId, tileWidth } from './tiles.ts';
import { type Growing, type Tree, treeFrom } from './tree.ts';

/** The stores that the tree is kept over. */
export type TreeStores = { eventStore: EventStore; viewStore: ViewStore };

/** The stored tree as this process carried it: how many events, and the position of the last of them. */
export type TreeHead = { size: number; position: number };

/** The hash tree of the log as something that is carried along it; `head` is where this process has brought it. */
export type KeptTree = { follower: Follower; head: () => TreeHead | undefined };

const growingFrom = (tile: number, known: Buffer, after: number): Growing => {
  const hashes = Buffer.alloc(tileWidth * hashLength);
  known.copy(hashes);
  return { tile, count: known.length / hashLength, hashes, after };
};

/** How many leaves stand at or before a position; after a fault tiles may be ahead of their checkpoint. */
const sizeAt = async ({ eventStore }: TreeStores, leaves: Tile, rowAt: number, position: number): Promise<number> => {
  const held = hashesOf(leaves).length / hashLength;
  const before = leaves.tile * tileWidth;
  if (rowAt <= position) return before + held;
  const events = await eventStore.readAll(leaves.after ?? 0, held);
  return before + events.filter((event) => event.position <= position).length;
};

/** The right edge of the stored tree at a position, level by level. */
const edgeAt = async (stores: TreeStores, generation: number, position: number): Promise<readonly Growing[]> => {
  const { viewStore } = stores;
  const load = async (id: string) => (await viewStore.load({ view: logTiles.name, generation }, [id]))[0];
  const last = position === 0 ? undefined : await tileAround(viewStore, position);
  const leaves = last && (await load(last.id));
  if (leaves?.row === undefined) return [];
  const size = await sizeAt(stores, leaves.row as Tile, leaves.position, position);
  const edge: Growing[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / tileWidth)) {
    const [tile, within] = [Math.floor(count / tileWidth), count % tileWidth];
    const row = within === 0 ? undefined : (await load(tileId(level, tile)))?.row;
    const hashes = row === undefined ? Buffer.alloc(0) : hashesOf(row as Tile).subarray(0, within * hashLength);
    edge.push(growingFrom(tile, hashes, row === undefined ? position : ((row as Tile).after ?? 0)));
  }
  return edge;
};

/** Adds the leaves of events to a tree and writes the tiles that grew. */
export const addLeaves = async (
  viewStore: ViewStore,
  { tree, generation }: { tree: Tree; generation: number },
  events: readonly RecordedEvent[],
): Promise<void> => {
  for (const event of events) tree.append(leafHash(canonicalText(event)), event.position);
  const last = events.at(-1);
  if (last === undefined) return;
  await viewStore.commit({ view: logTiles.name, generation }, tree.grown(), last.position);
};

/** Keeps the hash tree of the whole log (RFC 9162), its leaves the canonical bytes of all events in their order. */
export const keepTree = (stores: TreeStores): KeptTree => {
  const { viewStore } = stores;
  let kept: { tree: Tree; generation: number } | undefined;
  let head: TreeHead | undefined;
  const stand = (tree: Tree, position: number): void => {
    head = { size: tree.size(), position };
  };
  const resume = async () => {
    const generation = await viewStore.generation(logTiles.name);
    const position = await viewStore.checkpoint({ view: logTiles.name, generation });
    kept = { generation, tree: treeFrom(await edgeAt(stores, generation, position), position) };
    stand(kept.tree, position);
    return kept;
  };
  const take: Follower['take'] = async (events, reached) => {
    const { tree, generation } = kept ?? (await resume());
    // What fails half-way is resumed from what was written.
    kept = undefined;
    await addLeaves(viewStore, { tree, generation }, events);
    kept = { tree, generation };
    const position = events.at(-1)?.position ?? 0;
    stand(tree, position);
    reached(position);
  };
  const open = async (): Promise<number> => {
    await resume();
    return head?.position ?? 0;
  };
  return { head: () => head, follower: { name: logTiles.name, open, take } };
};
