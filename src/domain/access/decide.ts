import { accepted, type Decider, rejected } from '../decider.ts';
import type { AccessEvent } from './events.ts';

/** Whether an access stands in its stream. */
export type AccessState = { recorded: boolean };

export type AccessKind = {
  command: { type: 'RecordAccess'; access: AccessEvent };
  state: AccessState;
  event: AccessEvent;
  rejection: { type: 'occupied' };
};

/** An access record as a decider; its stream `access-<uuid>` holds one event and is written without being read (S6). */
export const accessDecider: Decider<AccessKind> = {
  category: 'access',
  initialState: { recorded: false },
  decide: ({ access }, { recorded }) => (recorded ? rejected({ type: 'occupied' }) : accepted(access)),
  evolve: () => ({ recorded: true }),
};
