import type { Place, Surplus } from '#domain/stock/events.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { common, type Range, single, sizeOf, without } from '#domain/stock/ranges.ts';
import { type PrintedParity, printedParities } from '#domain/stock/serial.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import type { StockRow } from '#projections/stock.ts';
import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import { officesBelow, subtreeLines } from './offices.ts';
import { type OfStock, topOf } from './stockActing.ts';
import { placesOf } from './stockPlaces.ts';
import { type StockFound, stockRows, stockViewOf } from './stockRows.ts';

/** Serials that are missing, with the account that last had them as far as the books tell. */
export type MissingLine = Range & { holder: string | undefined; shipment: string | undefined };

const newestShown = 50;

/** Who took each of them in last: the newest shipment that brought them, none for those that came from the press. */
const heldLast = (row: StockRow, brought: readonly ShipmentRow[]): readonly MissingLine[] => {
  let left = row.missing;
  const lines: MissingLine[] = [];
  for (const { id, arrivals, receivedBy, handedOverBy } of brought.toReversed()) {
    for (const { at, ranges, missing = [] } of arrivals.filter((one) => one.takenIn && one.at === row.office)) {
      const here = common(left, [...ranges, ...missing]);
      left = without(left, here);
      const holder = at === row.office && missing.length === 0 ? (receivedBy ?? handedOverBy) : handedOverBy;
      lines.push(...here.map((range) => ({ ...range, holder, shipment: id })));
    }
  }
  const printed = left.map((range) => ({ ...range, holder: undefined, shipment: undefined }));
  return [...lines, ...printed].toSorted((one, other) => one.from - other.from);
};

