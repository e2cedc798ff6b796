import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '#application/ports.ts';
import { openMongoTransientStore } from '#infrastructure/mongoDb/transientStore.ts';
import { ferretdbServer } from '../support/mongoServer.ts';

const server = await ferretdbServer();
afterAll(() => server?.dispose());
afterEach(() => vi.restoreAllMocks());

const timeoutMs = 1_000;

/** The driver's connections, as its own files have them. */
const { Connection } = (await import(import.meta.resolve('mongodb/lib/cmap/connection.js'))) as {
  Connection: { prototype: { id: unknown; command: (...args: unknown[]) => Promise<unknown> } };
};

/** From now on the driver's watch asks servers on its connections and never hears anything. */
const stickWatch = (): void => {
  const { command } = Connection.prototype;
  vi.spyOn(Connection.prototype, 'command').mockImplementation(function (this: { id: unknown }, ...args) {
    return this.id === '<monitor>' ? new Promise(() => undefined) : command.apply(this as never, args);
  });
};

describe.runIf(server !== undefined)('MongoDB whose driver no longer watches it', { timeout: 60_000 }, () => {
  const { url = '', kill, start, pause } = server ?? {};

  it('answers again once it is back, by a client that is new', async () => {
    const store = await openMongoTransientStore({ url, timeoutMs });
    stickWatch();
    // Longer than the watch rests between two looks.
    await wait(2 * timeoutMs);
    pause?.();
    // A process is stopped a moment after it is told to.
    await wait(timeoutMs / 5);
    const underWay = expect(store.get('kind', 'id', 0)).rejects.toThrow(StoreUnavailable);
    await wait(timeoutMs / 10);
    await kill?.();
    await underWay;
    await start?.();
    vi.restoreAllMocks();
    await expect.poll(() => store.get('kind', 'id', 0).catch(() => 'unavailable'), { timeout: 10_000 }).toBe(undefined);
    await store.close();
  });
});
