import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chainHash } from '#application/log/canonical.ts';
import { noteOf, type SignedCheckpoint } from '#application/log/checkpoint.ts';
import { rebuildTree } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { loadLogKeys } from '#infrastructure/sealing/keys.ts';
import { openLog, openViews } from '../../../src/stores.ts';
import { inFile, named, openScene, rewrite, type StoredEvent, storedEvents } from '../../support/loggedScene.ts';
import { verified } from '../../support/verified.ts';

let scene: Awaited<ReturnType<typeof openScene>>;
let directory: string;
let events: readonly StoredEvent[];

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.remove());
beforeEach(() => {
  directory = scene.copy();
  events = storedEvents(directory);
});

const at = (position: number): StoredEvent => {
  const event = events.find((one) => one.position === position);
  if (event === undefined) throw new Error(`There is no event ${position}.`);
  return event;
};
const said = async (note?: string): Promise<string> => (await verified({ directory }, note)).join('\n');
const execute = (...statements: readonly string[]): void =>
  inFile(directory, 'events.sqlite', (database) => {
    for (const statement of statements) database.exec(statement);
  });

/** The next event of the same stream. */
const nextOf = ({ stream, revision }: StoredEvent): StoredEvent => {
  const next = events.find((one) => one.stream === stream && one.revision === revision + 1);
  if (next === undefined) throw new Error(`${stream} ends at ${revision}.`);
  return next;
};

/** Writes every link of the chains anew, as someone would who knows how. */
const rechain = (): void => {
  const last = new Map<string, StoredEvent>();
  for (const event of storedEvents(directory)) {
    const before = last.get(event.stream);
    const meta = before === undefined ? event.meta : { ...event.meta, previous: chainHash(before) };
    rewrite(directory, event, { meta });
    last.set(event.stream, { ...event, meta });
  }
};

/** Makes the kept hashes anew of what the log now says. */
const rebuildTiles = async (): Promise<void> => {
  const eventStore = await openLog({ directory }, true);
  const viewStore = await openViews({ directory });
  await rebuildTree({ eventStore, viewStore, upcast, onProgress: () => undefined });
  await viewStore.close();
  await eventStore.close();
};

/** A checkpoint of the log as it is now, as someone keeps it elsewhere. */
const savedNote = (number: number): string => {
  const event = events.filter(({ type }) => type === 'CheckpointSigned.v1')[number - 1];
  const file = join(directory, 'note.txt');
  writeFileSync(file, noteOf(event?.data as unknown as SignedCheckpoint));
  return file;
};

const checkpoints = (): readonly StoredEvent[] => events.filter(({ type }) => type === 'CheckpointSigned.v1');

describe('verify-log', () => {
  it('finds a log sound that nobody changed, with or without its kept hashes', async () => {
    expect(checkpoints()).toHaveLength(2);
    expect(events.length).toBeGreaterThan(28);
    expect(await verified({ directory }, savedNote(1))).toEqual([]);
    inFile(directory, 'views.sqlite', (database) => database.exec('delete from "view logTile 1"'));
    expect(await verified({ directory })).toEqual([]);
  });

  it('finds it sound though personal data were erased: the log holds sealed text only', async () => {
    inFile(directory, 'keys.sqlite', (database) => {
      const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
      for (const { name } of tables) database.exec(`delete from "${String(name)}"`);
    });
    expect(await verified({ directory })).toEqual([]);
  });
});

