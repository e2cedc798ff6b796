import type { DataKey } from './ports.ts';

/**
 * Personal data at rest (DESIGN.md idea 7). `context` binds a sealed text to its place: opened elsewhere it is a fault
 * (`SealBroken`). Look-up keys are HMACs: equal texts, equal keys, nothing readable.
 */
export type Sealing = {
  seal: (dataKey: DataKey, value: unknown, context: string) => string;
  /** Undefined once the data key is destroyed. */
  open: (sealed: string, context: string) => Promise<unknown | undefined>;
  /** Seals bytes as they are; `openBytes` is undefined once the data key is destroyed. */
  sealBytes: (dataKey: DataKey, bytes: Uint8Array, context: string) => Uint8Array;
  openBytes: (sealed: Uint8Array, context: string) => Promise<Uint8Array | undefined>;
  /** Id of the data key that a text is sealed with. */
  keyOf: (sealed: string) => string;
  lookupKey: (kind: string, text: string) => string;
  /** The random part of a registration's query code; the same for the same id. */
  queryCodeBytes: (registrationId: string) => Uint8Array;
  /** Seals short-lived state (drafts, look-ups) under a key of the platform's own. */
  sealTransient: (value: unknown, context: string) => string;
  /** Undefined where it was sealed elsewhere or altered, or the platform's key was replaced since: as if it had ended. */
  openTransient: (sealed: string, context: string) => unknown | undefined;
};

/** A sealed text was altered, moved, or sealed with another key. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}
