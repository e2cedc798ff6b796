import type { PrintedParity } from './serial.ts';

/** The stock of an organisation, as its stream and its row are called. */
export const stockId = (office: string, parity: PrintedParity): string => `${office}-${parity}`;

/** Whose stock of which parity an id means; undefined where it means none. */
export const parseStockId = (id: string): { office: string; parity: PrintedParity } | undefined => {
  const [, office, parity] = /^([0-9A-Z-]{2,30})-([12])$/.exec(id) ?? [];
  return office === undefined ? undefined : { office, parity: parity === '1' ? 1 : 2 };
};

/** Who sent a shipment, and as their how many-th, from 1; undefined for what is no shipment's number. */
export const parseShipment = (text: string): { from: string; parity: PrintedParity; number: number } | undefined => {
  const [, stock = '', number] = /^(.{4,40})-([1-9]\d{0,8})$/.exec(text) ?? [];
  const of = parseStockId(stock);
  return of && { from: of.office, parity: of.parity, number: Number(number) };
};

/** Which request or order of which stock is meant by its name, `<office>-<parity>/<number>`. */
export const parseOrder = (text: string): { office: string; parity: PrintedParity; request: number } | undefined => {
  const [, stock = '', request] = /^(.{4,40})\/([1-9]\d{0,8})$/.exec(text) ?? [];
  const of = parseStockId(stock);
  return of && { ...of, request: Number(request) };
};
