import { accountDecider } from '#domain/account/decide.ts';
import { staffPersonDecider } from '#domain/account/reservation.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { type Act, type Handling, handleCommand, load } from './handleCommand.ts';

/** `anew`: for an account that there is and that is to become this person's. */
type Asked = { person: string; account: string; act: Omit<Act, 'commandId'>; anew?: boolean };
type Reserving = Handling & { ids: () => string };

/**
 * The live account that a person was given to at a position of the log; undefined where it never came, is closed, or is
 * another person's by now. Who stands where they stood when the person was given to them is still to become theirs.
 */
const liveHolder = async (deps: Reserving, person: string, holder: string, since: number) => {
  const { state, last } = await load(deps, accountDecider, holder);
  if (state.status === 'absent' || state.status === 'closed') return undefined;
  return state.lookup.idNumber === person || (last?.position ?? 0) < since ? state : undefined;
};

/**
 * Gives a person (the keyed hash of their ID number) to one account: one has one live account. Names that were reserved and
 * never came are passed over, not taken over: they may be another office's. `keepsPerson` tells such a late comer.
 */
export const reservePerson = async (
  deps: Reserving,
  { person, account, act, anew = false }: Asked,
): Promise<{ outcome: 'reserved' } | { outcome: 'held'; by: MadeAccount }> => {
  let ended: string | undefined;
  for (;;) {
    const command = { type: 'ReserveStaffPerson', account, anew, ...(ended === undefined ? {} : { ended }) } as const;
    const reserved = await handleCommand(deps, staffPersonDecider, person, command, { ...act, commandId: deps.ids() });
    if (reserved.outcome === 'done') return { outcome: 'reserved' };
    if (reserved.outcome === 'stale') throw new Error('A reservation is never based on a page.');
    const { state, last } = await load(deps, staffPersonDecider, person);
    const holder = state.holder ?? reserved.rejection.holder;
    const by = await liveHolder(deps, person, holder, last?.position ?? 0);
    if (by !== undefined && holder !== account) return { outcome: 'held', by };
    ended = holder;
  }
};

/** Whether a person is still given to this account: nobody passed over it before it came. */
export const keepsPerson = async (deps: Handling, person: string, account: string): Promise<boolean> =>
  (await load(deps, staffPersonDecider, person)).state.holder === account;
