import type { Purpose, ShipmentEvent, StockDispatched, StockReceived, Surplus } from '#domain/stock/events.ts';
import { parseShipment } from '#domain/stock/numbers.ts';
import { type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { type Arrival, evolve } from '#domain/stock/shipment.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** One shipment by its number (C7). */
export type ShipmentRow = {
  id: string;
  /** Of the shipment's own stream: -1 while it is on its way. */
  revision: number;
  from: string;
  to: string;
  parity: PrintedParity;
  purpose: Purpose;
  order?: string;
  /** Void ones, on their way to be destroyed. */
  spoilt?: true;
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
  const taken = row.arrivals.flatMap(({ takenIn, ranges, damaged, missing = [] }) =>
    takenIn ? [...ranges, ...damaged, ...missing] : [],
  );
  const lost = sizeOf(row.missing);
  const inTransit = sizeOf(row.ranges) - lost - sizeOf(taken);
  const now = { ...row, inTransit, lost };
  return inTransit + lost > 0 ? { ...now, open: 'open', openTo: row.to } : now;
};

const dispatched = (event: Occurred<Stored<StockDispatched>>): ShipmentRow => {
  const { shipment, to, purpose, ranges, handedOverBy, order, spoilt } = event.data;
  const { from, parity } = parseShipment(shipment) ?? { from: '', parity: 1 };
  return counted({
    id: shipment,
    revision: -1,
    from,
    to,
    parity,
    purpose,
    ...(order === undefined ? {} : { order }),
    ...(spoilt && { spoilt }),
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

/** How it stands as the aggregate has it, each arrival with whether it was taken in. */
const folded = (row: ShipmentRow, event: Occurred<Stored<ShipmentEvent>>): ShipmentRow => {
  const { status, arrivals, missing } = evolve(row, event as never as ShipmentEvent);
  const before = new Set(row.arrivals.filter(({ takenIn }) => takenIn).map(({ arrival }) => arrival));
  const told = arrivals.map((one) => ({ ...one, takenIn: before.has(one.arrival) }));
  return counted({ ...row, status, missing, arrivals: told, revision: event.revision });
};

/** What is or was on its way between two organisations. */
export const shipment = projection<StoredEvent, ShipmentRow>({
  name: 'shipment',
  indexes: {
    coming: ['openTo', 'dispatchedAt'],
    sent: ['from', 'dispatchedAt'],
    to: ['to', 'dispatchedAt'],
    open: ['open', 'dispatchedAt'],
  },
  keysOf: (event) => {
    if (event.type === 'StockDispatched' || event.type === 'StockReceived') return [event.data.shipment];
    return event.stream.startsWith(prefix) ? [event.stream.slice(prefix.length)] : [];
  },
  on: {
    StockDispatched: (_, event) => dispatched(event),
    ShipmentReceived: (row, event) => {
      const { surplus, receivedBy } = event.data;
      return row && folded({ ...row, surplus, receivedBy, settledAt: atOf(event) }, event);
    },
    ShipmentTakenBack: (row, event) => row && folded({ ...row, settledAt: atOf(event) }, event),
    MissingSerialsFound: (row, event) => row && folded(row, event),
    LossTakenOver: (row, event) => row && folded(row, event),
    StockReceived: (row, { data }) =>
      row &&
      counted({
        ...row,
        arrivals: row.arrivals.map((one) => (one.arrival === data.arrival ? { ...one, takenIn: true } : one)),
      }),
  },
});
