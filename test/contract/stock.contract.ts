import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '#application/deps.ts';
import { type Handled, handleCommand, load } from '#application/handleCommand.ts';
import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { sendingOf, takeInArrivals } from '#application/stockArrivals.ts';
import { issueSerial } from '#application/stockCommands.ts';
import type { StockCommand, StockKind } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import { type ShipmentCommand, shipmentDecider } from '#domain/stock/shipment.ts';
import { firstSerial } from '../support/stockPlaces.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';
import type { OpenedEventStore } from './eventStore.contract.ts';

const actor = { kind: 'system', name: 'test' } as const;
const serials = (from: number, to = from): Ranges => [{ from: firstSerial + from, to: firstSerial + to }];

/** A log that takes no arrival in: what a process meets that dies after it decided on a shipment. */
const diesBeforeTakingIn = (log: EventStore): EventStore => ({
  ...log,
  append: async (stream, expected, events) => {
    if (stream.startsWith('stock-')) throw new StoreUnavailable('The process is gone.');
    return log.append(stream, expected, events);
  },
});

/** C7 over a log: whatever happens at once or breaks off, every serial is in one place and goes out once. */
export const stockContract = (name: string, open: () => Promise<OpenedEventStore>): void => {
  describe(`${name} under people who act on one stock at once`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'stock-'));
    let opened: OpenedEventStore;
    let submitter: Submitter;
    let deps: Deps;

    beforeAll(async () => {
      opened = await open();
      submitter = await openSubmitter(directory, opened.store);
      deps = submitter.services.deps;
    });
    afterAll(async () => {
      await submitter.close();
      await opened.dispose();
      rmSync(directory, { recursive: true });
    });

    const act = () => ({ commandId: deps.ids(), actor });
    const stock = (office: string, command: StockCommand) =>
      handleCommand(deps, stockDecider, `${office}-1`, command, act());
    /** Two offices that no other test knows, the first with a hundred serials. */
    const twoOffices = async () => {
      const from = `52X${randomUUID().slice(0, 8).toUpperCase()}`;
      await stock(from, { type: 'EnterPrintRun', run: { from: firstSerial + 1, to: firstSerial + 100 } });
      return { from, to: `${from}9` };
    };
    const dispatch = ({ from, to }: { from: string; to: string }, ranges: Ranges) => {
      const sending = { stock: `${from}-1`, office: from, to, relation: 'child', handedOverBy: 'first' } as const;
      return stock(from, { type: 'Dispatch', ...sending, ranges });
    };
    const settle = async (by: Deps, shipment: string, how: 'ReceiveShipment' | 'TakeBackShipment') => {
      const sending = await sendingOf(by, shipment);
      if (sending === undefined) throw new Error(`Nothing was sent as ${shipment}.`);
      const { ranges, from, to } = sending;
      const seen = { ranges, damaged: [], count: sizeOf(ranges), places: [], confirmed: false };
      const command: ShipmentCommand =
        how === 'ReceiveShipment'
          ? { type: how, sending, at: to, by: 'second', ...seen }
          : { type: how, sending, at: from, by: 'first' };
      const handled = await handleCommand(by, shipmentDecider, shipment, command, act());
      await takeInArrivals(by, shipment, { actor });
      return handled.outcome;
    };
    const heldBy = async (office: string) => sizeOf((await load(deps, stockDecider, `${office}-1`)).state.held);
    const done = (handled: readonly Handled<StockKind>[]) => handled.filter(({ outcome }) => outcome === 'done').length;

    it('issues a serial to one of 20 who ask for it', async () => {
      const { from: office } = await twoOffices();
      const issued = await Promise.all(
        Array.from({ length: 20 }, () =>
          issueSerial(deps, { office, parity: 1 }, { serial: firstSerial + 7, registrationId: deps.ids() }, act()),
        ),
      );
      expect(done(issued)).toBe(1);
      expect(await heldBy(office)).toBe(99);
    });

    it('sends what overlaps once, and all of ten shipments that do not', async () => {
      const offices = await twoOffices();
      const overlapping = await Promise.all(
        [serials(1, 10), serials(5, 15), serials(10, 20)].map((some) => dispatch(offices, some)),
      );
      expect(done(overlapping)).toBeLessThan(3);
      const apart = Array.from({ length: 10 }, (_, n) => serials(31 + n));
      expect(done(await Promise.all(apart.map((some) => dispatch(offices, some))))).toBe(10);
      const { sent } = (await load(deps, stockDecider, `${offices.from}-1`)).state;
      expect(new Set(sent.map(({ shipment }) => shipment)).size).toBe(sent.length);
      expect((await heldBy(offices.from)) + sizeOf(sent.flatMap(({ ranges }) => ranges))).toBe(100);
    });

    it('lets a shipment be received or taken back, not both', async () => {
      const offices = await twoOffices();
      await dispatch(offices, serials(1, 10));
      const shipment = `${offices.from}-1-1`;
      const ways = ['ReceiveShipment', 'TakeBackShipment', 'ReceiveShipment', 'TakeBackShipment'] as const;
      const outcomes = await Promise.all(ways.map((how) => settle(deps, shipment, how)));
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect((await heldBy(offices.from)) + (await heldBy(offices.to))).toBe(100);
    });

    it('takes in what a process left that died, once, whoever comes by', async () => {
      const offices = await twoOffices();
      await dispatch(offices, serials(1, 10));
      const shipment = `${offices.from}-1-1`;
      const dying = submitter.over({ eventStore: diesBeforeTakingIn(submitter.log) }).deps;
      await expect(settle(dying, shipment, 'ReceiveShipment')).rejects.toThrow(StoreUnavailable);
      expect(await heldBy(offices.to)).toBe(0);
      await Promise.all(Array.from({ length: 5 }, () => takeInArrivals(deps, shipment, { actor })));
      expect(await heldBy(offices.to)).toBe(10);
      expect(await submitter.log.readStream(`stock-${offices.to}-1`)).toHaveLength(1);
    });

    it('confirms a stock-take once, of several who do', async () => {
      const { from: office } = await twoOffices();
      const counted = { ranges: serials(1, 99), count: 99, places: [], confirmed: true };
      await stock(office, { type: 'TakeStock', office, ...counted, by: 'first' });
      const confirmed = await Promise.all(
        ['second', 'third', 'fourth'].map((by) => stock(office, { type: 'ConfirmTake', take: 1, by })),
      );
      expect(done(confirmed)).toBe(1);
      expect((await load(deps, stockDecider, `${office}-1`)).state.missing).toEqual(serials(100));
    });
  });
};
