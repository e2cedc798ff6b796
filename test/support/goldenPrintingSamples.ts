import type { Decider, Kind } from '#domain/decider.ts';
import { printingDecider } from '#domain/printing/decide.ts';
import type { PrintingEvent } from '#domain/printing/events.ts';

const stream = 'printers-520111004';

/** One event of every type that concerns printers: what new golden files are made of. */
export const printingSamples: {
  readonly [T in PrintingEvent['type']]: { stream: string; data: Extract<PrintingEvent, { type: T }>['data'] };
} = {
  PrinterAdded: { stream, data: { printer: 1, name: '窗口一' } },
  PrinterAdjusted: { stream, data: { printer: 1, dx: 1.5, dy: -0.3 } },
  PrinterRemoved: { stream, data: { printer: 1 } },
};

const printers = (into: object, ...after: readonly PrintingEvent['type'][]) => ({
  decider: printingDecider as unknown as Decider<Kind>,
  after,
  into,
});

/** What each of them does to its aggregate. */
export const printingFolds = {
  PrinterAdded: printers({ added: 1, printers: [{ printer: 1, name: '窗口一', dx: 0, dy: 0 }] }),
  PrinterAdjusted: printers({ printers: [{ printer: 1, dx: 1.5, dy: -0.3 }] }, 'PrinterAdded'),
  PrinterRemoved: printers({ added: 1, printers: [] }, 'PrinterAdded'),
};
