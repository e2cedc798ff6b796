import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { keepTree } from '#application/log/keepTree.ts';
import { signCheckpoints } from '#application/log/signCheckpoints.ts';
import { runProjections } from '#application/runProjections.ts';
import { upcast } from '#application/upcast.ts';
import { uuids } from '#infrastructure/ids.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { logCheckpoint } from '#projections/logCheckpoint.ts';
import { openStores, type StorePlaces, type Stores } from '../../src/stores.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { verified } from '../support/verified.ts';

const mongo = await mongoServer();
const servers: readonly (readonly [string, Pick<StorePlaces, 'viewStoreUrl'>])[] = [
  ['EventStoreDB with embedded views', {}],
  ...(mongo === undefined ? [] : [['EventStoreDB and MongoDB', { viewStoreUrl: mongo.url }] as const]),
];
const silent = { warn: () => undefined, error: () => undefined };
const patient = { timeout: 20_000 };

/** Keeps the tree and signs whenever something was added, as a platform does. */
const carry = (stores: Stores) => {
  const { eventStore, viewStore, dataKeys, keys, logKeys } = stores;
  const tree = keepTree(stores);
  const running = { eventStore, viewStore, upcast, wait: (ms: number) => wait(ms), log: silent };
  const views = runProjections({ ...running, projections: [logCheckpoint], beside: [tree.follower] });
  const signer = signCheckpoints({
    ...running,
    dataKeys,
    sealing: createSealing(keys, dataKeys),
    clock: Date.now,
    checkpointKeys: checkpointKeys(logKeys),
    ids: uuids(Date.now),
    publicUrl: 'https://registration.test',
    head: tree.head,
    intervalMs: 0,
    wait: () => wait(5),
  });
  return async () => {
    await signer.stop();
    await views.stop();
  };
};

const happen = async ({ eventStore }: Stores, count: number): Promise<void> => {
  const ids = uuids(Date.now);
  for (let n = 0; n < count; n += 1) {
    const event = { id: ids(), type: 'CoupleReserved.v1', data: { registrationId: ids() } };
    const meta = { at: new Date().toISOString() };
    await eventStore.append(`couple-${event.id}`, 'none', [{ ...event, meta }]);
  }
};

const checkpointsIn = async ({ viewStore }: Stores): Promise<number> =>
  viewStore.count('logCheckpoint', { index: 'number', equals: [], limit: 100 });

describe('the log on servers', () => {
  afterAll(() => mongo?.dispose());

  it.each(servers)('keeps its tree and signs it on %s, stopped and begun again', async (_, where) => {
    const server = await startEventStoreDbServer();
    const directory = mkdtempSync(join(tmpdir(), 'served-'));
    const places: StorePlaces = { directory, eventStoreUrl: server.url, ...where };
    for (const round of [1, 2]) {
      const stores = await openStores(places);
      const stop = carry(stores);
      await happen(stores, 150);
      server.writeSystemEvents(3);
      await vi.waitFor(async () => expect(await checkpointsIn(stores)).toBeGreaterThanOrEqual(round), patient);
      await stop();
      await stores.close();
      expect(await verified(places)).toEqual([]);
    }
    await server.close();
    rmSync(directory, { recursive: true });
  });
});
