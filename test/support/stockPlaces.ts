import type { Ranges } from '#domain/stock/ranges.ts';
import type { ShipmentState } from '#domain/stock/shipment.ts';
import { type Sent, type StockState, stockSets } from '#domain/stock/state.ts';

/** Serials of tests are the numbers from 1 behind this year. */
export const firstSerial = 202600000000;

/** Every stock by `<office>-<parity>`, every shipment by its number. */
export type Ledger = { stocks: ReadonlyMap<string, StockState>; shipments: ReadonlyMap<string, ShipmentState> };

/** The serials of ranges, one by one. */
export const serialsOf = (ranges: Ranges): readonly number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n));

const officeOf = (stock: string): string => stock.slice(0, stock.lastIndexOf('-'));
const parityOf = (id: string): string => id.split('-')[1] ?? '';

/** What of a shipment is in no stock, with where it is. */
const unsettled = (
  { stocks, shipments }: Ledger,
  { shipment, ranges }: Sent,
): readonly (readonly [number, string])[] => {
  const state = shipments.get(shipment);
  const arrived = (state?.arrivals ?? []).flatMap(({ arrival, at, ranges: whole, damaged, missing: over = [] }) =>
    stocks.get(`${at}-${parityOf(shipment)}`)?.arrivals.includes(`${shipment}/${arrival}`)
      ? serialsOf([...whole, ...damaged, ...over])
      : [],
  );
  const missing = new Set(serialsOf(state?.missing ?? []));
  return serialsOf(ranges)
    .filter((serial) => !arrived.includes(serial))
    .map((serial) => [serial, missing.has(serial) ? `lostInTransit ${shipment}` : `inTransit ${shipment}`] as const);
};

/** Every place at which the ledger has each serial, such as `held 52`: told serial by serial, from nothing but its states. */
export const placesIn = (ledger: Ledger): ReadonlyMap<number, readonly string[]> => {
  const places = new Map<number, string[]>();
  const add = (serial: number, place: string) => places.set(serial, [...(places.get(serial) ?? []), place]);
  for (const [stock, state] of ledger.stocks) {
    for (const where of stockSets) {
      for (const serial of serialsOf(state[where])) add(serial, `${where} ${officeOf(stock)}`);
    }
    for (const sent of state.sent) for (const [serial, place] of unsettled(ledger, sent)) add(serial, place);
  }
  return places;
};
