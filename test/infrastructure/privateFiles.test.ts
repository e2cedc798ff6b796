import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openForWriting } from '#infrastructure/sqlite/eventStoreSchema.ts';
import { openViewDatabase } from '#infrastructure/sqlite/viewDatabase.ts';
import { requireWritable } from '#infrastructure/writable.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'private-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test('the data directory and every file of its stores are made for this user alone, whatever the umask', async () => {
  const before = process.umask(0o022);
  const directory = join(parent, 'new', 'data');
  try {
    requireWritable(directory);
    const log = openForWriting(join(directory, 'events.sqlite'));
    const views = openViewDatabase(join(directory, 'views.sqlite'), { cacheKib: 100 });
    views.exec('CREATE TABLE t (x)');
    const files = await readdir(directory);
    expect(files).toEqual(expect.arrayContaining(['events.sqlite', 'views.sqlite', 'views.sqlite-wal']));
    const modes = await Promise.all(files.map(async (file) => [file, await modeOf(join(directory, file))]));
    expect(modes).toEqual(files.map((file) => [file, '600']));
    expect(await modeOf(directory)).toBe('700');
    log.close();
    views.close();
  } finally {
    process.umask(before);
  }
});
