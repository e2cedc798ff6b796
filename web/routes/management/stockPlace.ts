import type { FastifyRequest } from 'fastify';
import { authorise, type WhatIsAsked } from '#application/authorise.ts';
import type { Services } from '#application/services.ts';
import type { OfStock } from '#application/stockActing.ts';
import type { StockFound } from '#application/stockRows.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';

/** What was found of stock; who may not see it is told so. */
export const seenOf = <T extends object>(found: StockFound<T>): T => {
  if (found.outcome === 'forbidden') throw new Problem('forbidden');
  return found;
};

/** The organisation that an address names. */
export const officeIn = (services: Services, request: FastifyRequest) => {
  const { office } = request.params as { office: string };
  const found = services.deps.offices.find(office);
  if (found === undefined) throw new Problem('absent');
  return found;
};

/** The stock that an address names. */
export const stockIn = (services: Services, request: FastifyRequest): OfStock => {
  const { parity } = request.params as { parity: string };
  if (parity !== '1' && parity !== '2') throw new Problem('absent');
  return { office: officeIn(services, request).code, parity: Number(parity) as PrintedParity };
};

export const stockPage = ({ office, parity }: OfStock): string => `/stock/${office}/${parity}`;
export const shipmentPage = (shipment: string): string => `/shipments/${shipment}`;

/** Whether who is signed in may do something. */
export const may = (services: Services, request: FastifyRequest, asked: WhatIsAsked): boolean =>
  authorise(staffOf(request), asked, services.deps.offices).outcome === 'allowed';

/** An account's holder by name, the account where it is gone. */
export const nameOf = async ({ deps }: Services, account: string | undefined): Promise<string | undefined> =>
  account && ((await deps.staff.nameOf(account)) ?? account);
