/** An office has a printer for ordinary certificates; its printers are numbered from 1. */
export type PrinterAdded = { type: 'PrinterAdded'; data: { printer: number; name: string } };

/** How far a printer is off was measured: what it prints moves right by `dx` and down by `dy` millimetres, to a tenth. */
export type PrinterAdjusted = { type: 'PrinterAdjusted'; data: { printer: number; dx: number; dy: number } };

/** The printer is gone; its number is not given again. */
export type PrinterRemoved = { type: 'PrinterRemoved'; data: { printer: number } };

export type PrintingEvent = PrinterAdded | PrinterAdjusted | PrinterRemoved;
