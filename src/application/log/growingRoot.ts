import { emptyRoot, nodeHash } from './merkle.ts';

/** Root of a tree of which nothing is kept but the roots of its complete subtrees: one per binary digit of its size. */
export type GrowingRoot = { size: () => number; add: (leaf: Uint8Array) => void; root: () => Buffer };

/** An empty tree, whose root is known after every leaf that is added. */
export const growingRoot = (): GrowingRoot => {
  const peaks: Buffer[] = [];
  let size = 0;
  return {
    size: () => size,
    add: (leaf) => {
      let hash: Buffer = Buffer.from(leaf);
      for (let count = size; count % 2 === 1; count = (count - 1) / 2) hash = nodeHash(peaks.pop() ?? hash, hash);
      peaks.push(hash);
      size += 1;
    },
    root: () => (peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => nodeHash(left, right))),
  };
};
