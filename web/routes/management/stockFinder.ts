import { parseSerial, serialText } from '#domain/stock/serial.ts';
import { staffOf } from './access.ts';
import { placeText } from './stockFaults.ts';
import type { Turn } from './stockForm.ts';
import { nameOf, seenOf, shipmentPage } from './stockPlace.ts';

/** Where the serial is that was asked for. */
export const foundSerial = async ({ services, request }: Turn) => {
  const { find } = request.query as { find?: unknown };
  if (typeof find !== 'string' || find.trim() === '') return undefined;
  const text = find.trim().slice(0, 60);
  const serial = parseSerial(text);
  if (serial === undefined) return { text, answer: request.text('stock.find.noSerial'), unread: true };
  const { place } = seenOf(await services.stock.place(staffOf(request), serial.serial, serial.parity));
  const where = placeText(services, request, place);
  const sent = place.where.endsWith('ransit') ? await services.stock.shipment(staffOf(request), place.of) : undefined;
  const row = sent?.outcome === 'found' ? sent.row : undefined;
  const holder = await nameOf(services, row?.handedOverBy);
  return {
    text,
    answer: request.text('stock.find.answer', { serial: serialText(serial.parity, serial.serial), place: where }),
    holder: holder && request.text('stock.find.holder', { name: holder }),
    href: row && shipmentPage(row.id),
  };
};
