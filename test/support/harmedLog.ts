import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { chainHash } from '#application/log/canonical.ts';
import { noteOf, type SignedCheckpoint } from '#application/log/checkpoint.ts';
import { rebuildTree } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { openLog, openViews } from '../../src/stores.ts';
import { inFile, openScene, rewrite, type StoredEvent, storedEvents } from './loggedScene.ts';
import { verified } from './verified.ts';

/** A log with two checkpoints, a fresh copy of it for every test of a file, and ways to do it harm. */
export const harmedLog = () => {
  let scene: Awaited<ReturnType<typeof openScene>>;
  let directory: string;
  let events: readonly StoredEvent[];
  const anew = (): void => {
    directory = scene.copy();
    events = storedEvents(directory);
  };
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.remove());
  beforeEach(anew);

  const at = (position: number): StoredEvent => {
    const event = events.find((one) => one.position === position);
    if (event === undefined) throw new Error(`There is no event ${position}.`);
    return event;
  };
  const checkpoint = (number: number): StoredEvent => {
    const found = events.filter(({ type }) => type === 'CheckpointSigned.v1')[number - 1];
    if (found === undefined) throw new Error(`There is no checkpoint ${number}.`);
    return found;
  };
  return {
    anew,
    directory: () => directory,
    events: () => events,
    at,
    checkpoint,
    /** The next event of the same stream. */
    nextOf: ({ stream, revision }: StoredEvent): StoredEvent => {
      const next = events.find((one) => one.stream === stream && one.revision === revision + 1);
      if (next === undefined) throw new Error(`${stream} ends at ${revision}.`);
      return next;
    },
    /** All that verify-log finds, line by line. */
    said: async (note?: string): Promise<string> => (await verified({ directory }, note)).join('\n'),
    execute: (...statements: readonly string[]): void =>
      inFile(directory, 'events.sqlite', (database) => {
        for (const statement of statements) database.exec(statement);
      }),
    rewrite: (event: StoredEvent, change: Parameters<typeof rewrite>[2]): void => rewrite(directory, event, change),
    /** Writes every link of the chains anew, as someone would who knows how. */
    rechain: (): void => {
      const last = new Map<string, StoredEvent>();
      for (const event of storedEvents(directory)) {
        const before = last.get(event.stream);
        const meta = before === undefined ? event.meta : { ...event.meta, previous: chainHash(before) };
        rewrite(directory, event, { meta });
        last.set(event.stream, { ...event, meta });
      }
    },
    /** Makes the kept hashes anew of what the log now says. */
    rebuildTiles: async (): Promise<void> => {
      const eventStore = await openLog({ directory }, true);
      const viewStore = await openViews({ directory });
      await rebuildTree({ eventStore, viewStore, upcast, onProgress: () => undefined });
      await viewStore.close();
      await eventStore.close();
    },
    dropTiles: (): void =>
      inFile(directory, 'views.sqlite', (database) => database.exec('delete from "view logTile 1"')),
    /** A checkpoint as someone keeps it elsewhere. */
    savedNote: (number: number): string => {
      const file = join(directory, 'note.txt');
      writeFileSync(file, noteOf(checkpoint(number).data as unknown as SignedCheckpoint));
      return file;
    },
  };
};
