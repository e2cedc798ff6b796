import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canonicalText } from '#application/log/canonical.ts';
import { rebuildTree } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { copyLog } from '../../../src/operations/copyLog.ts';
import { openLog, openViews } from '../../../src/stores.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from '../../support/eventStoreDbServer/server.ts';
import { openScene, storedEvents } from '../../support/loggedScene.ts';
import { verified } from '../../support/verified.ts';

let scene: Awaited<ReturnType<typeof openScene>>;
let server: EventStoreDbServer;
let directory: string;

beforeAll(async () => {
  scene = await openScene();
  server = await startEventStoreDbServer();
  directory = mkdtempSync(join(tmpdir(), 'migrated-'));
  cpSync(join(scene.copy(), 'keys'), join(directory, 'keys'), { recursive: true });
});
afterAll(async () => {
  await server.close();
  scene.remove();
  rmSync(directory, { recursive: true });
});

it('a log that was moved to EventStoreDB keeps every hash, and verifies there as it did', async () => {
  const from = scene.copy();
  const places = { directory, eventStoreUrl: server.url };
  server.writeSystemEvents(3);
  const [source, target] = [await openLog({ directory: from }, true), await openLog(places)];
  await copyLog({ source, target, appendsAtOnce: 1, progressOf: () => () => undefined });
  expect((await target.readAll(0, 1000)).map(canonicalText)).toEqual(storedEvents(from).map(canonicalText));
  const viewStore = await openViews(places);
  await rebuildTree({ eventStore: target, viewStore, upcast, onProgress: () => undefined });
  await Promise.all([source.close(), target.close(), viewStore.close()]);
  expect(await verified(places)).toEqual([]);
});

it('an event that is altered there is named, by its position there', async () => {
  const event = server.log.events.find(({ type }) => type === 'TaskReceived.v1');
  if (event === undefined) throw new Error('There is none.');
  event.data = Buffer.from(event.data.toString().replace('czy', 'gly'));
  const [first, ...others] = await verified({ directory, eventStoreUrl: server.url });
  const place = `${event.position} (${event.stream} @1, TaskReceived.v1)`;
  expect(first).toContain(`Event ${place} is not the one that the next of its stream, `);
  expect(others.join('\n')).toContain(`Event ${place} was altered. A checkpoint proves what it was.`);
});
