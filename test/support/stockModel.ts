import type { Decider, Kind } from '#domain/decider.ts';
import type { StockCommand } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { firstOf, type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import { type ShipmentCommand, type ShipmentState, shipmentDecider } from '#domain/stock/shipment.ts';
import type { StockState } from '#domain/stock/state.ts';
import { aimedAt, offices, relation, type StockAct, today } from './stockActs.ts';
import { type Ledger, placesIn, serialsOf } from './stockPlaces.ts';

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
    const { held, voided, sent } = stockOf(one.office);
    const sending: Ranges = one.ranges ?? (one.spoilt ? voided : held).slice(0, 1);
    const serials = serialsOf(sending);
    const near = relation(one.office, one.to);
    const may = one.spoilt
      ? serials.length > 0 && isAll(serials, `voided ${one.office}`) && near === 'parent'
      : serials.length > 0 && isAll(serials, `held ${one.office}`) && near !== 'other';
    const done = stock(one.office, {
      type: 'Dispatch',
      stock: `${one.office}-1`,
      office: one.office,
      to: one.to,
      relation: near,
      ranges: sending,
      handedOverBy: one.person,
      spoilt: one.spoilt,
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
    const { arrivals = [] } = shipments.get(sending?.shipment ?? '') ?? {};
    for (const { arrival, at: place, ranges, damaged, missing = [] } of arrivals) {
      const told = { shipment: sending?.shipment ?? '', arrival, ranges, damaged, missing };
      const before = stockOf(place).arrivals.length;
      stock(place, { type: 'TakeIn', arrival: told });
      if (stockOf(place).arrivals.length === before) continue;
      // Void ones stay void, however they come back.
      put(serialsOf(ranges), sending?.spoilt ? 'void ones as good' : `held ${place}`);
      put(serialsOf(damaged), `voided ${place}`);
      put(serialsOf(missing), `missing ${place}`);
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

  const takeOver = (one: Extract<StockAct, { act: 'takeOver' }>) => {
    const sending = sentBy(one.nth);
    if (sending === undefined) return { done: false, may: false };
    const lost = at(`lostInTransit ${sending.shipment}`);
    const may = lost.length > 0 && sending.from === one.office;
    const ranges = lost.map((serial) => ({ from: serial, to: serial }));
    const done = shipment(sending.shipment, { type: 'TakeOverLoss', sending, at: one.office, ranges, by: 'x' });
    if (may) put(lost, `inTransit ${sending.shipment}`);
    return { done, may };
  };

  const takes = new Map<string, { take: number; missing: readonly number[]; found: readonly number[]; by: string }>();
  const count = (one: Extract<StockAct, { act: 'count' }>) => {
    const ranges = one.seen ?? stockOf(one.office).held;
    const counted = new Set(serialsOf(ranges));
    const [held, missing] = [at(`held ${one.office}`), at(`missing ${one.office}`)];
    const right = new Set([...held, ...missing.filter((serial) => counted.has(serial))]);
    const may = one.confirmed || (counted.size === right.size && [...counted].every((serial) => right.has(serial)));
    const { office: where, confirmed, person: by } = one;
    const counting = { office: where, ranges, count: counted.size, places: [], confirmed, by };
    const take = stockOf(where).takes + 1;
    const done = stock(where, { type: 'TakeStock', ...counting });
    if (may) {
      const [gone, found] = [held.filter((n) => !counted.has(n)), missing.filter((n) => counted.has(n))];
      takes.set(where, { take, missing: gone, found, by });
    }
    return { done, may };
  };

  const confirm = (one: Extract<StockAct, { act: 'confirm' }>) => {
    const open = takes.get(one.office);
    const take = (open?.take ?? 1) - (one.newest ? 0 : 1);
    const may = open !== undefined && one.newest && open.by !== one.person;
    const done = stock(one.office, { type: 'ConfirmTake', take, by: one.person });
    if (may) {
      const [gone, back] = [`held ${one.office}`, `missing ${one.office}`].map(at);
      put(
        open.missing.filter((serial) => gone?.includes(serial)),
        `missing ${one.office}`,
      );
      put(
        open.found.filter((serial) => back?.includes(serial)),
        `held ${one.office}`,
      );
      takes.delete(one.office);
    }
    return { done, may };
  };

  const proposals = new Map<string, { from: string; into: string; serials: readonly number[]; by: string }>();
  const propose = (one: Extract<StockAct, { act: 'propose' }>) => {
    const { office: where, kind, person: by } = one;
    const [from, into] = kind === 'writeOff' ? ['missing', 'writtenOff'] : ['voided', 'destroyed'];
    const ranges = one.ranges ?? stockOf(where)[kind === 'writeOff' ? 'missing' : 'voided'];
    const serials = serialsOf(ranges);
    const may = serials.length > 0 && isAll(serials, `${from} ${where}`) && !proposals.has(where);
    const of = kind === 'writeOff' ? { kind, holder: 'x' } : { kind, destroyedOn: today };
    const done = stock(where, { type: 'ProposeDisposal', of, ranges, reason: 'r', by, today });
    if (may) proposals.set(where, { from: `${from} ${where}`, into: `${into} ${where}`, serials, by });
    return { done, may };
  };

  const approve = (one: Extract<StockAct, { act: 'approve' }>) => {
    const open = proposals.get(one.office);
    const may = open !== undefined && open.by !== one.person && isAll(open.serials, open.from);
    const disposal = stockOf(one.office).disposals;
    const done = stock(one.office, { type: 'ApproveDisposal', disposal, by: one.person });
    if (may) {
      put(open.serials, open.into);
      proposals.delete(one.office);
    }
    return { done, may };
  };

  const dismiss = (one: Extract<StockAct, { act: 'dismiss' }>) => {
    const may = proposals.delete(one.office);
    const disposal = stockOf(one.office).disposals;
    return { done: stock(one.office, { type: 'DismissDisposal', disposal, by: one.person, reason: 'r' }), may };
  };

  const act = (any: StockAct): { done: boolean; may: boolean } => {
    const one = aimedAt(any, { stockOf, shipments, takes, proposals });
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
      case 'confirm':
        return confirm(one);
      case 'propose':
        return propose(one);
      case 'approve':
        return approve(one);
      case 'dismiss':
        return dismiss(one);
      case 'takeOver':
        return takeOver(one);
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