describe('an event that is altered', () => {
  it('is named by the chain, by the kept hashes and by the checkpoint', async () => {
    const event = at(3);
    rewrite(directory, event, { data: { parity: 2 } });
    const text = await said();
    expect(text).toContain(`Event ${named(event)} was altered. A checkpoint proves what it was.`);
    expect(text).toContain(
      `Event ${named(event)} is not the one that the next of its stream, ${named(nextOf(event))}, names`,
    );
    expect(text).toMatch(
      /Checkpoint 1 \(\d+ events\) does not fit the log, checkpoint 0 \(0 events\) does: between them, at positions 1 to/,
    );
  });

  it('is named though every link of the chain was written anew', async () => {
    const event = at(3);
    rewrite(directory, event, { data: { parity: 2 } });
    rechain();
    const text = await said();
    expect(text).toContain(`Event ${named(event)} was altered. A checkpoint proves what it was.`);
    expect(text).not.toContain('is not the one that the next of its stream');
  });

  it('lies between two checkpoints where the kept hashes were made anew as well', async () => {
    const between = events.find(({ position }) => position > (checkpoints()[0]?.position ?? 0) + 1);
    if (between === undefined) throw new Error('There is none.');
    rewrite(directory, between, { data: { office: '520103001' } });
    rechain();
    await rebuildTiles();
    const text = await said();
    expect(text).toMatch(/^[^\n]*Checkpoint 2 \(\d+ events\) does not fit the log, checkpoint 1 \(\d+ events\) does/);
    const [, from, to] = /at positions (\d+) to (\d+)/.exec(text) ?? [];
    expect(Number(from)).toBeLessThanOrEqual(between.position);
    expect(Number(to)).toBeGreaterThanOrEqual(between.position);
    expect(text.split('\n')).toHaveLength(1);
  });

  it('is named among those that no checkpoint covers yet', async () => {
    const last = events.at(-1);
    if (last === undefined) throw new Error('There is none.');
    rewrite(directory, last, { data: { office: '520103001' } });
    expect(await said()).toContain(`Event ${named(last)} was altered. Or the hash kept of it was`);
  });

  it('is named by each of several that were', async () => {
    const altered = [at(2), at(6), at(20)];
    for (const event of altered) rewrite(directory, event, { meta: { actor: { kind: 'system', name: 'x' } } });
    const text = await said();
    for (const event of altered) expect(text).toContain(`Event ${named(event)} was altered.`);
    expect(text).toContain('So do the 1 checkpoints after it');
  });

  it('is named though it still reads the same: its id, its type', async () => {
    const [one, other] = [at(4), at(5)];
    execute(
      `update events set event_id = x'019f00000000700080000000000000ff' where position = ${one.position}`,
      `update events set type = 'Amended.v2' where position = ${other.position}`,
    );
    const text = await said();
    expect(text).toContain(`Event ${named(one)} was altered.`);
    expect(text).toContain(`Event ${named({ ...other, type: 'Amended.v2' })} was altered.`);
  });
});

describe('an event that is dropped', () => {
  it('is missing in its stream and in its place', async () => {
    const event = at(6);
    execute(`delete from events where position = ${event.position}`);
    const text = await said();
    expect(text).toContain(
      `After ${named(at(5))} an event was dropped: number 6 of the log. A checkpoint proves what it was.`,
    );
    expect(text).toContain(`stands event ${named(nextOf(event))}: events are dropped.`);
  });

  it('is missed though what follows was moved up into its place', async () => {
    const event = at(6);
    const later = nextOf(event);
    execute(
      `delete from events where position = ${event.position}`,
      `update events set version = version - 1 where stream = (select id from streams where name = '${event.stream}') and version > ${event.revision}`,
      ...events
        .filter(({ position }) => position > event.position)
        .map(({ position }) => `update events set position = ${position - 1} where position = ${position}`),
    );
    rechain();
    const text = await said();
    expect(text).toContain(
      `After ${named(at(5))} an event was dropped: number 6 of the log. A checkpoint proves what it was.`,
    );
    expect(text).toContain(
      `Event ${named({ ...later, position: later.position - 1, revision: later.revision - 1 })} was altered.`,
    );
  });

  it('is missed at the end of the log by its kept hash, and by a checkpoint saved elsewhere', async () => {
    const note = savedNote(2);
    const [, last] = checkpoints();
    execute(`delete from events where position >= ${(last?.position ?? 0) - 3}`);
    expect(await said()).toMatch(/After \d+ \([^)]+\) an event was dropped: number \d+ of the log/);
    await rebuildTiles().catch(() => undefined);
    inFile(directory, 'views.sqlite', (database) => database.exec('delete from "view logTile 1"'));
    expect(await said()).toBe('');
    expect(await said(note)).toMatch(
      /The log has \d+ events, the checkpoint given has \d+: the end of the log was cut off\./,
    );
  });
});

describe('events that are reordered', () => {
  const swap = (one: StoredEvent, other: StoredEvent): void =>
    execute(
      `update events set position = -1 where position = ${one.position}`,
      `update events set position = ${one.position} where position = ${other.position}`,
      `update events set position = ${other.position} where position = -1`,
    );

  it('between streams are named by where they stand now', async () => {
    swap(at(2), at(7));
    const text = await said();
    expect(text).toContain(`Event ${named({ ...at(7), position: 2 })} was moved here`);
    expect(text).toContain(`Event ${named({ ...at(2), position: 7 })} was moved here`);
    expect(text).not.toContain('was altered.');
  });

  it('within a stream are out of order there', async () => {
    const one = at(5);
    swap(one, nextOf(one));
    expect(await said()).toContain(
      `stands event ${named({ ...nextOf(one), position: one.position })}: events are dropped.`,
    );
  });
});

describe('an event that is inserted', () => {
  it('is named', async () => {
    execute(
      ...events
        .filter(({ position }) => position > 5)
        .toReversed()
        .map(({ position }) => `update events set position = ${position + 1} where position = ${position}`),
      `insert into streams (id, name) values (999, 'couple-inserted')`,
      `insert into events select 6, 999, 0, type, x'019f00000000700080000000000000ff', at, data, meta from events where position = 1`,
    );
    const text = await said();
    expect(text).toContain('Event 6 (couple-inserted @0, Submitted.v1) was inserted. A checkpoint proves what it was.');
    expect(text).not.toMatch(/was altered\. A|dropped after/);
  });
});

