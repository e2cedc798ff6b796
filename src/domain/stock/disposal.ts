import { accepted, rejected } from '../decider.ts';
import { type Of, type Outcome, whenIn } from './commands.ts';
import type { DisposalKind } from './events.ts';
import type { Ranges } from './ranges.ts';
import type { OpenDisposal, StockState } from './state.ts';

/** Runs a step on serials that can be disposed of so: missing ones are written off, void ones destroyed. */
const whenDisposable = (
  kind: DisposalKind,
  ranges: Ranges,
  state: StockState,
  step: (ranges: Ranges) => Outcome,
): Outcome =>
  kind === 'writeOff'
    ? whenIn(ranges, state.missing, 'notMissing', step)
    : whenIn(ranges, state.voided, 'notVoid', step);

/** Told by one person, with the reason and who had them last, or the day of their destruction; one at a time waits. */
export const propose = (command: Of<'ProposeDisposal'>, state: StockState): Outcome => {
  const { of, by, today } = command;
  const reason = command.reason.trim();
  if (state.disposal !== undefined) return rejected({ type: 'proposed', disposal: state.disposal.disposal });
  if (reason === '') return rejected({ type: 'unreasoned' });
  if (of.kind === 'writeOff' && of.holder === '') return rejected({ type: 'noHolder' });
  if (of.kind === 'destruction' && of.destroyedOn > today) return rejected({ type: 'badDay' });
  return whenDisposable(of.kind, command.ranges, state, (ranges) => {
    const data = { disposal: state.disposals + 1, ranges, proposedBy: by, ...of, personal: { reason } };
    return accepted({ type: 'DisposalProposed', data } as const);
  });
};

const whenOpen = (
  { disposal }: { disposal: number },
  state: StockState,
  step: (open: OpenDisposal) => Outcome,
): Outcome => (state.disposal?.disposal === disposal ? step(state.disposal) : rejected({ type: 'noProposal' }));

/** Agreed to, or witnessed, by another person; what is no longer missing, or void, stops it. */
export const approveDisposal = (command: Of<'ApproveDisposal'>, state: StockState): Outcome =>
  whenOpen(command, state, (open) => {
    const { disposal, by } = command;
    if (open.proposedBy === by) return rejected({ type: 'samePerson' });
    return whenDisposable(open.kind, open.ranges, state, (ranges) =>
      open.kind === 'writeOff'
        ? accepted({
            type: 'SerialsWrittenOff',
            data: { disposal, ranges, holder: open.holder, approvedBy: by },
          } as const)
        : accepted({
            type: 'SpoiltSerialsDestroyed',
            data: { disposal, ranges, destroyedOn: open.destroyedOn, witnessedBy: by },
          } as const),
    );
  });

/** Not agreed to, with the reason; or taken back by whoever proposed it. */
export const dismiss = (command: Of<'DismissDisposal'>, state: StockState): Outcome =>
  whenOpen(command, state, ({ disposal }) => {
    const reason = command.reason.trim();
    if (reason === '') return rejected({ type: 'unreasoned' });
    return accepted({
      type: 'DisposalDismissed',
      data: { disposal, dismissedBy: command.by, personal: { reason } },
    } as const);
  });
