import { match } from 'ts-pattern';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { PrintingEvent } from './events.ts';

/** A printer of an office and how far it is off, in millimetres. */
export type Printer = { printer: number; name: string; dx: number; dy: number };

/** `added` is how many there ever were. */
export type PrintingState = { added: number; printers: readonly Printer[] };

export type PrintingCommand =
  | { type: 'AddPrinter'; name: string }
  | { type: 'AdjustPrinter'; printer: number; dx: number; dy: number }
  | { type: 'RemovePrinter'; printer: number };

/** Why nothing changed; `tooFar`: beyond `mostOff` millimetres, or finer than a tenth. */
export type PrintingRejection =
  | { type: 'unnamed' }
  | { type: 'nameTaken' }
  | { type: 'tooMany' }
  | { type: 'unknownPrinter' }
  | { type: 'tooFar' };

export type PrintingKind = {
  command: PrintingCommand;
  state: PrintingState;
  event: PrintingEvent;
  rejection: PrintingRejection;
};

type Of<T extends PrintingCommand['type']> = Extract<PrintingCommand, { type: T }>;
type Outcome = Decision<PrintingKind>;

/** Further off than so many millimetres the paper lies wrong, which no setting mends. */
export const mostOff = 20;
const mostPrinters = 50;
const longestName = 30;

const isOff = (mm: number): boolean => Math.abs(mm) <= mostOff && Math.abs(mm * 10 - Math.round(mm * 10)) < 1e-9;

const add = ({ name: typed }: Of<'AddPrinter'>, { added, printers }: PrintingState): Outcome => {
  const name = typed.normalize('NFKC').trim().replace(/\s+/g, ' ');
  if (name === '' || [...name].length > longestName) return rejected({ type: 'unnamed' });
  if (printers.some((one) => one.name === name)) return rejected({ type: 'nameTaken' });
  if (printers.length >= mostPrinters) return rejected({ type: 'tooMany' });
  return accepted({ type: 'PrinterAdded', data: { printer: added + 1, name } } as const);
};

const found = ({ printers }: PrintingState, printer: number, step: (one: Printer) => Outcome): Outcome => {
  const one = printers.find((each) => each.printer === printer);
  return one === undefined ? rejected({ type: 'unknownPrinter' }) : step(one);
};

const adjust = ({ printer, dx, dy }: Of<'AdjustPrinter'>, state: PrintingState): Outcome =>
  found(state, printer, (one) => {
    if (!isOff(dx) || !isOff(dy)) return rejected({ type: 'tooFar' });
    if (one.dx === dx && one.dy === dy) return accepted();
    return accepted({ type: 'PrinterAdjusted', data: { printer, dx, dy } } as const);
  });

const decide = (command: PrintingCommand, state: PrintingState): Outcome =>
  match(command)
    .with({ type: 'AddPrinter' }, (c) => add(c, state))
    .with({ type: 'AdjustPrinter' }, (c) => adjust(c, state))
    .with({ type: 'RemovePrinter' }, ({ printer }) =>
      found(state, printer, () => accepted({ type: 'PrinterRemoved', data: { printer } } as const)),
    )
    .exhaustive();

const evolve = ({ added, printers }: PrintingState, event: PrintingEvent): PrintingState =>
  match(event)
    .with({ type: 'PrinterAdded' }, ({ data }) => ({
      added: data.printer,
      printers: [...printers, { ...data, dx: 0, dy: 0 }],
    }))
    .with({ type: 'PrinterAdjusted' }, ({ data }) => ({
      added,
      printers: printers.map((one) => (one.printer === data.printer ? { ...one, ...data } : one)),
    }))
    .with({ type: 'PrinterRemoved' }, ({ data }) => ({
      added,
      printers: printers.filter(({ printer }) => printer !== data.printer),
    }))
    .exhaustive();

/** The printers of an office as a decider (C3); its stream is `printers-<office>`. */
export const printingDecider: Decider<PrintingKind> = {
  category: 'printers',
  initialState: { added: 0, printers: [] },
  decide,
  evolve,
};
