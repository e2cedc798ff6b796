import { accountDecider } from '#domain/account/decide.ts';
import { staffPersonDecider } from '#domain/account/reservation.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { type Act, type Handling, handleCommand, load } from './handleCommand.ts';

type Asked = { person: string; account: string; act: Omit<Act, 'commandId'> };
type Reserving = Handling & { ids: () => string };

/** Who holds a person: `unmade` where their account never came, `ended` where it is closed or another person's by now. */
const holderOf = async (deps: Reserving, person: string, holder: string): Promise<'unmade' | 'ended' | MadeAccount> => {
  const { state } = await load(deps, accountDecider, holder);
  if (state.status === 'absent') return 'unmade';
  return state.status === 'closed' || state.lookup.idNumber !== person ? 'ended' : state;
};

/**
 * Gives a person (the keyed hash of their ID number) to one account: one has one live account. A reservation whose process
 * died before its account came is completed by whoever comes next, under the name it reserved: `account` of the answer.
 */
export const reservePerson = async (
  deps: Reserving,
  { person, account, act }: Asked,
): Promise<{ outcome: 'reserved'; account: string } | { outcome: 'held'; by: MadeAccount }> => {
  let ended: string | undefined;
  for (;;) {
    const command = { type: 'ReserveStaffPerson', account, ...(ended === undefined ? {} : { ended }) } as const;
    const reserved = await handleCommand(deps, staffPersonDecider, person, command, { ...act, commandId: deps.ids() });
    if (reserved.outcome === 'done') return { outcome: 'reserved', account };
    if (reserved.outcome === 'stale') throw new Error('A reservation is never based on a page.');
    const { holder } = reserved.rejection;
    const found = await holderOf(deps, person, holder);
    if (found === 'unmade') return { outcome: 'reserved', account: holder };
    if (found !== 'ended') return { outcome: 'held', by: found };
    ended = holder;
  }
};
