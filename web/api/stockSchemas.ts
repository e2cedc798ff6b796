import { z } from 'zod';
import { disposalKinds, purposes, type Surplus } from '#domain/stock/events.ts';
import type { Range, Ranges } from '#domain/stock/ranges.ts';
import { type PrintedParity, parseSerial, serialText } from '#domain/stock/serial.ts';
import { stockSets } from '#domain/stock/state.ts';
import { Problem } from '../problems.ts';

const day = z.string().meta({ format: 'date', description: 'Asia/Shanghai' });
const moment = z.string().meta({ format: 'date-time' });
const serial = z.string().max(40).meta({ example: 'GZ1-2026-00000001' });

/** A run of serials without a gap, both ends included. */
export const rangeSchema = z.object({ from: serial, to: serial }).meta({ id: 'SerialRange' });
export const rangesSchema = z.array(rangeSchema).max(1000);

/** Where serials are by the books; `of` is an organisation's code, or a shipment's number for what is on its way. */
export const placeSchema = z
  .object({ where: z.enum([...stockSets, 'inTransit', 'lostInTransit', 'nowhere']), of: z.string() })
  .meta({ id: 'SerialPlace' });

const surplusSchema = z.array(rangeSchema.extend(placeSchema.shape));

/** How many are where; what is on its way, or was lost there, counts for its sender. */
const countsSchema = z
  .object({
    printed: z.number(),
    held: z.number(),
    issued: z.number(),
    voided: z.number(),
    missing: z.number(),
    writtenOff: z.number(),
    destroyed: z.number(),
    inTransit: z.number(),
    lost: z.number(),
  })
  .meta({ id: 'StockCounts' });

/** One organisation's stock of one parity in numbers, or several as one. */
export const stockNumbersSchema = z
  .object({
    office: z.string(),
    name: z.string(),
    parity: z.number(),
    counts: countsSchema,
    coming: z.number(),
    threshold: z.number(),
    low: z.boolean(),
    perWeek: z.number(),
    runsOutOn: day.optional(),
    suggested: z.number(),
  })
  .meta({ id: 'StockNumbers' });

/** A shipment; `inTransit` and `lost` count what is in no stock. */
export const shipmentSchema = z
  .object({
    shipment: z.string(),
    from: z.string(),
    to: z.string(),
    parity: z.number(),
    purpose: z.enum(purposes),
    spoilt: z.boolean(),
    order: z.string().optional(),
    status: z.enum(['inTransit', 'received', 'takenBack']),
    ranges: rangesSchema,
    missing: rangesSchema,
    surplus: surplusSchema,
    inTransit: z.number(),
    lost: z.number(),
    handedOverBy: z.string(),
    dispatchedAt: moment,
    receivedBy: z.string().optional(),
    settledAt: moment.optional(),
  })
  .meta({ id: 'Shipment' });

/** One stock, with what waits in it. */
export const stockSchema = stockNumbersSchema
  .extend({
    held: rangesSchema,
    issued: rangesSchema,
    voided: rangesSchema,
    writtenOff: rangesSchema,
    destroyed: rangesSchema,
    /** With the account that last had them, as far as the books tell. */
    missing: z.array(rangeSchema.extend({ holder: z.string().optional(), shipment: z.string().optional() })),
    sent: z.array(shipmentSchema),
    coming: z.number(),
    toReceive: z.array(shipmentSchema),
    requests: z.array(
      z.object({
        request: z.number(),
        count: z.number(),
        status: z.enum(['open', 'approved', 'refused', 'answered']),
        source: z.string().optional(),
        at: moment,
        reason: z.string().optional(),
      }),
    ),
    /** A stock-take that waits for the second person. */
    openCount: z
      .object({
        take: z.number(),
        count: z.number(),
        missing: rangesSchema,
        found: rangesSchema,
        surplus: surplusSchema,
        takenBy: z.string(),
        at: moment,
      })
      .optional(),
    disposals: z.array(
      z.object({
        disposal: z.number(),
        kind: z.enum(disposalKinds),
        ranges: rangesSchema,
        status: z.enum(['proposed', 'done', 'dismissed']),
        holder: z.string().optional(),
        destroyedOn: day.optional(),
        reason: z.string().optional(),
        refusal: z.string().optional(),
        proposedBy: z.string(),
        proposedAt: moment,
        decidedBy: z.string().optional(),
        decidedAt: moment.optional(),
      }),
    ),
    merged: z.array(stockNumbersSchema),
  })
  .meta({ id: 'Stock' });

const requestLine = z.object({
  office: z.string(),
  parity: z.number(),
  request: z.number(),
  count: z.number(),
  at: moment,
  name: z.string(),
});

/** What of stock waits for the people of one organisation. */
export const waitingSchema = z
  .object({
    count: z.number(),
    toReceive: z.array(shipmentSchema),
    toDecide: z.array(requestLine),
    toSend: z.array(requestLine),
    toConfirm: z.array(
      z.object({
        office: z.string(),
        parity: z.number(),
        what: z.enum(['count', ...disposalKinds]),
        number: z.number(),
        by: z.string(),
        at: moment,
      }),
    ),
    low: z.array(stockNumbersSchema),
  })
  .meta({ id: 'StockWaiting' });

/** A range as programs write it. */
export const rangeOut = (parity: PrintedParity, { from, to }: Range) => ({
  from: serialText(parity, from),
  to: serialText(parity, to),
});
export const rangesOut = (parity: PrintedParity, ranges: Ranges) => ranges.map((range) => rangeOut(parity, range));

export const surplusOut = (parity: PrintedParity, surplus: Surplus) =>
  surplus.map(({ where, of, ...range }) => ({ ...rangeOut(parity, range), where, of }));

const serialIn = (parity: PrintedParity, field: string, text: string): number => {
  const read = parseSerial(text);
  if (read === undefined) throw new Problem('invalid', { errors: [{ field, code: 'badRange' }] });
  if (read.parity !== parity) throw new Problem('invalid', { errors: [{ field, code: 'otherParity' }] });
  return read.serial;
};

/** Ranges as programs wrote them, of one parity. Throws `invalid` for what is no serial or of the other parity. */
export const rangesIn = (parity: PrintedParity, ranges: z.infer<typeof rangesSchema>, field = 'ranges'): Ranges =>
  ranges.map(({ from, to }) => ({ from: serialIn(parity, field, from), to: serialIn(parity, field, to) }));
