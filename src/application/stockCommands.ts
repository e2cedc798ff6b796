import { type Order, type Relation, type StockCommand, type StockKind, stockDecider } from '#domain/stock/decide.ts';
import type { StockDispatched, Surplus, VoidReason } from '#domain/stock/events.ts';
import { parseOrder, stockId } from '#domain/stock/numbers.ts';
import { merged, type Range, type Ranges, without } from '#domain/stock/ranges.ts';
import { isSerialRange, type PrintedParity } from '#domain/stock/serial.ts';
import { type ShipmentCommand, type ShipmentKind, shipmentDecider } from '#domain/stock/shipment.ts';
import { orderName } from '#domain/stock/state.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import { type Act, type Handled, handleCommand, load } from './handleCommand.ts';
import type { OfficeTree } from './offices.ts';
import { type Sent, sendingOf, takeInArrivals } from './stockArrivals.ts';
import { placesOf } from './stockPlaces.ts';

type Refused = { outcome: 'forbidden'; reason: Forbidden };
export type StockOutcome = Handled<StockKind> | Refused;
export type ShipmentOutcome = Handled<ShipmentKind> | Refused;
/** Done under this number; the receiver confirms it. */
export type DispatchOutcome = StockOutcome | { outcome: 'dispatched'; shipment: string; position: number };

/** One stock: whose, of which parity. */
export type OfStock = { office: string; parity: PrintedParity };
/** What somebody has before them: all ranges, how many they counted, and whether differences are confirmed. */
export type Counted = { ranges: Ranges; count: number; confirmed: boolean };

/** Where the tree begins: the province, which has the serials printed. */
export const topOf = (offices: Pick<OfficeTree, 'find'>, office: string): string => {
  const above = offices.find(office)?.parent ?? '';
  return above === '' ? office : topOf(offices, above);
};

const relationOf = (offices: OfficeTree, from: string, to: string): Relation => {
  if (offices.current(from) !== from) return offices.current(from) === to ? 'successor' : 'other';
  if (offices.find(to)?.parent === from) return 'child';
  return offices.find(from)?.parent === to ? 'parent' : 'other';
};

/** Only administrations that stand by themselves have stock. */
const canHold = (offices: OfficeTree, office: string): boolean => {
  const found = offices.find(office);
  return found?.status === 'active' && found.kind === 'administration';
};

/** An approved request or an order as the stock that it is for tells it. */
const orderOf = async (deps: Deps, name: string, parity: PrintedParity): Promise<Order | undefined> => {
  const meant = parseOrder(name);
  if (meant === undefined || meant.parity !== parity) return undefined;
  const { state } = await load(deps, stockDecider, stockId(meant.office, parity));
  const found = state.requests.find(({ request }) => request === meant.request);
  if (found?.status !== 'approved' || found.source === undefined) return undefined;
  const { source, count } = found;
  return { name: orderName(stockId(meant.office, parity), meant.request), to: meant.office, source, count };
};

/** Issues one serial of an office's stock (C5), whoever asks; rejected where that office does not hold it. */
export const issueSerial = (
  deps: Deps,
  { office, parity }: OfStock,
  issued: { serial: number; registrationId: string },
  act: Act,
): Promise<Handled<StockKind>> =>
  handleCommand(deps, stockDecider, stockId(office, parity), { type: 'IssueSerial', ...issued }, act);

