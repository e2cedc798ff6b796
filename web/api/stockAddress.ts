import { z } from 'zod';
import type { OfStock } from '#application/stockActing.ts';

/** Where stocks and shipments stand. */
export const stockUrl = '/api/v1/stock';
export const shipmentUrl = '/api/v1/shipments';

const office = z.string().regex(/^\d{2}[0-9A-Z-]{0,20}$/);
/** One stock: an organisation's code, and the parity it is printed for. */
export const byStock = z.object({ office, parity: z.enum(['1', '2']) });
export const byShipment = z.object({ shipment: z.string().max(60) });

/** The stock that an address names. */
export const stockIn = (params: z.infer<typeof byStock>): OfStock => ({
  office: params.office,
  parity: params.parity === '1' ? 1 : 2,
});
