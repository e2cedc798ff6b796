import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  consistencyPath,
  emptyRoot,
  inclusionPath,
  leafHash,
  type Nodes,
  nodeHash,
  rootAt,
} from '#application/log/merkle.ts';
import { consistent, included } from '../../support/proofScript.ts';

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The root of leaves word for word as RFC 9162 defines it in §2.1.1. */
const mth = (leaves: readonly string[]): Buffer => {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256('\0', leaves[0] ?? '');
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256('\x01', mth(leaves.slice(0, split)), mth(leaves.slice(split)));
};

/** Nodes computed from the leaves each time. */
const nodesOf =
  (leaves: readonly string[]): Nodes =>
  async (level, index) =>
    mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

const hex = (hashes: readonly Uint8Array[]): readonly string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

// The leaves, roots and proofs that certificate-transparency tests its trees with.
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (bytes) => Buffer.from(bytes, 'hex').toString('latin1'),
);
const knownRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the known tree of certificate-transparency', () => {
  it.each(knownRoots.map((root, size) => [size, root] as const))(
    'has, with %i leaves, its root',
    async (size, root) => {
      expect(hex([await rootAt(nodesOf(known), size)])).toEqual([root]);
    },
  );

  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('has, for leaf %i of %i, its path', async (index, size, path) => {
    expect(hex(await inclusionPath(nodesOf(known), index, size))).toEqual(path);
  });

  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('has, from %i to %i leaves, its path', async (first, size, path) => {
    expect(hex(await consistencyPath(nodesOf(known), first, size))).toEqual(path);
  });
});

const leaves = fc.array(fc.string(), { minLength: 1, maxLength: 70 });
const spot = fc.nat(10_000);
const elsewhere = leafHash('longer than any of the leaves');

describe('any tree', () => {
  it('has the hashes of its leaves and nodes told apart', () => {
    expect(leafHash('é')).toEqual(sha256('\0', 'é'));
    expect(nodeHash(emptyRoot, emptyRoot)).toEqual(sha256('\x01', sha256(), sha256()));
  });

  test.prop([leaves, spot, spot])('shows that a leaf is in it, of any size it had', async (all, one, other) => {
    const size = 1 + (one % all.length);
    const index = other % size;
    const path = await inclusionPath(nodesOf(all), index, size);
    const leaf = leafHash(all[index] ?? '');
    const proof = { leaf, index, size, path, root: mth(all.slice(0, size)) };
    expect(await included(proof)).toBe(true);
    expect(await included({ ...proof, leaf: leafHash(`${all[index]} `) })).toBe(false);
    expect(await included({ ...proof, path: [...path, leaf] })).toBe(false);
    expect(await included({ ...proof, root: elsewhere })).toBe(false);
    if (index > 0) expect(await included({ ...proof, index: size })).toBe(false);
  });

  test.prop([leaves, spot, spot])('shows that it goes on from any size it had', async (all, one, other) => {
    const size = 1 + (one % all.length);
    const first = 1 + (other % size);
    const path = await consistencyPath(nodesOf(all), first, size);
    const [firstRoot, root] = [mth(all.slice(0, first)), mth(all.slice(0, size))];
    const proof = { first, size, path, firstRoot, root };
    expect(await consistent(proof)).toBe(true);
    expect(await consistent({ ...proof, firstRoot: elsewhere })).toBe(false);
    expect(await consistent({ ...proof, root: elsewhere })).toBe(false);
    expect(await consistent({ ...proof, path: [...path, root] })).toBe(false);
  });

  it.each([
    [-1, 3],
    [3, 3],
    [0, 0],
  ])('has no path for leaf %i of %i', (index, size) => {
    expect(() => inclusionPath(nodesOf(known), index, size)).toThrow(RangeError);
  });

  it.each([
    [0, 3],
    [4, 3],
  ])('has no path from %i to %i leaves', (first, size) => {
    expect(() => consistencyPath(nodesOf(known), first, size)).toThrow(RangeError);
  });
});