/** What staff do with the stock of their own organisation, and for those right below it (C7, §3.1.4, §3.2.2). */
export const stockCommands = (deps: Deps) => {
  const { offices } = deps;
  const forbidden = (staff: Staff, asked: WhatIsAsked): Refused | undefined => {
    const answer = authorise(staff, asked, offices);
    return answer.outcome === 'forbidden' ? answer : undefined;
  };
  const acting = (act: ActOfStaff): Act => actingFor(deps.sealing, act);
  const shown = async <T extends { outcome: string; position?: number }>(handled: T, later = 0): Promise<T> => {
    if (handled.outcome === 'done')
      await deps.awaitViews(['stock', 'shipment'], Math.max(handled.position ?? 0, later));
    return handled;
  };
  const perform = async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
    shown(await handleCommand(deps, stockDecider, stockId(of.office, of.parity), command, acting(act)));
  /** On the organisation's own stock. */
  const manage = async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
    forbidden(act.staff, { act: 'manageStock', office: of.office }) ?? perform(of, act, command);
  /** For one right below. */
  const supply = async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
    forbidden(act.staff, { act: 'supplyStock', office: of.office }) ?? perform(of, act, command);
  const isSource = (staff: Staff, source: string): boolean =>
    forbidden(staff, { act: 'manageStock', office: source }) === undefined ||
    forbidden(staff, { act: 'supplyStock', office: source }) === undefined;

  /** Where the books have what is here beyond what was expected. */
  const placesBeyond = async ({ office, parity }: OfStock, ranges: Ranges, expected: Ranges): Promise<Surplus> => {
    const beyond = ranges.every(isSerialRange) ? without(merged(ranges), expected) : [];
    return beyond.length === 0 ? [] : placesOf(deps, topOf(offices, office), parity, beyond);
  };

  /** Decides how a shipment goes on, and takes in what has arrived: of this act, or of one that broke off. */
  const settle = async (
    shipment: string,
    act: ActOfStaff,
    at: (sending: Sent) => string,
    command: (sending: Sent) => Promise<ShipmentCommand>,
  ): Promise<ShipmentOutcome> => {
    const sending = await sendingOf(deps, shipment);
    if (sending === undefined) return { outcome: 'rejected', rejection: { type: 'absent' } };
    const refused = forbidden(act.staff, { act: 'manageStock', office: at(sending) });
    if (refused !== undefined) return refused;
    const handled = await handleCommand(deps, shipmentDecider, shipment, await command(sending), acting(act));
    return shown(handled, await takeInArrivals(deps, shipment, acting(act)));
  };

  return {
    /** Enters serials that the province had printed; only its own people can. */
    enterPrintRun: async (of: OfStock, act: ActOfStaff, run: Range): Promise<StockOutcome> =>
      offices.find(of.office)?.parent === ''
        ? manage(of, act, { type: 'EnterPrintRun', run })
        : { outcome: 'forbidden', reason: 'office' },

    /** Sends serials to a child, back up, or to whom `order` names. */
    dispatch: async (
      of: OfStock,
      act: ActOfStaff,
      sending: { to: string; ranges: Ranges; order?: string },
    ): Promise<DispatchOutcome> => {
      const refused = forbidden(act.staff, { act: 'manageStock', office: of.office });
      if (refused !== undefined) return refused;
      const { to, ranges, order: named } = sending;
      const order = named === undefined ? undefined : await orderOf(deps, named, of.parity);
      if (!canHold(offices, to) || (named !== undefined && order === undefined)) {
        return { outcome: 'rejected', rejection: { type: 'wrongDestination' } };
      }
      const stock = stockId(of.office, of.parity);
      const relation = relationOf(offices, of.office, to);
      const from = { stock, office: of.office, handedOverBy: act.staff.account };
      const handled = await perform(of, act, {
        type: 'Dispatch',
        ...from,
        to,
        relation,
        ranges,
        ...(order && { order }),
      });
      if (handled.outcome !== 'done') return handled;
      const { events } = await load(deps, stockDecider, stock);
      const made = events.find(({ meta }) => meta.commandId === act.commandId);
      if (made === undefined) throw new Error(`stock-${stock} lost a dispatch that it had recorded.`);
      const { shipment } = made.data as StockDispatched['data'];
      return { outcome: 'dispatched', shipment, position: made.position };
    },

    /** Receives a shipment as it was counted: by another person than handed it over. */
    receive: (shipment: string, act: ActOfStaff, seen: Counted & { damaged: Ranges }): Promise<ShipmentOutcome> =>
      settle(
        shipment,
        act,
        ({ to }) => to,
        async (sending) => ({
          type: 'ReceiveShipment',
          sending,
          at: sending.to,
          ...seen,
          by: act.staff.account,
          places: await placesBeyond({ office: sending.to, parity: sending.parity }, seen.ranges, sending.ranges),
        }),
      ),

    /** Takes a shipment back that never came to its receiver. */
    takeBack: (shipment: string, act: ActOfStaff): Promise<ShipmentOutcome> =>
      settle(
        shipment,
        act,
        ({ from }) => from,
        async (sending) => ({ type: 'TakeBackShipment', sending, at: sending.from, by: act.staff.account }),
      ),

    /** Takes in serials that were missing from a shipment and turned up at `office`. */
    reportFound: (shipment: string, office: string, act: ActOfStaff, ranges: Ranges): Promise<ShipmentOutcome> =>
      settle(
        shipment,
        act,
        () => office,
        async (sending) => ({ type: 'ReportFound', sending, at: office, ranges, by: act.staff.account }),
      ),

    /** Writes off what was spoilt before it was issued. */
    voidSerials: (of: OfStock, act: ActOfStaff, ranges: Ranges, reason: VoidReason): Promise<StockOutcome> =>
      manage(of, act, { type: 'VoidSerials', ranges, reason }),

    /** Records a stock-take: each missing serial and each that should be elsewhere is named. */
    count: async (of: OfStock, act: ActOfStaff, counted: Counted): Promise<StockOutcome> => {
      const refused = forbidden(act.staff, { act: 'manageStock', office: of.office });
      if (refused !== undefined) return refused;
      const { state } = await load(deps, stockDecider, stockId(of.office, of.parity));
      const places = await placesBeyond(of, counted.ranges, state.held);
      return perform(of, act, { type: 'CountStock', office: of.office, ...counted, places });
    },

    /** Asks the level above for so many (§3.1.4). */
    request: (of: OfStock, act: ActOfStaff, count: number): Promise<StockOutcome> =>
      manage(of, act, { type: 'RequestStock', count }),

    /** From so few on the organisation is warned. */
    setThreshold: (of: OfStock, act: ActOfStaff, threshold: number): Promise<StockOutcome> =>
      manage(of, act, { type: 'SetThreshold', threshold }),

    /** Grants a request of one right below, from the own stock or from another right below. */
    approve: async (
      of: OfStock,
      act: ActOfStaff,
      granted: { request: number; count: number; source: string },
    ): Promise<StockOutcome> =>
      isSource(act.staff, granted.source) && granted.source !== of.office
        ? supply(of, act, { type: 'ApproveRequest', ...granted })
        : { outcome: 'forbidden', reason: 'office' },

    refuse: (of: OfStock, act: ActOfStaff, refused: { request: number; reason: string }): Promise<StockOutcome> =>
      supply(of, act, { type: 'RefuseRequest', ...refused }),

    /** Lets one right below get serials from another right below (§3.2.2). */
    orderReallocation: async (
      of: OfStock,
      act: ActOfStaff,
      ordered: { count: number; source: string },
    ): Promise<StockOutcome> =>
      isSource(act.staff, ordered.source) && ordered.source !== of.office
        ? supply(of, act, { type: 'OrderReallocation', ...ordered })
        : { outcome: 'forbidden', reason: 'office' },
  };
};
