import { hash } from 'node:crypto';

/** Length of a hash in bytes (SHA-256). */
export const hashLength = 32;

const nodePrefix = Uint8Array.of(1);

/** Hash of a leaf of the tree (RFC 9162, §2.1.1): of a zero byte and the leaf's own bytes. */
export const leafHash = (text: string): Buffer => hash('sha256', `\0${text}`, 'buffer');

/** Hash of a node of the tree: of a one byte and the hashes of both its children. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([nodePrefix, left, right], 2 * hashLength + 1), 'buffer');

/** Root of a tree without leaves. */
export const emptyRoot: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** Root over as many hashes as a power of two, which lie one after another in these bytes. */
export const rootOfFull = (hashes: Buffer): Buffer => {
  let level = hashes;
  while (level.length > hashLength) {
    const above = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < above.length; at += hashLength) {
      nodeHash(level.subarray(2 * at, 2 * at + hashLength), level.subarray(2 * at + hashLength, 2 * at + 64)).copy(
        above,
        at,
      );
    }
    level = above;
  }
  return level;
};

/**
 * Where hashes of complete subtrees come from: `level` 0 are leaves, each level above halves their number; `index` counts
 * from the left.
 */
export type Nodes = (level: number, index: number) => Promise<Buffer>;

/** Largest power of two below a number of leaves: where RFC 9162 splits them. */
const splitOf = (leaves: number): number => 2 ** Math.floor(Math.log2(leaves - 0.5));

/** Root over the leaves from `start` to before `end`, at least one. */
const rootOf = async (nodes: Nodes, start: number, end: number): Promise<Buffer> => {
  const leaves = end - start;
  const level = Math.log2(leaves);
  if (Number.isInteger(level) && start % leaves === 0) return nodes(level, start / leaves);
  const middle = start + splitOf(leaves);
  return nodeHash(await rootOf(nodes, start, middle), await rootOf(nodes, middle, end));
};

/** Root of the tree as it was with so many leaves. */
export const rootAt = (nodes: Nodes, size: number): Promise<Buffer> | Buffer =>
  size === 0 ? emptyRoot : rootOf(nodes, 0, size);

/** Hashes that lead from one leaf to the root of a tree with `size` leaves, nearest first (RFC 9162, §2.1.3.1). */
export const inclusionPath = (nodes: Nodes, index: number, size: number): Promise<readonly Buffer[]> => {
  if (!(index >= 0 && index < size)) throw new RangeError(`Leaf ${index} is not among ${size}.`);
  const within = async (start: number, end: number): Promise<readonly Buffer[]> => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...(await within(start, middle)), await rootOf(nodes, middle, end)]
      : [...(await within(middle, end)), await rootOf(nodes, start, middle)];
  };
  return within(0, size);
};

/** Hashes that show that the tree with `size` leaves goes on from the one with `first` (RFC 9162, §2.1.4.1). */
export const consistencyPath = (nodes: Nodes, first: number, size: number): Promise<readonly Buffer[]> => {
  if (!(first >= 1 && first <= size)) throw new RangeError(`A tree of ${size} does not go on from one of ${first}.`);
  const within = async (start: number, end: number, whole: boolean): Promise<readonly Buffer[]> => {
    if (first === end) return whole ? [] : [await rootOf(nodes, start, end)];
    const middle = start + splitOf(end - start);
    return first <= middle
      ? [...(await within(start, middle, whole)), await rootOf(nodes, middle, end)]
      : [...(await within(middle, end, false)), await rootOf(nodes, start, middle)];
  };
  return within(0, size, true);
};
