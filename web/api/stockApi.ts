import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { parseSerial } from '#domain/stock/serial.ts';
import { Problem } from '../problems.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { shipmentActs, stockActs } from './stockActs.ts';
import { byShipment, byStock, shipmentUrl, stockIn, stockUrl } from './stockAddress.ts';
import { placeSchema, shipmentSchema, stockNumbersSchema, stockSchema, waitingSchema } from './stockSchemas.ts';
import { numbersOf, shipmentOf, shipmentSeen, stockSeen } from './stockShown.ts';

const refusals = problems(400, 401, 403, 404);
const common = { security: withBearer };

const reading = (api: Api, services: Services): void => {
  const one = {
    ...common,
    summary: '证件库存 · One organisation’s stock of one parity, with what waits in it (C7)',
    params: byStock,
    response: { 200: stockSchema, ...refusals },
  };
  api.get(`${stockUrl}/:office/:parity`, { schema: one }, async (request, reply) => {
    const { body, etag } = await stockSeen(services, request, stockIn(request.params));
    if (etag !== undefined) reply.header('ETag', etag);
    return body;
  });
  const sums = z.object({ total: stockNumbersSchema, own: stockNumbersSchema, below: z.array(stockNumbersSchema) });
  const below = {
    ...one,
    summary: '库存汇总 · Sums over an organisation and all below it, by each right below (S1)',
    response: { 200: sums, ...refusals },
  };
  api.get(`${stockUrl}/:office/:parity/below`, { schema: below }, async (request) => {
    const { office: of, parity } = stockIn(request.params);
    if (services.deps.offices.find(of) === undefined) throw new Problem('absent');
    const read = await services.stock.totals(bearerStaff(request), of, parity);
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    return {
      total: numbersOf(services, read.total),
      own: numbersOf(services, read.own),
      below: read.below.map(({ view }) => numbersOf(services, view)),
    };
  });
  const moved = {
    ...one,
    summary: '派发单 · What an organisation sent and was sent, newest first',
    response: { 200: z.object({ shipments: z.array(shipmentSchema) }), ...refusals },
  };
  api.get(`${stockUrl}/:office/:parity/shipments`, { schema: moved }, async (request) => {
    const read = await services.stock.movements(bearerStaff(request), stockIn(request.params));
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    return { shipments: read.shipments.map(shipmentOf) };
  });
};

const asking = (api: Api, services: Services): void => {
  const waiting = {
    ...common,
    summary: '待办 · What of stock waits for the people of one’s own organisation',
    response: { 200: waitingSchema, ...problems(401, 403) },
  };
  api.get(`${stockUrl}/waiting`, { schema: waiting }, async (request) => {
    const read = await services.stock.waiting(bearerStaff(request));
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    const { count, toReceive, toDecide, toSend, toConfirm, low } = read;
    return {
      count,
      toReceive: toReceive.map(shipmentOf),
      toDecide: [...toDecide],
      toSend: [...toSend],
      toConfirm: [...toConfirm],
      low: low.map((view) => numbersOf(services, view)),
    };
  });
  const place = {
    ...common,
    summary: '查证件编号 · Where the books have one serial',
    params: z.object({ serial: z.string().max(40) }),
    response: { 200: placeSchema, ...problems(400, 401, 403) },
  };
  api.get(`${stockUrl}/serials/:serial`, { schema: place }, async (request) => {
    const serial = parseSerial(request.params.serial);
    if (serial === undefined) throw new Problem('invalid', { errors: [{ field: 'serial', code: 'badRange' }] });
    const read = await services.stock.place(bearerStaff(request), serial.serial, serial.parity);
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    return read.place;
  });
  const shipment = {
    ...common,
    summary: '一份派发单 · One shipment, for those at either end and above',
    params: byShipment,
    response: { 200: shipmentSchema, ...refusals },
  };
  api.get(`${shipmentUrl}/:shipment`, { schema: shipment }, async (request, reply) => {
    const { body, etag } = await shipmentSeen(services, request, request.params.shipment);
    if (etag !== undefined) reply.header('ETag', etag);
    return body;
  });
};

/** Stock for programs: what the pages of stock do (C7, §3.1.4, §3.2.2). Serials are texts such as `GZ1-2026-00000001`. */
export const stockApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  asking(api, services);
  reading(api, services);
  stockActs(api, services);
  shipmentActs(api, services);
};
