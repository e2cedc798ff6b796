import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Deps } from '#application/deps.ts';
import { handleCommand, load } from '#application/handleCommand.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { sendingOf, takeInArrivals } from '#application/stockArrivals.ts';
import type { StockCommand } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import { type ShipmentState, shipmentDecider } from '#domain/stock/shipment.ts';
import type { StockState } from '#domain/stock/state.ts';
import { openStores, type Stores } from '../../src/stores.ts';
import { firstSerial, placesIn } from '../support/stockPlaces.ts';
import { commandDeps } from '../support/submitter.ts';

const directory = mkdtempSync(join(tmpdir(), 'stock-'));
let stores: Stores;
let deps: Deps;
let runs = 0;

beforeAll(async () => {
  stores = await openStores({ directory });
  deps = await commandDeps(stores, directory, () => Date.parse('2026-11-24T02:00:00Z'));
});
afterAll(async () => {
  await stores.close();
  rmSync(directory, { recursive: true });
});

const printed = 30;
/** Few, and overlapping, so that people meet. */
const ranges = fc
  .constantFrom([1, 5], [5, 6], [11, 14], [14, 20], [21, 24], [23, 26], [24, 30])
  .map(([from = 0, to = 0]): Ranges => [{ from: firstSerial + from, to: firstSerial + to }]);
const office = fc.constantFrom('52', '5201', '5203');
const nth = fc.integer({ min: 1, max: 3 });
/** Acts of one person, who does one after the other. */
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('dispatch' as const), to: fc.constantFrom('5201', '5203'), ranges }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('return' as const), from: fc.constantFrom('5201', '5203'), ranges }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('receive' as const), nth, part: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('takeBack' as const), nth }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('issue' as const), office, ranges }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('count' as const), office, ranges }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('confirm' as const), office }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('dispose' as const), office }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('takeOver' as const), nth }) },
);
type OneAct = typeof act extends fc.Arbitrary<infer A> ? A : never;

/** A person's program over a log that takes its turns as scheduled, and that dies with its k-th append, done or not. */
const dying = (schedule: fc.Scheduler, diesAt: number, done: boolean): Deps => {
  let appends = 0;
  const { eventStore } = deps;
  const inTurn = schedule.scheduleFunction(async (...appending: Parameters<Deps['eventStore']['append']>) => {
    appends += 1;
    const dies = appends >= diesAt;
    const appended = !dies || (done && appends === diesAt) ? await eventStore.append(...appending) : undefined;
    return dies ? undefined : appended;
  });
  const append: Deps['eventStore']['append'] = async (...appending) => {
    const appended = await inTurn(...appending);
    if (appended === undefined) throw new StoreUnavailable('The process is gone.');
    return appended;
  };
  const readStream = schedule.scheduleFunction(async (stream: string) => eventStore.readStream(stream));
  return { ...deps, eventStore: { ...eventStore, readStream, append } };
};

const system = { kind: 'system', name: 'test' } as const;

