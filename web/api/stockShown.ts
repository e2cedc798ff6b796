import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { OfStock } from '#application/stockActing.ts';
import type { StockView } from '#application/stockRows.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import { Problem } from '../problems.ts';
import { etagOf } from './preconditions.ts';
import { bearerStaff } from './sessionApi.ts';
import { rangeOut, rangesOut, surplusOut } from './stockSchemas.ts';

const etag = (revision: number | undefined): string | undefined =>
  revision === undefined || revision < 0 ? undefined : etagOf(revision);

/** A stock in numbers. */
export const numbersOf = ({ deps }: Services, view: StockView) => {
  const { office, parity, counts, coming, threshold, low, forecast } = view;
  const { perWeek, runsOutOn, suggested } = forecast;
  const name = deps.offices.find(office)?.name ?? office;
  return { office, name, parity, counts, coming, threshold, low, perWeek, runsOutOn, suggested };
};

export const shipmentOf = (row: ShipmentRow) => {
  const { id, from, to, parity, purpose, order, status, inTransit, lost, handedOverBy, dispatchedAt } = row;
  const { receivedBy, settledAt, spoilt } = row;
  const serials = { ranges: rangesOut(parity, row.ranges), missing: rangesOut(parity, row.missing) };
  const said = { from, to, parity, purpose, order, status, inTransit, lost, handedOverBy, dispatchedAt };
  const surplus = surplusOut(parity, row.surplus);
  return { shipment: id, ...said, ...serials, surplus, spoilt: spoilt === true, receivedBy, settledAt };
};

/** One stock as whoever asks may see it. Throws `forbidden`. */
export const stockSeen = async (services: Services, request: FastifyRequest, of: OfStock) => {
  if (services.deps.offices.find(of.office) === undefined) throw new Problem('absent');
  const read = await services.stock.view(bearerStaff(request), of);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  const { view, sent, coming, requests, disposals, missing, merged } = read;
  const { row } = view;
  const { parity } = of;
  const out = (ranges: Ranges = []) => rangesOut(parity, ranges);
  const open = row?.open;
  const body = {
    ...numbersOf(services, view),
    held: out(row?.held),
    issued: out(row?.issued),
    voided: out(row?.voided),
    writtenOff: out(row?.writtenOff),
    destroyed: out(row?.destroyed),
    missing: missing.map(({ holder, shipment, ...range }) => ({ ...rangeOut(parity, range), holder, shipment })),
    sent: sent.map(shipmentOf),
    toReceive: coming.map(shipmentOf),
    requests,
    openCount: open && {
      ...open,
      missing: out(open.missing),
      found: out(open.found),
      surplus: surplusOut(parity, open.surplus),
    },
    disposals: disposals.map((one) => ({ ...one, ranges: out(one.ranges) })),
    merged: merged.map((one) => numbersOf(services, one)),
  };
  return { body, etag: etag(row?.revision) };
};

/** One shipment, for those at either end and above. Throws `absent`, `forbidden`. */
export const shipmentSeen = async (services: Services, request: FastifyRequest, number: string) => {
  const read = await services.stock.shipment(bearerStaff(request), number);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  if (read.row === undefined) throw new Problem('absent');
  return { body: shipmentOf(read.row), etag: etag(read.row.revision) };
};
