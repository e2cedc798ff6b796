import { canonicalText } from '#application/log/canonical.ts';
import { leafHash } from '#application/log/merkle.ts';
import { placeOf } from './auditChain.ts';
import { type ReadLog, readOn } from './checkLog.ts';
import { createFindings } from './findings.ts';
import type { KeptLeaves } from './keptLeaves.ts';

/** An event as far as it is compared: its leaf hash, base64, and how an operator finds it. */
export type Entry = { hash: string; place: string };

/** Where to begin: the index of an event, the event before it and its position, and the last position to look at. */
export type Start = { index: number; after: number; before: string; end: number };

/** How far ahead both sides are known, at least. */
export const ahead = 2000;

/** Log and kept hashes side by side: what comes next in each. */
export type Sides = {
  events: readonly Entry[];
  hashes: readonly string[];
  /** Index of the next kept hash, and the event that was passed last. */
  index: () => number;
  before: () => string;
  fill: () => Promise<void>;
  pass: (events: number, hashes: number) => void;
};

/** Opens both sides at a place. */
export const openSides = (log: ReadLog, kept: KeptLeaves, { index: first, after, before, end }: Start): Sides => {
  const events: Entry[] = [];
  const hashes: string[] = [];
  const at = { index: first, read: first, position: after, before };
  const fillEvents = async (): Promise<void> => {
    // What cannot be read was told before.
    const more = await readOn(log, at.position, createFindings());
    at.position = more.at(-1)?.position ?? at.position;
    for (const event of more.filter(({ position }) => position <= end)) {
      events.push({ hash: leafHash(canonicalText(event)).toString('base64'), place: placeOf(event) });
    }
  };
  const fillHashes = async (): Promise<void> => {
    const more = await kept.slice(at.read, ahead);
    at.read += more.length;
    for (const hash of more) hashes.push(hash?.toString('base64') ?? 'missing');
  };
  return {
    events,
    hashes,
    index: () => at.index,
    before: () => at.before,
    fill: async () => {
      if (events.length < ahead) await fillEvents();
      if (hashes.length < ahead) await fillHashes();
    },
    pass: (eventCount, hashCount) => {
      at.before = events.splice(0, eventCount).at(-1)?.place ?? at.before;
      at.index += hashes.splice(0, hashCount).length;
    },
  };
};