describe('people who act on the same stocks at once, some of whose programs die', () => {
  const person = fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 4 }),
    diesAt: fc.integer({ min: 1, max: 8 }),
    done: fc.boolean(),
  });

  test.prop([fc.scheduler(), fc.array(person, { minLength: 2, maxLength: 4 })], { numRuns: 80 })(
    'leave every serial in exactly one place, and each issued once',
    async (schedule, people) => {
      runs += 1;
      const run = runs;
      const own = (code: string) => `${code}X${run}`;
      const stock = (by: Deps, code: string, command: StockCommand) =>
        handleCommand(by, stockDecider, `${own(code)}-1`, command, { commandId: deps.ids(), actor: system });
      const dispatch = (by: Deps, from: string, to: string, sending: Ranges) =>
        stock(by, from, {
          type: 'Dispatch',
          stock: `${own(from)}-1`,
          office: own(from),
          to: own(to),
          relation: from === '52' ? 'child' : 'parent',
          ranges: sending,
          handedOverBy: 'first',
        });
      const settle = async (by: Deps, n: number, part: boolean | undefined) => {
        const shipment = `${own('52')}-1-${n}`;
        const sending = await sendingOf(by, shipment);
        const seen = part && sending ? sending.ranges.map(({ from }) => ({ from, to: from })) : (sending?.ranges ?? []);
        const counted = { ranges: seen, damaged: [], count: sizeOf(seen), places: [], confirmed: true };
        const command =
          part === undefined
            ? ({ type: 'TakeBackShipment', sending, at: own('52'), by: 'second' } as const)
            : ({ type: 'ReceiveShipment', sending, at: sending?.to ?? '', by: 'second', ...counted } as const);
        await handleCommand(by, shipmentDecider, shipment, command, { commandId: deps.ids(), actor: system });
        await takeInArrivals(by, shipment, { actor: system });
      };
      const takeOver = async (by: Deps, n: number) => {
        const shipment = `${own('52')}-1-${n}`;
        const sending = await sendingOf(by, shipment);
        const { state } = await load(by, shipmentDecider, shipment);
        const command = { type: 'TakeOverLoss', sending, at: own('52'), ranges: state.missing, by: 'first' } as const;
        await handleCommand(by, shipmentDecider, shipment, command, { commandId: deps.ids(), actor: system });
        await takeInArrivals(by, shipment, { actor: system });
      };
      const issued: number[] = [];
      const perform = async (by: Deps, one: OneAct): Promise<void> => {
        switch (one.act) {
          case 'dispatch':
            await dispatch(by, '52', one.to, one.ranges);
            return;
          case 'return':
            await dispatch(by, one.from, '52', one.ranges);
            return;
          case 'receive':
            return settle(by, one.nth, one.part);
          case 'takeBack':
            return settle(by, one.nth, undefined);
          case 'takeOver':
            return takeOver(by, one.nth);
          case 'issue': {
            const serial = one.ranges[0]?.from ?? 0;
            const handled = await stock(by, one.office, { type: 'IssueSerial', serial, registrationId: 'r' });
            if (handled.outcome === 'done') issued.push(serial);
            return;
          }
          case 'count': {
            const counted = { ranges: one.ranges, count: sizeOf(one.ranges), places: [], confirmed: true };
            await stock(by, one.office, { type: 'TakeStock', office: own(one.office), ...counted, by: 'first' });
            return;
          }
          case 'confirm': {
            const { state } = await load(by, stockDecider, `${own(one.office)}-1`);
            await stock(by, one.office, { type: 'ConfirmTake', take: state.takes, by: 'second' });
            return;
          }
          case 'dispose': {
            const { state } = await load(by, stockDecider, `${own(one.office)}-1`);
            const { missing, disposals } = state;
            const of = { kind: 'writeOff', holder: 'x' } as const;
            const told = { reason: 'r', by: 'first', today: '2026-11-24' };
            await stock(by, one.office, { type: 'ProposeDisposal', of, ranges: missing, ...told });
            await stock(by, one.office, { type: 'ApproveDisposal', disposal: disposals + 1, by: 'second' });
          }
        }
      };
      const work = async ({ acts, diesAt, done }: { acts: readonly OneAct[]; diesAt: number; done: boolean }) => {
        const by = dying(schedule, diesAt, done);
        try {
          for (const one of acts) await perform(by, one);
        } catch (fault) {
          if (!(fault instanceof StoreUnavailable)) throw fault;
        }
      };
      await stock(deps, '52', { type: 'EnterPrintRun', run: { from: firstSerial + 1, to: firstSerial + printed } });
      await dispatch(deps, '52', '5201', [{ from: firstSerial + 1, to: firstSerial + 10 }]);
      await dispatch(deps, '52', '5203', [{ from: firstSerial + 11, to: firstSerial + 20 }]);
      await schedule.waitFor(Promise.all(people.map(work)));

      const read = async () => {
        const [stocks, shipments] = [new Map<string, StockState>(), new Map<string, ShipmentState>()];
        for (const code of ['52', '5201', '5203']) {
          const { state } = await load(deps, stockDecider, `${own(code)}-1`);
          stocks.set(`${own(code)}-1`, state);
          for (const { shipment } of state.sent) {
            shipments.set(shipment, (await load(deps, shipmentDecider, shipment)).state);
          }
        }
        return { stocks, shipments };
      };
      const inOnePlace = (places: ReadonlyMap<number, readonly string[]>) => {
        expect(places.size).toBe(printed);
        expect([...places].filter(([, at]) => at.length !== 1)).toEqual([]);
      };
      const before = await read();
      inOnePlace(placesIn(before));
      expect(new Set(issued).size).toBe(issued.length);
      // Whoever comes next completes what broke off between its two steps: afterwards nothing that has arrived is on its way.
      for (const shipment of before.shipments.keys()) await takeInArrivals(deps, shipment, { actor: system });
      const after = await read();
      inOnePlace(placesIn(after));
      const settled = [...after.shipments].filter(([, { status }]) => status !== 'inTransit').map(([number]) => number);
      const moving = [...placesIn(after).values()].flat().filter((place) => place.startsWith('inTransit'));
      expect(moving.filter((place) => settled.includes(place.split(' ')[1] ?? ''))).toEqual([]);
    },
  );
});
