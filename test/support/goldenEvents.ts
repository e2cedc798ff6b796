import { createSecretKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '#application/actor.ts';
import { encode, type OpenedEvent } from '#application/eventCodec.ts';
import type { DataKey, DataKeys, RecordedEvent } from '#application/ports.ts';
import { storedType } from '#domain/eventVersions.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { samples, variants } from './goldenSamples.ts';

/** A golden file: an event as the log holds it, and what it must be when opened by any later version. */
export type GoldenEvent = { stored: RecordedEvent; opened: OpenedEvent };

const folder = join(import.meta.dirname, '../fixtures/events');
const keyOf = (fill: number) => createSecretKey(Buffer.alloc(32, fill));
const dataKey: DataKey = { id: 'golden-key', key: keyOf(1) };

/** The only data key of the golden files, or none once it is destroyed. */
export const goldenDataKeys = (destroyed = false): DataKeys => ({
  next: async () => dataKey,
  find: async (id) => (id === dataKey.id && !destroyed ? dataKey : undefined),
  destroy: async () => undefined,
  rewrap: async () => undefined,
  kept: async () => [],
  keep: async () => undefined,
  close: async () => undefined,
});

/** What opens the golden files; with the data key destroyed, what no longer does. */
export const goldenSealing = (destroyed = false) =>
  createSealing({ master: keyOf(2), lookup: keyOf(3), signing: {}, retired: [] }, goldenDataKeys(destroyed));

/** Every golden file by the stored type in its name, such as `Submitted.v1`. */
export const goldenEvents = (): ReadonlyMap<string, GoldenEvent> =>
  new Map(
    readdirSync(folder)
      .toSorted()
      .map((file) => [
        file.replace(/\.json$/, ''),
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenEvent,
      ]),
  );

const golden = (stream: string, event: { type: string; data: object }): GoldenEvent => {
  const actor: Actor = { kind: 'system', name: 'golden' };
  const meta = { at: '2026-11-24T02:00:00.000Z', actor, commandId: '019f0000-0000-7000-8000-000000000000' };
  const [made] = encode([event], { stream, last: undefined, meta, key: dataKey, sealing: goldenSealing(), first: 0 });
  if (made === undefined) throw new Error(`${event.type} was not encoded`);
  const place = { revision: 3, position: 7 };
  return {
    stored: { ...made, stream, ...place, at: meta.at },
    opened: { ...event, meta, ...place, erased: false },
  };
};

/** Writes the files that are missing, and never over one that is there: those are what old logs hold. */
const writeMissing = (): void => {
  const named = Object.entries(samples).map(([type, sample]) => [storedType(type), { ...sample, type }] as const);
  for (const [name, { type, stream, data }] of [...named, ...Object.entries(variants)]) {
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(golden(stream, { type, data }), undefined, 2)}\n`);
  }
};

if (import.meta.main) writeMissing();
