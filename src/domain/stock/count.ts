import { accepted, rejected } from '../decider.ts';
import type { Of, Outcome } from './commands.ts';
import { common, merged, sizeOf, union, without } from './ranges.ts';
import { isSerialRange } from './serial.ts';
import { placed, type StockState } from './state.ts';

const elsewhere = ['issued', 'voided', 'writtenOff', 'destroyed'] as const;

/** Counted (C7): what is missing is named, and what lies here and should not, with where the books have it. */
export const take = (command: Of<'TakeStock'>, state: StockState): Outcome => {
  const { office, places, confirmed, by } = command;
  if (!command.ranges.every(isSerialRange)) return rejected({ type: 'badRange' });
  const counted = merged(command.ranges);
  const named = sizeOf(counted);
  if (command.count !== named) return rejected({ type: 'miscounted', named });
  const missing = without(state.held, counted);
  const found = common(counted, state.missing);
  const own = elsewhere.flatMap((where) => state[where].map((range) => ({ ...range, where, of: office })));
  const surplus = placed(without(counted, union(state.held, found)), [...own, ...places]);
  if (!confirmed && missing.length + surplus.length > 0) return rejected({ type: 'differs', missing, surplus });
  const data = { take: state.takes + 1, count: named, missing, found, surplus, takenBy: by };
  return accepted({ type: 'StockTaken', data } as const);
};

/** Confirmed by another person: what has left or been found since the counting is not missing, or found, once more. */
export const confirmTake = (command: Of<'ConfirmTake'>, { open, held, missing }: StockState): Outcome => {
  if (open?.take !== command.take) return rejected({ type: 'noTake' });
  if (open.takenBy === command.by) return rejected({ type: 'samePerson' });
  const { count, surplus } = open;
  const still = { missing: common(open.missing, held), found: common(open.found, missing) };
  const data = { count, ...still, surplus, take: command.take, confirmedBy: command.by };
  return accepted({ type: 'StockCounted', data } as const);
};
