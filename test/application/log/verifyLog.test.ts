import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { harmedLog } from '../../support/harmedLog.ts';
import { inFile, named, type StoredEvent } from '../../support/loggedScene.ts';

const {
  anew,
  directory,
  events,
  at,
  checkpoint,
  nextOf,
  said,
  execute,
  rewrite,
  rechain,
  rebuildTiles,
  dropTiles,
  savedNote,
} = harmedLog();

describe('verify-log', () => {
  it('finds a log sound that nobody changed, with or without its kept hashes', async () => {
    expect(checkpoint(2).data).toMatchObject({ number: 2 });
    expect(events().length).toBeGreaterThan(28);
    expect(await said(savedNote(1))).toBe('');
    dropTiles();
    expect(await said()).toBe('');
  });

  it('finds it sound though personal data were erased: the log holds sealed text only', async () => {
    inFile(directory(), 'keys.sqlite', (database) => {
      const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
      for (const { name } of tables) database.exec(`delete from "${String(name)}"`);
    });
    expect(await said()).toBe('');
  });
});

/** Ways to harm one event, and what verify-log must then say of it. */
const harms: Readonly<Record<string, (event: StoredEvent) => string>> = {
  data: (event) => {
    rewrite(event, { data: { harmed: true } });
    return `Event ${named(event)} was altered.`;
  },
  actor: (event) => {
    rewrite(event, { meta: { actor: { kind: 'staff', account: 'nobody', office: '520111004' } } });
    return `Event ${named(event)} was altered.`;
  },
  time: (event) => {
    rewrite(event, { meta: { at: '2026-11-23T00:00:00.000Z' } });
    return `Event ${named(event)} was altered.`;
  },
  stream: (event) => {
    execute(
      `insert or ignore into streams (id, name) values (998, 'registration-elsewhere')`,
      `update events set stream = 998, version = 0 where position = ${event.position}`,
    );
    return `Event ${named({ ...event, stream: 'registration-elsewhere', revision: 0 })} was altered.`;
  },
  drop: ({ position }) => {
    execute(`delete from events where position = ${position}`);
    return `an event was dropped: number ${position} of the log.`;
  },
};

describe('any event', () => {
  test.prop([fc.nat(1000), fc.constantFrom(...Object.keys(harms)), fc.boolean()], { numRuns: 20 })(
    'that is harmed in any way is named, whether the chain was written anew or not',
    async (place, harm, knowing) => {
      anew();
      const expected = harms[harm]?.(at(1 + (place % events().length))) ?? '';
      if (knowing) rechain();
      expect(await said()).toContain(expected);
    },
  );
});

describe('an event that is altered', () => {
  it('is named by the chain, by the kept hashes and by the checkpoint', async () => {
    const event = at(3);
    rewrite(event, { data: { parity: 2 } });
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
    rewrite(event, { data: { parity: 2 } });
    rechain();
    const text = await said();
    expect(text).toContain(`Event ${named(event)} was altered. A checkpoint proves what it was.`);
    expect(text).not.toContain('is not the one that the next of its stream');
  });

  it('lies between two checkpoints where the kept hashes were made anew as well', async () => {
    const between = events().find(({ position }) => position > checkpoint(1).position + 1);
    if (between === undefined) throw new Error('There is none.');
    rewrite(between, { data: { office: '520103001' } });
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
    const last = events().at(-1);
    if (last === undefined) throw new Error('There is none.');
    rewrite(last, { data: { office: '520103001' } });
    expect(await said()).toContain(`Event ${named(last)} was altered. Or the hash kept of it was`);
  });

  it('is named by each of several that were', async () => {
    const altered = [at(2), at(6), at(20)];
    for (const event of altered) rewrite(event, { meta: { actor: { kind: 'system', name: 'x' } } });
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
      ...events()
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
    execute(`delete from events where position >= ${checkpoint(2).position - 3}`);
    expect(await said()).toMatch(/After \d+ \([^)]+\) an event was dropped: number \d+ of the log/);
    await rebuildTiles().catch(() => undefined);
    dropTiles();
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
      ...events()
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
  const backDated = (event: StoredEvent): void => rewrite(event, { meta: { at: '2026-11-20T02:00:00.000Z' } });

  it('is named as altered, and by its stream', async () => {
    const event = nextOf(at(3));
    backDated(event);
    rechain();
    const text = await said();
    expect(text).toContain(`Event ${named(event)} was altered.`);
    expect(text).toContain(`Event ${named(event)} says it happened before the one before it in its stream`);
  });

  it('or forged into the log after a checkpoint is named by that', async () => {
    const first = events().find(({ position, revision }) => position > checkpoint(1).position && revision === 0);
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
    rewrite(last, { meta: { at: '2026-12-20T02:00:00.000Z' } });
    expect(await said()).toContain(
      `Event ${named(last)} says it happened at 2026-12-20T02:00:00.000Z, but stands before checkpoint 1`,
    );
  });
});
