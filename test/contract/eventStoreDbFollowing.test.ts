import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bigEvents, patient, positions, withFailingServer } from '../support/eventStoreDbServer/failingServer.ts';
import { createServerLog, systemEvent } from '../support/eventStoreDbServer/log.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { newEvents } from './eventStore.contract.ts';

// Every fault here is made on command by the stand-in, however EVENT_STORE_URL is set.
describe('following EventStoreDB', { timeout: 30_000 }, () => {
  const { server, store, open, append, follow, everything, trouble } = withFailingServer();

  describe('under a subscription', () => {
    it('loses and doubles nothing over restarts, and calls for no help', async () => {
      const { got, failures } = follow();
      for (let i = 0; i < 4; i += 1) {
        await append(`run-${i}`, 'none', 20);
        await server().stop();
        server().log.append(`meanwhile-${i}`, 'any', [systemEvent('Happened')]);
        await server().start();
        await vi.waitFor(() => append(`again-${i}`, 'none', 1), patient);
      }
      await vi.waitFor(() => expect(got).toHaveLength(88), patient);
      expect(positions(got)).toEqual(await everything());
      expect(failures).toEqual([]);
      expect(trouble.length).toBeGreaterThan(0);
    });

    it('gives a consumer that was too slow everything once and in order', async () => {
      const gate = Promise.withResolvers<void>();
      const { got, failures } = follow(() => gate.promise);
      await append('big', 'none', 1);
      for (let i = 0; i < 60; i += 1) await store().append('big', i * 50, bigEvents(50));
      await vi.waitFor(() => expect(server().aborted()).toBeGreaterThan(0), patient);
      gate.resolve();
      await vi.waitFor(() => expect(got).toHaveLength(3_001), patient);
      expect(got.map(({ revision }) => revision)).toEqual(Array.from({ length: 3_001 }, (_, i) => i));
      expect(failures).toEqual([]);
    });

    it('takes up again what was aborted, over and over', async () => {
      const { got } = follow();
      for (let i = 0; i < 10; i += 1) {
        await append(`aborted-${i}`, 'none', 10);
        server().abortSubscriptions();
      }
      await vi.waitFor(() => expect(got).toHaveLength(100), patient);
      expect(positions(got)).toEqual(await everything());
    });

    it('ends where positions are beyond what a number can tell, with that failure', async () => {
      const far = await startEventStoreDbServer({ log: createServerLog(2n ** 53n) });
      const lost = await open(far.url);
      const failures: unknown[] = [];
      lost.subscribe(0, { onEvents: async () => {}, onFailure: (failure) => failures.push(failure) });
      await expect(lost.append('far', 'none', newEvents(1))).rejects.toThrow(RangeError);
      await expect(lost.readAll(0, 10)).rejects.toThrow(RangeError);
      await vi.waitFor(() => expect(failures).toEqual([expect.any(RangeError)]), patient);
      await lost.close();
      await far.close();
    });
  });

  describe('with much of its own in the log', () => {
    it('shows a full page beyond any number of system events, and where ours end', async () => {
      const steady = await open(server().url, 8_000);
      onTestFinished(() => steady.close());
      const first = await append('ours', 'none', 1);
      server().writeSystemEvents(2_500);
      expect(await steady.lastPosition()).toBe(first.position);
      await append('ours', 0, 1);
      server().writeSystemEvents(2_100);
      const page = await steady.readAll(first.position, 1);
      expect(page.map(({ stream, revision }) => ({ stream, revision }))).toEqual([{ stream: 'ours', revision: 1 }]);
      expect(await steady.readAll(page[0]?.position ?? 0, 1)).toEqual([]);
      expect(await steady.lastPosition()).toBe(page[0]?.position);
      expect(positions(await steady.readAll(0, 10))).toEqual([first.position, page[0]?.position]);
    });

    it('keeps it from subscribers', async () => {
      const { got } = follow();
      server().writeSystemEvents(100);
      server().log.append('ours', 'any', [systemEvent('$streamDeleted'), systemEvent('Happened')]);
      await vi.waitFor(() => expect(got.map(({ type }) => type)).toEqual(['Happened']), patient);
    });
  });

  it('closes with a subscription under way on a server that hangs', async () => {
    follow();
    await append('seen', 'none', 1);
    server().hang();
    await store().close();
    server().resume();
  });
});
