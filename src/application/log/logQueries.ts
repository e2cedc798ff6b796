import type { CheckpointRow } from '#projections/logCheckpoint.ts';
import { codeIn } from '../certificateCodes.ts';
import type { Verification } from '../certificateQueries.ts';
import type { Deps } from '../deps.ts';
import type { RecordedEvent } from '../ports.ts';
import { canonicalText } from './canonical.ts';
import { noteOf, originOf } from './checkpoint.ts';
import { consistencyPath, hashLength, inclusionPath, leafHash } from './merkle.ts';
import { hashesOf, logTiles, storedNodes, tileAround, tileWidth } from './tiles.ts';

/** That an event stands in the log: hashes are base64, the path leads from the leaf to the root of the checkpoint. */
export type InclusionProof = {
  checkpoint: string;
  index: number;
  path: readonly string[];
  leafHash: string;
  /** The event's canonical text; only for who holds the certificate's signed code. */
  leaf?: string;
};

/** That the log of one checkpoint goes on from that of an earlier one. */
export type ConsistencyProof = { from: string; to: string; path: readonly string[] };

/** A proof about a certificate; `waiting` until the next checkpoint covers it. */
export type CertificateProof =
  | { outcome: 'proven'; number: string; at: string; checkpoint: CheckpointRow; proof: InclusionProof }
  | { outcome: 'waiting'; number: string }
  | { outcome: 'unknown' };

const pageSize = 20;

const base64 = (hashes: readonly Buffer[]): readonly string[] => hashes.map((hash) => hash.toString('base64'));

/** Which leaf an event is; undefined while the tree has not come to it. Throws where the tree has another in its place. */
const indexOf = async ({ viewStore }: Deps, event: RecordedEvent, leaf: Buffer): Promise<number | undefined> => {
  const tile = await tileAround(viewStore, event.position);
  const hashes = tile === undefined ? Buffer.alloc(0) : hashesOf(tile);
  for (let at = 0; at < hashes.length; at += hashLength) {
    if (leaf.equals(hashes.subarray(at, at + hashLength))) return (tile?.tile ?? 0) * tileWidth + at / hashLength;
  }
  if ((await viewStore.checkpoint({ view: logTiles.name })) < event.position) return undefined;
  throw new Error(`Event ${event.position} of ${event.stream} is not the one in the tree: run npm run verify-log.`);
};

const rowsOf = async (deps: Deps, query: object) => {
  const { rows, next } = await deps.viewStore.find('logCheckpoint', {
    index: 'number',
    equals: [],
    descending: true,
    limit: pageSize,
    ...query,
  });
  return { rows: rows as unknown as readonly CheckpointRow[], next };
};

/** What anyone may ask of the log without seeing what is in it: checkpoints, keys, proofs. */
export const logQueries = (deps: Deps, verify: (text: string) => Promise<Verification>) => {
  const latest = async (): Promise<CheckpointRow | undefined> => (await rowsOf(deps, { limit: 1 })).rows[0];
  const ofSize = async (size: number): Promise<CheckpointRow | undefined> =>
    (await rowsOf(deps, { index: 'size', equals: [size], descending: false, limit: 1 })).rows[0];

  const proofOf = async (event: RecordedEvent, checkpoint: CheckpointRow, withLeaf: boolean) => {
    const leaf = canonicalText(event);
    const hash = leafHash(leaf);
    const index = await indexOf(deps, event, hash);
    if (index === undefined || index >= checkpoint.size) return undefined;
    const path = base64(await inclusionPath(storedNodes(deps.viewStore), index, checkpoint.size));
    const proof = { checkpoint: noteOf(checkpoint), index, path, leafHash: hash.toString('base64') };
    return withLeaf ? { ...proof, leaf } : proof;
  };

  return {
    latest,

    /** Checkpoints, newest first, a page at a time. */
    checkpoints: (after?: string, limit = pageSize) =>
      rowsOf(deps, { limit, ...(after === undefined ? {} : { after }) }),

    checkpoint: async (number: number): Promise<CheckpointRow | undefined> =>
      (await deps.viewStore.get('logCheckpoint', [String(number)]))[0] as unknown as CheckpointRow | undefined,

    /** The public keys that checkpoints verify with, the one in use first. */
    keys: async (): Promise<readonly string[]> =>
      deps.checkpointKeys.published((await latest())?.origin ?? originOf(deps.publicUrl)),

    /**
     * That the issuing of a certificate stands in the log, by number or signed code. The event itself goes to who has the
     * code alone: it holds the digest of both names, from which a number could be told whose it is.
     */
    proof: async (text: string): Promise<CertificateProof> => {
      const verified = await verify(text);
      if (verified.outcome === 'unknown' || verified.outcome === 'forged') return { outcome: 'unknown' };
      const { number } = verified;
      const [issued] = await deps.eventStore.readStream(`certificate-${number}`);
      const checkpoint = await latest();
      if (issued === undefined || checkpoint === undefined) return { outcome: 'waiting', number };
      const proof = await proofOf(issued, checkpoint, codeIn(text) !== undefined);
      if (proof === undefined) return { outcome: 'waiting', number };
      return { outcome: 'proven', number, at: String(issued.meta['at']), checkpoint, proof };
    },

    /** That the log of the later of two checkpoints, by their sizes, goes on from the earlier; undefined: there is no such. */
    consistency: async (one: number, other: number): Promise<ConsistencyProof | undefined> => {
      const [from, to] = [await ofSize(Math.min(one, other)), await ofSize(Math.max(one, other))];
      if (from === undefined || to === undefined) return undefined;
      const path = base64(await consistencyPath(storedNodes(deps.viewStore), from.size, to.size));
      return { from: noteOf(from), to: noteOf(to), path };
    },
  };
};