describe('an event that is back-dated', () => {
  const backDated = (event: StoredEvent): void =>
    rewrite(directory, event, { meta: { at: '2026-11-20T02:00:00.000Z' } });

  it('is named as altered, and by its stream', async () => {
    const event = nextOf(at(3));
    backDated(event);
    rechain();
    const text = await said();
    expect(text).toContain(`Event ${named(event)} was altered.`);
    expect(text).toContain(`Event ${named(event)} says it happened before the one before it in its stream`);
  });

  it('or forged into the log after a checkpoint is named by that', async () => {
    const first = events.find(
      ({ position, revision }) => position > (checkpoints()[0]?.position ?? 0) && revision === 0,
    );
    if (first === undefined) throw new Error('There is none.');
    backDated(first);
    rechain();
    await rebuildTiles();
    expect(await said()).toContain(
      `Event ${named(first)} says it happened at 2026-11-20T02:00:00.000Z, but stands after checkpoint 1`,
    );
  });

  it('or dated later than the checkpoint after it is named by that', async () => {
    const last = at(4);
    rewrite(directory, last, { meta: { at: '2026-12-20T02:00:00.000Z' } });
    expect(await said()).toContain(
      `Event ${named(last)} says it happened at 2026-12-20T02:00:00.000Z, but stands before checkpoint 1`,
    );
  });
});

describe('a checkpoint that is', () => {
  it('altered no longer has its signature', async () => {
    const [first] = checkpoints();
    if (first === undefined) throw new Error('There is none.');
    rewrite(directory, first, { data: { root: Buffer.alloc(32).toString('base64') } });
    const text = await said();
    expect(text).toContain('Checkpoint 1 was not signed with a key in keys/');
    expect(text).toContain(`Event ${named(first)} was altered. A checkpoint proves what it was.`);
  });

  it('dropped leaves a gap in their numbers', async () => {
    const [first] = checkpoints();
    execute(`delete from events where position = ${first?.position}`);
    expect(await said()).toContain('After checkpoint 0 stands 2: checkpoints were dropped or reordered.');
  });

  it('signed by another key is not the platform’s, even over a log that fits', async () => {
    const stranger = checkpointKeys(loadLogKeys(scene.copy()));
    const [first] = checkpoints();
    if (first === undefined) throw new Error('There is none.');
    rewrite(directory, first, { data: { ...first.data, size: 1 } });
    expect(stranger.verify(first.data as never)).toBe(true);
    expect(await said()).toContain('Checkpoint 1 was not signed with a key in keys/');
  });

  it('saved elsewhere tells a log that was exchanged whole', async () => {
    const note = savedNote(2);
    const own = await verified({ directory }, note);
    expect(own).toEqual([]);
    rewrite(directory, at(1), { data: { parity: 2 } });
    expect(await said(note)).toContain(
      'are not those that the checkpoint given was signed of: the log was changed since.',
    );
    writeFileSync(note, 'no checkpoint');
    await expect(verified({ directory }, note)).rejects.toThrow('is no checkpoint');
  });
});

describe('a kept hash', () => {
  const alter = (id: string, statement: string): void =>
    inFile(directory, 'views.sqlite', (database) => database.exec(`${statement} where id = '${id}'`));

  it('that was altered is told from an event that was', async () => {
    alter(
      '0-000000000000',
      `update "view logTile 1" set json = json_set(json, '$.hashes', 'AAAA' || substr(json ->> '$.hashes', 5))`,
    );
    const text = await said();
    expect(text).toContain(
      'Tile 0-000000000000 was altered in the view store at hash 1; its event is as it was signed: run npm run rebuild logTile.',
    );
    expect(text).not.toContain('Event 1 ');
    await rebuildTiles();
    expect(await said()).toBe('');
  });
});

describe('a log from before there was a chain', () => {
  it('is sound as far as its streams begin unchained, and no further', async () => {
    const unchained = (event: StoredEvent) => {
      const { previous: _, ...meta } = event.meta;
      inFile(directory, 'events.sqlite', (database) =>
        database.prepare('update events set meta = ? where position = ?').run(JSON.stringify(meta), event.position),
      );
    };
    inFile(directory, 'views.sqlite', (database) => database.exec('delete from "view logTile 1"'));
    execute(`delete from events where type = 'CheckpointSigned.v1'`);
    const [second, last] = [nextOf(at(1)), nextOf(nextOf(at(1)))];
    unchained(second);
    rewrite(directory, last, {
      meta: {
        previous: chainHash(storedEvents(directory).find(({ position }) => position === second.position) ?? second),
      },
    });
    expect(await said()).toBe('');
    unchained(last);
    expect(await said()).toBe('');
    rewrite(directory, second, {});
    expect(await said()).toContain(
      `Event ${named(second)} is not the one that the next of its stream, ${named(last)}, names`,
    );
  });
});
