import { randomUUID } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStores } from '../../src/stores.ts';
import { temporaryFolder } from '../support/operations.ts';

let place: ReturnType<typeof temporaryFolder>;

const pageSize = 4096;
const path = (file: string) => join(place.folder, file);

/** A platform with so many events in its log, its views folded up to them, closed again. */
const filled = async (count: number): Promise<void> => {
  const stores = await openStores({ directory: place.folder });
  const data = { text: 'x'.repeat(1000) };
  const events = Array.from({ length: count }, () => ({ id: randomUUID(), type: 'Happened', data, meta: {} }));
  await stores.eventStore.append(`thing-${randomUUID()}`, 'none', events);
  await stores.viewStore.commit({ view: 'registration' }, [], count);
  await stores.transientStore.put('kind', 'id', data, Date.now() + 60_000);
  await stores.dataKeys.next();
  await stores.close();
};

const opening = async (): Promise<void> => (await openStores({ directory: place.folder })).close();

/** Overwrites a page with what no page can be. */
const spoil = (file: string, page: number): void => {
  const descriptor = openSync(path(file), 'r+');
  writeSync(descriptor, Buffer.alloc(pageSize, 0x5a), 0, pageSize, page * pageSize);
  closeSync(descriptor);
};

const pagesOf = (file: string): number => statSync(path(file)).size / pageSize;

beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place.remove());

describe('opening stores', () => {
  test.each(['events.sqlite', 'keys.sqlite', 'scans.sqlite', 'views.sqlite', 'transient.sqlite'])(
    'of which a page of %s is spoilt stops, names the file, and says what to do',
    async (file) => {
      await filled(30);
      spoil(file, pagesOf(file) - 1);
      await expect(opening()).rejects.toMatchObject({
        name: 'DamagedFileError',
        message: expect.stringMatching(
          new RegExp(`${file} is damaged \\(.*\\)\\. (Restore it from your backup|Move )`),
        ),
      });
    },
  );

  test('of which the log is no database any more stops', async () => {
    await filled(30);
    spoil('events.sqlite', 0);
    await expect(opening()).rejects.toThrow(/events\.sqlite is damaged \(file is not a database\)/);
  });

  test.each([30, 20_000])('of which the log of %i events is cut short stops', { timeout: 30_000 }, async (count) => {
    await filled(count);
    truncateSync(path('events.sqlite'), (pagesOf('events.sqlite') - 2) * pageSize);
    await expect(opening()).rejects.toThrow(/events\.sqlite is damaged/);
  });

  test.each(['emptied', 'missing'])('of which the log is %s stops: the views know of more', async (how) => {
    await filled(30);
    if (how === 'emptied') truncateSync(path('events.sqlite'), 0);
    else rmSync(path('events.sqlite'));
    await expect(opening()).rejects.toThrow(/events\.sqlite is cut off: its events end at 0, .* folded up to 30/);
    rmSync(path('views.sqlite'));
    await opening();
  });

  test.each(['emptied', 'missing'])('of which the data keys are %s stops, and makes no new ones', async (how) => {
    await filled(30);
    copyFileSync(path('keys.sqlite'), path('kept'));
    if (how === 'emptied') truncateSync(path('keys.sqlite'), 0);
    else rmSync(path('keys.sqlite'));
    await expect(opening()).rejects.toThrow(/data keys \(.*keys\.sqlite\) are missing or empty/);
    expect(existsSync(path('keys.sqlite')) && statSync(path('keys.sqlite')).size > 0).toBe(false);
    copyFileSync(path('kept'), path('keys.sqlite'));
    await opening();
  });

  test('that were closed whole goes on, however long the log', { timeout: 30_000 }, async () => {
    await filled(20_000);
    await opening();
  });
});
