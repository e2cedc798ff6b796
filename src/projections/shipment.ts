import type { Purpose, ShipmentEvent, StockDispatched, StockReceived, Surplus } from '#domain/stock/events.ts';
import { parseShipment } from '#domain/stock/numbers.ts';
import { type Ranges, sizeOf, without } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import type { Arrival } from '#domain/stock/shipment.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** One shipment by its number (C7). */
export type ShipmentRow = {
  id: string;
  from: string;
  to: string;
  parity: PrintedParity;
  purpose: Purpose;
  order?: string;
  status: 'inTransit' | 'received' | 'takenBack';
  ranges: Ranges;
  arrivals: readonly (Arrival & { takenIn: boolean })[];
  missing: Ranges;
  surplus: Surplus;
  handedOverBy: string;
  dispatchedAt: string;
  receivedBy?: string;
  settledAt?: string;
  /** How many are in no stock: on their way still, or missing. */
  inTransit: number;
  lost: number;
  /** Present only while there are such. */
  open?: 'open';
  openTo?: string;
};

type StoredEvent = Stored<ShipmentEvent | StockDispatched | StockReceived>;

const prefix = 'shipment-';

const atOf = ({ meta }: Occurred<StoredEvent>): string => String(meta['at']);

/** The row with what follows from the rest of it. */
const counted = ({ open: _, openTo: __, ...row }: ShipmentRow): ShipmentRow => {
  const taken = row.arrivals.flatMap(({ takenIn, ranges, damaged }) => (takenIn ? [...ranges, ...damaged] : []));
  const lost = sizeOf(row.missing);
  const inTransit = sizeOf(row.ranges) - lost - sizeOf(taken);
  const now = { ...row, inTransit, lost };
  return inTransit + lost > 0 ? { ...now, open: 'open', openTo: row.to } : now;
};

const dispatched = (event: Occurred<Stored<StockDispatched>>): ShipmentRow => {
  const { shipment, to, purpose, ranges, handedOverBy, order } = event.data;
  const { from, parity } = parseShipment(shipment) ?? { from: '', parity: 1 };
  return counted({
    id: shipment,
    from,
    to,
    parity,
    purpose,
    ...(order === undefined ? {} : { order }),
    status: 'inTransit',
    ranges,
    arrivals: [],
    missing: [],
    surplus: [],
    handedOverBy,
    dispatchedAt: atOf(event),
    inTransit: 0,
    lost: 0,
  });
};

const arrived = (row: ShipmentRow, arrival: Arrival) => [...row.arrivals, { ...arrival, takenIn: false }];

/** What is or was on its way between two organisations. */
export const shipment = projection<StoredEvent, ShipmentRow>({
  name: 'shipment',
  indexes: { coming: ['openTo', 'dispatchedAt'], sent: ['from', 'dispatchedAt'], open: ['open', 'dispatchedAt'] },
  keysOf: (event) => {
    if (event.type === 'StockDispatched' || event.type === 'StockReceived') return [event.data.shipment];
    return event.stream.startsWith(prefix) ? [event.stream.slice(prefix.length)] : [];
  },
  on: {
    StockDispatched: (_, event) => dispatched(event),
    ShipmentReceived: (row, event) => {
      if (row === undefined) return undefined;
      const { at, ranges, damaged, missing, surplus, receivedBy } = event.data;
      const arrivals = arrived(row, { arrival: 1, at, ranges, damaged });
      const settledAt = atOf(event);
      return counted({ ...row, status: 'received', arrivals, missing, surplus, receivedBy, settledAt });
    },
    ShipmentTakenBack: (row, event) => {
      if (row === undefined) return undefined;
      const arrivals = arrived(row, { arrival: 1, at: event.data.at, ranges: event.data.ranges, damaged: [] });
      return counted({ ...row, status: 'takenBack', arrivals, settledAt: atOf(event) });
    },
    MissingSerialsFound: (row, { data: { arrival, at, ranges } }) =>
      row &&
      counted({
        ...row,
        missing: without(row.missing, ranges),
        arrivals: arrived(row, { arrival, at, ranges, damaged: [] }),
      }),
    StockReceived: (row, { data }) =>
      row &&
      counted({
        ...row,
        arrivals: row.arrivals.map((one) => (one.arrival === data.arrival ? { ...one, takenIn: true } : one)),
      }),
  },
});
