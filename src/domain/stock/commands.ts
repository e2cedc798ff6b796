import type { Day } from '../calendar/day.ts';
import { type Decision, rejected } from '../decider.ts';
import type { DisposalOf, StockEvent, StockReceived, Surplus, VoidReason } from './events.ts';
import { merged, type Range, type Ranges, without } from './ranges.ts';
import { isSerialRange } from './serial.ts';
import type { StockState } from './state.ts';

/** What another organisation is to the one that sends, as the tree has it. */
export type Relation = 'child' | 'parent' | 'successor' | 'other';

/** An approved request or an order, as read in the stock that it is for. */
export type Order = { name: string; to: string; source: string; count: number };

/** `stock` is `<office>-<parity>`; `places` says where the books have what lies here and should not. */
export type StockCommand =
  | { type: 'EnterPrintRun'; run: Range }
  | {
      type: 'Dispatch';
      stock: string;
      office: string;
      to: string;
      relation: Relation;
      ranges: Ranges;
      handedOverBy: string;
      order?: Order;
      spoilt?: true | undefined;
    }
  | { type: 'TakeIn'; arrival: StockReceived['data'] }
  | { type: 'IssueSerial'; serial: number; registrationId: string }
  | { type: 'VoidSerials'; ranges: Ranges; reason: VoidReason }
  | {
      type: 'TakeStock';
      office: string;
      ranges: Ranges;
      count: number;
      places: Surplus;
      confirmed: boolean;
      by: string;
    }
  | { type: 'ConfirmTake'; take: number; by: string }
  | { type: 'ProposeDisposal'; of: DisposalOf; ranges: Ranges; reason: string; by: string; today: Day }
  | { type: 'ApproveDisposal'; disposal: number; by: string }
  | { type: 'DismissDisposal'; disposal: number; by: string; reason: string }
  | { type: 'RequestStock'; count: number }
  | { type: 'ApproveRequest'; request: number; count: number; source: string }
  | { type: 'RefuseRequest'; request: number; reason: string }
  | { type: 'OrderReallocation'; count: number; source: string }
  | { type: 'SetThreshold'; threshold: number };

/** Why a command on a stock did nothing. */
export type StockRejection =
  /** Not serials, or none at all. */
  | { type: 'badRange' }
  | { type: 'badCount' }
  /** Printed before. */
  | { type: 'overlaps'; ranges: Ranges }
  /** Not in this stock, or no longer. */
  | { type: 'notHeld'; ranges: Ranges }
  /** Neither right above nor right below, and no order names both. */
  | { type: 'wrongDestination' }
  | { type: 'beyondOrder'; count: number }
  | { type: 'answered'; shipment: string }
  /** The count and the ranges that were named do not agree: `named` serials stand in the ranges. */
  | { type: 'miscounted'; named: number }
  /** The books say otherwise: to be confirmed. */
  | { type: 'differs'; missing: Ranges; surplus: Surplus }
  /** It takes a second person: whoever counted, or proposed, cannot confirm it. */
  | { type: 'samePerson' }
  /** That stock-take is confirmed, or there is a newer one. */
  | { type: 'noTake' }
  | { type: 'notMissing'; ranges: Ranges }
  | { type: 'notVoid'; ranges: Ranges }
  /** Nobody is named who had them last. */
  | { type: 'noHolder' }
  /** A day that is still to come. */
  | { type: 'badDay' }
  /** One proposal waits already. */
  | { type: 'proposed'; disposal: number }
  | { type: 'noProposal' }
  /** One request waits already. */
  | { type: 'requested'; request: number }
  | { type: 'noRequest' }
  | { type: 'unreasoned' };

export type StockKind = {
  command: StockCommand;
  state: StockState;
  event: StockEvent;
  rejection: StockRejection;
};

export type Of<T extends StockCommand['type']> = Extract<StockCommand, { type: T }>;
export type Outcome = Decision<StockKind>;

const areSerials = (ranges: Ranges): boolean => ranges.length > 0 && ranges.every(isSerialRange);

/** Runs a step on serials that are all in one set of a stock; `lacking` says what those are called that are not. */
export const whenIn = (
  ranges: Ranges,
  set: Ranges,
  lacking: 'notHeld' | 'notMissing' | 'notVoid',
  step: (ranges: Ranges) => Outcome,
): Outcome => {
  if (!areSerials(ranges)) return rejected({ type: 'badRange' });
  const asked = merged(ranges);
  const others = without(asked, set);
  return others.length > 0 ? rejected({ type: lacking, ranges: others }) : step(asked);
};
