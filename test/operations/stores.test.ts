import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStores } from '../../src/stores.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { temporaryFolder } from '../support/operations.ts';

let place: ReturnType<typeof temporaryFolder>;
let server: EventStoreDbServer;

beforeEach(async () => {
  place = temporaryFolder();
  server = await startEventStoreDbServer();
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const begin = async (directory: string, eventStoreUrl?: string): Promise<void> => {
  const stores = await openStores({ directory, eventStoreUrl });
  const events = [{ id: randomUUID(), type: 'Happened', data: {}, meta: {} }];
  await stores.eventStore.append(`thing-${randomUUID()}`, 'none', events);
  await stores.close();
};

describe('opening the stores', { timeout: 30_000 }, () => {
  test.each([['embedded'], ['on a server']])(
    'with a log %s that lacks its keys stops, and makes no new ones',
    async (kind) => {
      const url = kind === 'embedded' ? undefined : server.url;
      await begin(place.folder, url);
      cpSync(join(place.folder, 'keys'), join(place.folder, 'kept'), { recursive: true });
      rmSync(join(place.folder, 'keys'), { recursive: true });
      await expect(begin(place.folder, url)).rejects.toThrow(/put its keys\/ back/);
      await expect(begin(place.folder, url)).rejects.toThrow(/put its keys\/ back/);
      cpSync(join(place.folder, 'kept'), join(place.folder, 'keys'), { recursive: true });
      await begin(place.folder, url);
    },
  );

  test('with views of a log of another kind stops: their positions mean nothing there', async () => {
    await begin(place.folder);
    await expect(begin(place.folder, server.url)).rejects.toThrow(/folded from another log \(log embedded\)/);
    await begin(place.folder);
    rmSync(join(place.folder, 'views.sqlite'));
    await begin(place.folder, server.url);
    await expect(begin(place.folder)).rejects.toThrow(/folded from another log \(log on EventStoreDB\)/);
  });
});
