import { type AccountKind, accountDecider } from '#domain/account/decide.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import { destroyKey, lastActOn } from './eraseRegistration.ts';
import { type Act, type Handled, type Handling, handleCommand, load } from './handleCommand.ts';

/**
 * Gives up who stood behind a closed account, once it was kept long enough (PIPL art. 47): says so in its stream, then
 * destroys the data key. What was said and not done is done by `destroyDataKey`. The person can be registered again.
 */
export const eraseAccount = async (
  deps: Handling,
  account: string,
  act: Omit<Act, 'basedOn'>,
): Promise<Handled<AccountKind>> => {
  const loaded = await load(deps, accountDecider, account);
  const today = dayInShanghai(deps.clock());
  const closedOn = lastActOn(loaded, today);
  const command = { type: 'EraseAccount', today, closedOn, retention: retentionOn(today) } as const;
  const handled = await handleCommand(deps, accountDecider, account, command, act, loaded);
  if (handled.outcome === 'done') await destroyKey(deps, loaded);
  return handled;
};

/** Destroys the data key of an account whose stream says that it is erased, and of no other. */
export const finishAccountErasure = async (deps: Handling, account: string): Promise<'finished' | 'notErased'> => {
  const loaded = await load(deps, accountDecider, account);
  if (loaded.state.status === 'absent' || loaded.state.erasedOn === undefined) return 'notErased';
  await destroyKey(deps, loaded);
  return 'finished';
};
