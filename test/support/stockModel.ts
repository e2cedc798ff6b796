import { fc } from '@fast-check/vitest';
import type { Decider, Kind } from '#domain/decider.ts';
import { type Relation, type StockCommand, stockDecider } from '#domain/stock/decide.ts';
import { firstOf, type Range, type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import { type ShipmentCommand, type ShipmentState, shipmentDecider } from '#domain/stock/shipment.ts';
import type { StockState } from '#domain/stock/state.ts';
import { firstSerial, type Ledger, placesIn, serialsOf } from './stockPlaces.ts';

/** Whom each office of the small tree of tests reports to. */
const parents: Readonly<Record<string, string>> = { '52': '', '5201': '52', '5203': '52', '520111': '5201' };
const offices = Object.keys(parents);

const relation = (office: string, to: string): Relation => {
  if (parents[to] === office) return 'child';
  return parents[office] === to ? 'parent' : 'other';
};

const mostSerials = 40;
const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 1, max: mostSerials }), fc.nat(15))
  .map(([from, length]) => ({ from: firstSerial + from, to: firstSerial + from + length }));
const office = fc.constantFrom(...offices);
const ranges = fc.array(range, { minLength: 1, maxLength: 2 });
/** Half of the time what the books have, else anything. */
const seen = fc.option(ranges, { freq: 2 });
const nth = fc.nat(5);
/** Five times of six a number by which the act is pointed at what is held. */
const aim = fc.option(fc.nat(99));
const person = fc.constantFrom('first', 'second');

/** One act of somebody somewhere; many are refused. `tell` takes in what is decided of the n-th shipment. */
export const stockAct = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('print' as const), range }) },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('dispatch' as const), aim, office, to: office, ranges: seen, person }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('receive' as const),
      nth,
      seen,
      part: fc.boolean(),
      damaged: fc.boolean(),
      person,
      confirmed: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('tell' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('takeBack' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('find' as const), nth, office, ranges: seen }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('issue' as const), aim, office, range }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('void' as const), aim, office, ranges }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('count' as const), office, seen, confirmed: fc.boolean() }) },
);
export type StockAct = typeof stockAct extends fc.Arbitrary<infer A> ? A : never;