/** What may be seen of stock: the own organisation's and that of those below it (C7, S1). */
export const stockQueries = (deps: Deps) => {
  const { offices, sealing } = deps;
  const { seen, rowsOf, shipments, shipmentOf, newest } = stockRows(deps);

  const reasonOf = async (sealed: string | undefined, id: string): Promise<string | undefined> =>
    sealed && ((await sealing.open(sealed, `stock-${id}`)) as { reason?: string } | undefined)?.reason;
  const openRequests = ({ id, requests }: StockRow) =>
    Promise.all(requests.map(async (one) => ({ ...one, reason: await reasonOf(one.reason, id) })));
  const openDisposals = ({ id, disposals }: StockRow) =>
    Promise.all(
      disposals.map(async (one) => ({
        ...one,
        reason: await reasonOf(one.reason, id),
        refusal: await reasonOf(one.refusal, id),
      })),
    );
  const missingAt = async (row: StockRow): Promise<readonly MissingLine[]> => {
    if (row.missing.length === 0) return [];
    const [to, back] = await Promise.all([shipments('to', row.office), newest('sent', row.office, newestShown)]);
    const ofParity = [...to, ...back].filter(({ parity }) => parity === row.parity);
    return heldLast(
      row,
      ofParity.toSorted((one, other) => (one.dispatchedAt < other.dispatchedAt ? -1 : 1)),
    );
  };
  const standing = async (of: OfStock) => {
    const [rows, open] = await Promise.all([rowsOf([stockId(of.office, of.parity)]), shipments('open', 'open')]);
    const ofParity = open.filter(({ parity }) => parity === of.parity);
    const sent = ofParity.filter(({ from }) => from === of.office);
    const coming = ofParity.filter(({ to, status }) => to === of.office && status === 'inTransit');
    return { rows, sent, coming, view: stockViewOf(deps, of, rows, { sent, coming }) };
  };

  return {
    /**
     * The stock of one organisation: what is coming to it, what it sent that has not all arrived, what waits in it, and what
     * those that merged into it still have.
     */
    view: (staff: Staff, of: OfStock) =>
      seen(staff, { act: 'seeStock', office: of.office }, async () => {
        const { rows, sent, coming, view } = await standing(of);
        const [row] = rows;
        const merged = await Promise.all(
          offices.mergedInto(of.office).map(({ code }) => standing({ office: code, parity: of.parity })),
        );
        return {
          view,
          sent,
          coming,
          requests: row === undefined ? [] : await openRequests(row),
          disposals: row === undefined ? [] : await openDisposals(row),
          missing: row === undefined ? [] : await missingAt(row),
          merged: merged.filter(({ rows: [any] }) => any !== undefined).map((one) => one.view),
        };
      }),

    /** Sums over an organisation with all below it, and over each right below it: they add up to what was printed. */
    totals: (staff: Staff, code: string, parity: PrintedParity) =>
      seen(staff, { act: 'seeStock', office: code }, async () => {
        const office = offices.find(code);
        const rows = await rowsOf(offices.within(code).map((one) => stockId(one, parity)));
        const open = (await shipments('open', 'open')).filter((row) => row.parity === parity);
        const summed = (of: string, codes: readonly string[]) => {
          const all = new Set(codes);
          return stockViewOf(
            deps,
            { office: of, parity },
            rows.filter((row) => all.has(row.office)),
            {
              sent: open.filter(({ from }) => all.has(from)),
              coming: open.filter(({ to, from }) => all.has(to) && !all.has(from)),
            },
          );
        };
        const lines = office === undefined ? [] : subtreeLines(offices, office, officesBelow(offices, code));
        const own = lines.find((line) => line.own)?.codes ?? [];
        return {
          total: summed(code, offices.within(code)),
          own: summed(code, own),
          below: lines
            .filter((line) => !line.own)
            .map((line) => ({ office: line.office, view: summed(line.office.code, line.codes) })),
        };
      }),

    /** One shipment, for those at either end and above them; undefined where there is none of that number. */
    shipment: async (staff: Staff, number: string): Promise<StockFound<{ row: ShipmentRow | undefined }>> => {
      const row = await shipmentOf(number);
      if (row === undefined) return seen(staff, { act: 'seeStock', office: staff.office }, async () => ({ row }));
      const atEnds = await Promise.all(
        [row.to, row.from].map((office) => seen(staff, { act: 'seeStock', office }, async () => ({ row }))),
      );
      return atEnds.find(({ outcome }) => outcome === 'found') ?? (atEnds[0] as (typeof atEnds)[number]);
    },

    /** What an organisation sent and was sent, the newest first. */
    movements: (staff: Staff, { office, parity }: OfStock) =>
      seen(staff, { act: 'seeStock', office }, async () => {
        const both = await Promise.all([newest('to', office, newestShown), newest('sent', office, newestShown)]);
        const ofParity = both.flat().filter((row) => row.parity === parity);
        return {
          shipments: ofParity.toSorted((one, other) => (one.dispatchedAt < other.dispatchedAt ? 1 : -1)),
        };
      }),

    /** Where the books have one serial, for whoever works with stock anywhere: no person stands behind it. */
    place: (staff: Staff, serial: number, parity: PrintedParity): Promise<StockFound<{ place: Place }>> =>
      seen(staff, { act: 'seeStock', office: staff.office }, async () => {
        const top = topOf(offices, offices.current(staff.office));
        const [found]: Surplus = await placesOf(deps, top, parity, [single(serial)]);
        const place: Place = found === undefined ? { where: 'nowhere', of: '' } : { where: found.where, of: found.of };
        return { place };
      }),

    /** The requests that wait for a decision right below an organisation, each with what the asking stock has. */
    requests: (staff: Staff, code: string) =>
      seen(staff, { act: 'seeStock', office: code }, async () => {
        const below = offices.children(code).map((child) => child.code);
        const rows = await rowsOf(below.flatMap((office) => printedParities.map((parity) => stockId(office, parity))));
        return {
          waiting: rows.flatMap(({ office, parity, held, threshold, requests }) =>
            requests
              .filter(({ status }) => status === 'open')
              .map((request) => ({ office, parity, held: sizeOf(held), threshold, ...request })),
          ),
        };
      }),
  };
};
