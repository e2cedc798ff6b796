import type { StockCommand, StockKind } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { Surplus } from '#domain/stock/events.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { merged, type Ranges, without } from '#domain/stock/ranges.ts';
import { isSerialRange, type PrintedParity } from '#domain/stock/serial.ts';
import { type ShipmentCommand, type ShipmentKind, shipmentDecider } from '#domain/stock/shipment.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import { type Handled, handleCommand } from './handleCommand.ts';
import type { OfficeTree } from './offices.ts';
import { type Sent, sendingOf, takeInArrivals } from './stockArrivals.ts';
import { placesOf } from './stockPlaces.ts';

/** Staff who may not do this, and why. */
export type StockRefused = { outcome: 'forbidden'; reason: Forbidden };
export type StockOutcome = Handled<StockKind> | StockRefused;
export type ShipmentOutcome = Handled<ShipmentKind> | StockRefused;

/** One stock: whose, of which parity. */
export type OfStock = { office: string; parity: PrintedParity };
/** What somebody has before them: all ranges, how many they counted, and whether differences are confirmed. */
export type Counted = { ranges: Ranges; count: number; confirmed: boolean };

/** Where the tree begins: the province, which has the serials printed. */
export const topOf = (offices: Pick<OfficeTree, 'find'>, office: string): string => {
  const above = offices.find(office)?.parent ?? '';
  return above === '' ? office : topOf(offices, above);
};

/** Acts on stocks and shipments by staff who may: each is in the views once it is answered. */
export const stockActing = (deps: Deps) => {
  const { offices } = deps;
  const forbidden = (staff: Staff, asked: WhatIsAsked): StockRefused | undefined => {
    const answer = authorise(staff, asked, offices);
    return answer.outcome === 'forbidden' ? answer : undefined;
  };
  const shown = async <T extends { outcome: string; position?: number }>(handled: T, later = 0): Promise<T> => {
    if (handled.outcome === 'done') {
      await deps.awaitViews(['stock', 'shipment'], Math.max(handled.position ?? 0, later));
    }
    return handled;
  };
  const perform = async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
    shown(
      await handleCommand(deps, stockDecider, stockId(of.office, of.parity), command, actingFor(deps.sealing, act)),
    );
  const placesBeyond = async ({ office, parity }: OfStock, ranges: Ranges, expected: Ranges): Promise<Surplus> => {
    const beyond = ranges.every(isSerialRange) ? without(merged(ranges), expected) : [];
    return beyond.length === 0 ? [] : placesOf(deps, topOf(offices, office), parity, beyond);
  };

  return {
    forbidden,
    perform,
    /** On the organisation's own stock. */
    manage: async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
      forbidden(act.staff, { act: 'manageStock', office: of.office }) ?? perform(of, act, command),
    /** For one right below. */
    supply: async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> =>
      forbidden(act.staff, { act: 'supplyStock', office: of.office }) ?? perform(of, act, command),
    /** As the second person: of the same organisation, or where it has but one, of the one right above. */
    second: async (of: OfStock, act: ActOfStaff, command: StockCommand): Promise<StockOutcome> => {
      const refused = forbidden(act.staff, { act: 'manageStock', office: of.office });
      const above = refused && forbidden(act.staff, { act: 'supplyStock', office: of.office });
      return above === undefined ? perform(of, act, command) : (refused ?? above);
    },
    /** Where the books have what is here beyond what was expected. */
    placesBeyond,

    /** Decides how a shipment goes on, and takes in what has arrived: of this act, or of one that broke off. */
    settle: async (
      shipment: string,
      act: ActOfStaff,
      at: (sending: Sent) => string,
      command: (sending: Sent) => Promise<ShipmentCommand>,
    ): Promise<ShipmentOutcome> => {
      const sending = await sendingOf(deps, shipment);
      if (sending === undefined) return { outcome: 'rejected', rejection: { type: 'absent' } };
      const refused = forbidden(act.staff, { act: 'manageStock', office: at(sending) });
      if (refused !== undefined) return refused;
      const acting = actingFor(deps.sealing, act);
      const handled = await handleCommand(deps, shipmentDecider, shipment, await command(sending), acting);
      return shown(handled, await takeInArrivals(deps, shipment, acting));
    },
  };
};
