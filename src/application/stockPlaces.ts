import type { Place, Surplus } from '#domain/stock/events.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { common, type Range, type Ranges, without } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { stockSets } from '#domain/stock/state.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import type { StockRow } from '#projections/stock.ts';
import type { Deps } from './deps.ts';

type Looking = Pick<Deps, 'viewStore'>;
type Step = { placed: Surplus; onward: readonly (readonly [office: string, ranges: Ranges])[] };

const of = (ranges: Ranges, place: Place): Surplus => ranges.map((range) => ({ ...range, ...place }));

/** Where the serials of one shipment are: lost, on their way, or onward to whoever took them in. */
const ofShipment = (row: ShipmentRow | undefined, number: string, ranges: Ranges): Step => {
  const lost = common(ranges, row?.missing ?? []);
  const taken = (row?.arrivals ?? []).filter(({ takenIn }) => takenIn);
  const onward = taken.flatMap(({ at, ranges: whole, damaged, missing = [] }) => {
    const here = [whole, damaged, missing].flatMap((some) => common(ranges, some));
    return here.length === 0 ? [] : [[at, here] as const];
  });
  const gone = onward.flatMap(([, here]) => here).toSorted((one, other) => one.from - other.from);
  const moving = without(without(ranges, lost), gone);
  return {
    placed: [...of(lost, { where: 'lostInTransit', of: number }), ...of(moving, { where: 'inTransit', of: number })],
    onward,
  };
};

/**
 * Where the books have serials of one parity, followed from the press (`top`) along the shipments they last left with; what was
 * never printed is in none. A view that is behind ends a path early: then they are still on their way.
 */
export const placesOf = async (
  { viewStore }: Looking,
  top: string,
  parity: PrintedParity,
  ranges: Ranges,
): Promise<Surplus> => {
  const at = async (office: string, asked: Ranges, passed: ReadonlySet<string>): Promise<Surplus> => {
    const [row] = (await viewStore.get('stock', [stockId(office, parity)])) as readonly StockRow[];
    if (row === undefined) return [];
    const here = stockSets.flatMap((where) => of(common(asked, row[where]), { where, of: office }));
    const left = row.departed.flatMap(({ from, to, shipment }) =>
      common(asked, [{ from, to }]).map((range) => [shipment, range] as const),
    );
    const byShipment = [...Map.groupBy(left, ([shipment]) => shipment)];
    const further = byShipment.map(([shipment, found]) =>
      through(
        shipment,
        found.map(([, range]) => range),
        passed,
      ),
    );
    return [...here, ...(await Promise.all(further)).flat()];
  };
  const through = async (number: string, asked: Ranges, passed: ReadonlySet<string>): Promise<Surplus> => {
    const inOrder = asked.toSorted((one: Range, other: Range) => one.from - other.from);
    if (passed.has(number)) return of(inOrder, { where: 'inTransit', of: number });
    const [row] = (await viewStore.get('shipment', [number])) as readonly ShipmentRow[];
    const { placed, onward } = ofShipment(row, number, inOrder);
    const next = new Set([...passed, number]);
    return [...placed, ...(await Promise.all(onward.map(([office, here]) => at(office, here, next)))).flat()];
  };
  const found = await at(top, ranges, new Set());
  return found.toSorted((one, other) => one.from - other.from);
};
