import { accepted, type Decider, rejected } from '../decider.ts';
import type { CheckpointSigned } from './events.ts';

export type CheckpointState = { status: 'absent' } | { status: 'signed'; checkpoint: CheckpointSigned['data'] };

export type CheckpointKind = {
  /** `before` is the checkpoint with the number before this one; absent for the first. */
  command: {
    type: 'SignCheckpoint';
    checkpoint: CheckpointSigned['data'];
    before: CheckpointSigned['data'] | undefined;
  };
  state: CheckpointState;
  event: CheckpointSigned;
  /** `taken`: this number is signed; `nothingNew`: only the checkpoint before was added; `otherOrigin`: of another log. */
  rejection: { type: 'taken' } | { type: 'nothingNew' } | { type: 'otherOrigin' };
};

/** A checkpoint of the log as a decider; its stream is `checkpoint-<number>`, so that no two have the same number. */
export const checkpointDecider: Decider<CheckpointKind> = {
  category: 'checkpoint',
  initialState: { status: 'absent' },
  decide: ({ checkpoint, before }, state) => {
    if (state.status === 'signed') return rejected({ type: 'taken' });
    if (before !== undefined && before.origin !== checkpoint.origin) return rejected({ type: 'otherOrigin' });
    // The checkpoint before is an event of its own.
    const least = before === undefined ? 1 : before.size + 2;
    if (checkpoint.size < least) return rejected({ type: 'nothingNew' });
    return accepted({ type: 'CheckpointSigned', data: checkpoint });
  },
  evolve: (_, { data }) => ({ status: 'signed', checkpoint: data }),
};
