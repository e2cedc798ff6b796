import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chainHash } from '#application/log/canonical.ts';
import type { Checkpoint } from '#application/log/checkpoint.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { harmedLog } from '../../support/harmedLog.ts';
import { inFile, named, type StoredEvent, storedEvents } from '../../support/loggedScene.ts';

const { directory, at, checkpoint, nextOf, said, execute, rewrite, rebuildTiles, dropTiles, savedNote } = harmedLog();

describe('a checkpoint that is', () => {
  it('altered no longer has its signature', async () => {
    const first = checkpoint(1);
    rewrite(first, { data: { root: Buffer.alloc(32).toString('base64') } });
    const text = await said();
    expect(text).toContain('Checkpoint 1 was not signed with a key in keys/');
    expect(text).toContain(`Event ${named(first)} was altered. A checkpoint proves what it was.`);
  });

  it('dropped leaves a gap in their numbers', async () => {
    const first = checkpoint(1);
    execute(`delete from events where position = ${first.position}`);
    expect(await said()).toContain('After checkpoint 0 stands 2: checkpoints were dropped or reordered.');
  });

  it('signed by another key is not the platform’s, even over a log that fits', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = privateKey.export({ format: 'jwk' }) as webcrypto.JsonWebKey;
    const first = checkpoint(1);
    const { origin, size, root } = first.data as unknown as Checkpoint;
    rewrite(first, { data: checkpointKeys({ signing: key, retired: [] }).sign({ origin, size, root }) });
    expect(await said()).toContain('Checkpoint 1 was not signed with a key in keys/');
  });

  it('saved elsewhere tells a log that was exchanged whole', async () => {
    const note = savedNote(2);
    expect(await said(note)).toBe('');
    rewrite(at(1), { data: { parity: 2 } });
    expect(await said(note)).toContain(
      'are not those that the checkpoint given was signed of: the log was changed since.',
    );
    writeFileSync(note, 'no checkpoint');
    await expect(said(note)).rejects.toThrow('is no checkpoint');
  });
});

describe('a kept hash', () => {
  const alter = (id: string, statement: string): void =>
    inFile(directory(), 'views.sqlite', (database) => database.exec(`${statement} where id = '${id}'`));

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
      inFile(directory(), 'events.sqlite', (database) =>
        database.prepare('update events set meta = ? where position = ?').run(JSON.stringify(meta), event.position),
      );
    };
    dropTiles();
    execute(`delete from events where type = 'CheckpointSigned.v1'`);
    const [second, last] = [nextOf(at(1)), nextOf(nextOf(at(1)))];
    unchained(second);
    rewrite(last, {
      meta: {
        previous: chainHash(storedEvents(directory()).find(({ position }) => position === second.position) ?? second),
      },
    });
    expect(await said()).toBe('');
    unchained(last);
    expect(await said()).toBe('');
    rewrite(second, {});
    expect(await said()).toContain(
      `Event ${named(second)} is not the one that the next of its stream, ${named(last)}, names`,
    );
  });
});
