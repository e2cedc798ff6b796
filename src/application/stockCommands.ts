import type { Order, Relation, StockKind } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { StockDispatched, VoidReason } from '#domain/stock/events.ts';
import { parseOrder, stockId } from '#domain/stock/numbers.ts';
import type { Range, Ranges } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { orderName } from '#domain/stock/state.ts';
import type { ActOfStaff } from './acting.ts';
import type { Deps } from './deps.ts';
import { type Act, type Handled, handleCommand, load } from './handleCommand.ts';
import type { OfficeTree } from './offices.ts';
import { type Counted, type OfStock, type ShipmentOutcome, type StockOutcome, stockActing } from './stockActing.ts';

/** Done under this number; the receiver confirms it. */
export type DispatchOutcome = StockOutcome | { outcome: 'dispatched'; shipment: string; position: number };

/** What is sent to whom; `spoilt`: void serials, up to where they are destroyed. */
export type SendingOut = { to: string; ranges: Ranges; order?: string | undefined; spoilt?: true | undefined };

const relationOf = (offices: OfficeTree, from: string, to: string): Relation => {
  // What a merged organisation still has goes to whoever goes on for it.
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

/** The shipment that an act sent: the first sending of it, should it be sent again. */
const dispatchedBy = async (deps: Deps, stock: string, commandId: string): Promise<DispatchOutcome> => {
  const { events } = await load(deps, stockDecider, stock);
  const made = events.find(({ meta }) => meta.commandId === commandId);
  if (made === undefined) throw new Error(`stock-${stock} lost a dispatch that it had recorded.`);
  const { shipment } = made.data as StockDispatched['data'];
  return { outcome: 'dispatched', shipment, position: made.position };
};

/** What staff move, ask for and grant: of their own organisation, and for those right below it (C7, §3.1.4, §3.2.2). */
export const stockCommands = (deps: Deps) => {
  const { offices } = deps;
  const { forbidden, perform, manage, supply, placesBeyond, settle } = stockActing(deps);
  const isSource = ({ staff }: ActOfStaff, source: string): boolean =>
    canHold(offices, source) &&
    (forbidden(staff, { act: 'manageStock', office: source }) === undefined ||
      forbidden(staff, { act: 'supplyStock', office: source }) === undefined);

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
      { to, ranges, order: named, spoilt }: SendingOut,
    ): Promise<DispatchOutcome> => {
      const refused = forbidden(act.staff, { act: 'manageStock', office: of.office });
      if (refused !== undefined) return refused;
      const order = named === undefined ? undefined : await orderOf(deps, named, of.parity);
      if (!canHold(offices, to) || (named !== undefined && order === undefined)) {
        return { outcome: 'rejected', rejection: { type: 'wrongDestination' } };
      }
      const stock = stockId(of.office, of.parity);
      const relation = relationOf(offices, of.office, to);
      const sending = { stock, office: of.office, handedOverBy: act.staff.account, to, relation, ranges };
      const more = { ...(order && { order }), ...(spoilt && { spoilt }) };
      const handled = await perform(of, act, { type: 'Dispatch', ...sending, ...more });
      return handled.outcome === 'done' ? dispatchedBy(deps, stock, act.commandId) : handled;
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

    /** Takes over, as its sender, what was lost on the way: missing from then on, to be written off. */
    takeOverLoss: (shipment: string, act: ActOfStaff, ranges: Ranges): Promise<ShipmentOutcome> =>
      settle(
        shipment,
        act,
        ({ from }) => from,
        async (sending) => ({ type: 'TakeOverLoss', sending, at: sending.from, ranges, by: act.staff.account }),
      ),

    /** Voids what was spoilt before it was issued. */
    voidSerials: (of: OfStock, act: ActOfStaff, ranges: Ranges, reason: VoidReason): Promise<StockOutcome> =>
      manage(of, act, { type: 'VoidSerials', ranges, reason }),

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
      isSource(act, granted.source) && granted.source !== of.office
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
      isSource(act, ordered.source) && ordered.source !== of.office
        ? supply(of, act, { type: 'OrderReallocation', ...ordered })
        : { outcome: 'forbidden', reason: 'office' },
  };
};