/** Runs acts through the deciders, and beside them keeps a book that knows each serial by itself. */
export const stockModel = () => {
  const stocks = new Map<string, StockState>(offices.map((one) => [`${one}-1`, stockDecider.initialState]));
  const shipments = new Map<string, ShipmentState>();
  const book = new Map<number, string>();
  let printed = 0;

  const stockOf = (at: string): StockState => stocks.get(`${at}-1`) ?? stockDecider.initialState;
  const run = <K extends Kind>(
    decider: Decider<K>,
    states: Map<string, K['state']>,
    id: string,
    command: K['command'],
  ) => {
    const state = states.get(id) ?? decider.initialState;
    const decision = decider.decide(command, state);
    if (decision.outcome === 'rejected') return false;
    states.set(id, decision.events.reduce(decider.evolve, state));
    return true;
  };
  const stock = (at: string, command: StockCommand) => run(stockDecider, stocks, `${at}-1`, command);
  const shipment = (number: string, command: ShipmentCommand) => run(shipmentDecider, shipments, number, command);
  const isAll = (serials: readonly number[], place: string) => serials.every((one) => book.get(one) === place);
  const put = (serials: readonly number[], place: string) => {
    for (const serial of serials) book.set(serial, place);
  };
  const at = (place: string): readonly number[] =>
    [...book].filter(([, one]) => one === place).map(([serial]) => serial);
  /** The n-th of all that was sent, and by whom. */
  const sentBy = (n: number) => {
    const all = offices.flatMap((from) => stockOf(from).sent.map((sent) => ({ ...sent, from })));
    return all[n % Math.max(all.length, 1)];
  };

  const dispatch = (one: Extract<StockAct, { act: 'dispatch' }>) => {
    const { held, sent } = stockOf(one.office);
    const sending: Ranges = one.ranges ?? held.slice(0, 1);
    const serials = serialsOf(sending);
    const may = serials.length > 0 && isAll(serials, `held ${one.office}`) && relation(one.office, one.to) !== 'other';
    const done = stock(one.office, {
      type: 'Dispatch',
      stock: `${one.office}-1`,
      office: one.office,
      to: one.to,
      relation: relation(one.office, one.to),
      ranges: sending,
      handedOverBy: one.person,
    });
    if (may) put(serials, `inTransit ${one.office}-1-${sent.length + 1}`);
    return { done, may };
  };

  const receive = (one: Extract<StockAct, { act: 'receive' }>) => {
    const sending = sentBy(one.nth);
    if (sending === undefined) return { done: false, may: false };
    const ranges = one.seen ?? (one.part ? firstOf(sending.ranges, 3) : sending.ranges);
    const damaged = one.damaged ? ranges.slice(0, 1) : [];
    const serials = [...new Set(serialsOf(ranges))];
    const number = sending.shipment;
    const expected = serialsOf(sending.ranges);
    const same = serials.toSorted().join() === expected.toSorted().join();
    const settled = (shipments.get(number)?.status ?? 'inTransit') !== 'inTransit';
    const may = !settled && one.person !== sending.handedOverBy && (same || one.confirmed);
    const done = shipment(number, {
      type: 'ReceiveShipment',
      sending,
      at: sending.to,
      ranges,
      damaged,
      count: serials.length,
      by: one.person,
      places: [],
      confirmed: one.confirmed,
    });
    if (may)
      put(
        expected.filter((serial) => !serials.includes(serial)),
        `lostInTransit ${number}`,
      );
    return { done, may };
  };

  /** What a process does that comes by: everything decided of a shipment is taken in. */
  const tell = (n: number) => {
    const sending = sentBy(n);
    for (const { arrival, at: place, ranges, damaged } of shipments.get(sending?.shipment ?? '')?.arrivals ?? []) {
      const told = { shipment: sending?.shipment ?? '', arrival, ranges, damaged };
      const before = stockOf(place).arrivals.length;
      stock(place, { type: 'TakeIn', arrival: told });
      if (stockOf(place).arrivals.length === before) continue;
      put(serialsOf(ranges), `held ${place}`);
      put(serialsOf(damaged), `voided ${place}`);
    }
    return { done: true, may: true };
  };

  const takeBack = (n: number) => {
    const sending = sentBy(n);
    if (sending === undefined) return { done: false, may: false };
    const may = (shipments.get(sending.shipment)?.status ?? 'inTransit') === 'inTransit';
    return { done: shipment(sending.shipment, { type: 'TakeBackShipment', sending, at: sending.from, by: 'x' }), may };
  };

  const find = (one: Extract<StockAct, { act: 'find' }>) => {
    const sending = sentBy(one.nth);
    if (sending === undefined) return { done: false, may: false };
    const found = one.ranges ?? shipments.get(sending.shipment)?.missing ?? [];
    const serials = serialsOf(found);
    const may =
      serials.length > 0 &&
      [sending.from, sending.to].includes(one.office) &&
      isAll(serials, `lostInTransit ${sending.shipment}`);
    const { office: where } = one;
    const done = shipment(sending.shipment, { type: 'ReportFound', sending, at: where, ranges: found, by: 'x' });
    if (may) put(serials, `inTransit ${sending.shipment}`);
    return { done, may };
  };

  const count = (one: Extract<StockAct, { act: 'count' }>) => {
    const counted = new Set(serialsOf(one.seen ?? stockOf(one.office).held));
    const [held, missing] = [at(`held ${one.office}`), at(`missing ${one.office}`)];
    const right = new Set([...held, ...missing.filter((serial) => counted.has(serial))]);
    const may = one.confirmed || (counted.size === right.size && [...counted].every((serial) => right.has(serial)));
    const done = stock(one.office, {
      type: 'CountStock',
      office: one.office,
      ranges: one.seen ?? stockOf(one.office).held,
      count: counted.size,
      places: [],
      confirmed: one.confirmed,
    });
    if (may) {
      put(
        held.filter((serial) => !counted.has(serial)),
        `missing ${one.office}`,
      );
      put(
        missing.filter((serial) => counted.has(serial)),
        `held ${one.office}`,
      );
    }
    return { done, may };
  };

  /** Points an act at what some office holds, so that most of them can be done. */
  const aimed = (one: StockAct): StockAct => {
    if (!('aim' in one) || one.aim === null) return one;
    const holders = offices.filter((each) => stockOf(each).held.length > 0);
    const from = holders[one.aim % holders.length];
    if (from === undefined) return one;
    const { held } = stockOf(from);
    const some = [...firstOf(held.slice(one.aim % held.length), 1 + (one.aim % 12))];
    const near = offices.filter((each) => relation(from, each) !== 'other');
    const to = near[one.aim % near.length] ?? from;
    if (one.act === 'dispatch') return { ...one, office: from, to, ranges: some };
    return one.act === 'issue'
      ? { ...one, office: from, range: some[0] ?? one.range }
      : { ...one, office: from, ranges: some };
  };

  const act = (any: StockAct): { done: boolean; may: boolean } => {
    const one = aimed(any);
    switch (one.act) {
      case 'print': {
        const serials = serialsOf([one.range]);
        const may = serials.every((serial) => !book.has(serial));
        if (may) {
          printed += serials.length;
          put(serials, 'held 52');
        }
        return { done: stock('52', { type: 'EnterPrintRun', run: one.range }), may };
      }
      case 'dispatch':
        return dispatch(one);
      case 'receive':
        return receive(one);
      case 'tell':
        return tell(one.nth);
      case 'takeBack':
        return takeBack(one.nth);
      case 'find':
        return find(one);
      case 'issue': {
        const serial = one.range.from;
        const may = isAll([serial], `held ${one.office}`);
        if (may) put([serial], `issued ${one.office}`);
        return { done: stock(one.office, { type: 'IssueSerial', serial, registrationId: 'r' }), may };
      }
      case 'void': {
        const serials = serialsOf(one.ranges);
        const may = isAll(serials, `held ${one.office}`);
        if (may) put(serials, `voided ${one.office}`);
        return { done: stock(one.office, { type: 'VoidSerials', ranges: one.ranges, reason: 'spoilt' }), may };
      }
      case 'count':
        return count(one);
    }
  };

  return {
    act,
    ledger: (): Ledger => ({ stocks, shipments }),
    places: () => placesIn({ stocks, shipments }),
    /** Where the book that knows each serial by itself has them. */
    book: (): ReadonlyMap<number, readonly string[]> => new Map([...book].map(([serial, place]) => [serial, [place]])),
    printed: () => printed,
    sum: () => sizeOf(stockOf('52').printed),
  };
};
