import { stockId } from '#domain/stock/numbers.ts';
import { printedParities } from '#domain/stock/serial.ts';
import { orderName } from '#domain/stock/state.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import type { StockRow } from '#projections/stock.ts';
import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import type { OfStock } from './stockActing.ts';
import { type StockView, stockRows, stockViewOf } from './stockRows.ts';

/** A request or an order by its number; `name` is what a dispatch that answers it says. */
export type RequestLine = OfStock & { request: number; count: number; at: string; name: string };

/** What waits for a second person. */
export type ToConfirm = OfStock & {
  what: 'count' | 'writeOff' | 'destruction';
  number: number;
  by: string;
  at: string;
};

/** What of stock waits for the people of an organisation; `count` is what a badge says. */
export type StockWaiting = {
  toReceive: readonly ShipmentRow[];
  /** Requests of those right below. */
  toDecide: readonly RequestLine[];
  /** Approved requests and orders that name this organisation as the source. */
  toSend: readonly RequestLine[];
  /** By another person than whoever asks. */
  toConfirm: readonly ToConfirm[];
  low: readonly StockView[];
  count: number;
};

const lineOf = (row: StockRow, { request, count, at }: StockRow['requests'][number]): RequestLine => ({
  office: row.office,
  parity: row.parity,
  request,
  count,
  at,
  name: orderName(row.id, request),
});

const confirmable = ({ office, parity, open, disposals }: StockRow): readonly ToConfirm[] => [
  ...(open ? [{ office, parity, what: 'count', number: open.take, by: open.takenBy, at: open.at } as const] : []),
  ...disposals
    .filter(({ status }) => status === 'proposed')
    .map(({ kind, disposal, proposedBy: by, proposedAt: at }) => {
      return { office, parity, what: kind, number: disposal, by, at } as const;
    }),
];

/** What waits for whom (C7, §3.1.4). */
export const stockNotices = (deps: Deps) => {
  const { offices } = deps;
  const { seen, rowsOf, shipments } = stockRows(deps);
  const stocksOf = (codes: readonly string[]) =>
    rowsOf(codes.flatMap((office) => printedParities.map((parity) => stockId(office, parity))));

  return {
    /** All that waits for the people of the organisation that staff work for; forbidden to who does not manage its stock. */
    waiting: (staff: Staff) =>
      seen(staff, { act: 'manageStock', office: staff.office }, async (): Promise<StockWaiting> => {
        const own = offices.current(staff.office);
        const codes = new Set([own, ...offices.mergedInto(own).map(({ code }) => code)]);
        const children = offices.children(own).map(({ code }) => code);
        const siblings = offices.children(offices.find(own)?.parent ?? '').map(({ code }) => code);
        const [ownRows, below, beside, open] = await Promise.all([
          stocksOf([...codes]),
          stocksOf(children),
          stocksOf(siblings.filter((code) => !codes.has(code))),
          shipments('open', 'open'),
        ]);
        const moving = open.filter(({ status }) => status === 'inTransit');
        const answered = new Set(moving.flatMap(({ order }) => order ?? []));
        const toReceive = moving.filter(({ to }) => codes.has(to));
        const toDecide = below.flatMap((row) =>
          row.requests.filter(({ status }) => status === 'open').map((one) => lineOf(row, one)),
        );
        const toSend = [...ownRows, ...below, ...beside].flatMap((row) =>
          row.requests
            .filter(({ status, source }) => status === 'approved' && source !== undefined && codes.has(source))
            .map((one) => lineOf(row, one))
            .filter(({ name }) => !answered.has(name)),
        );
        const toConfirm = ownRows.flatMap(confirmable).filter(({ by }) => by !== staff.account);
        const low = printedParities
          .map((parity) => {
            const rows = ownRows.filter((row) => row.office === own && row.parity === parity);
            const coming = toReceive.filter((row) => row.to === own && row.parity === parity);
            return stockViewOf(deps, { office: own, parity }, rows, { sent: [], coming });
          })
          .filter((view) => view.low);
        const count = toReceive.length + toDecide.length + toSend.length + toConfirm.length + low.length;
        return { toReceive, toDecide, toSend, toConfirm, low, count };
      }),
  };
};
