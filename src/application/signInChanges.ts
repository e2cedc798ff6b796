import type { SessionRevoked } from '#domain/access/events.ts';
import { type AccountCommand, accountDecider } from '#domain/account/decide.ts';
import { isSecondFactorDemanded } from '#domain/account/signInStage.ts';
import type { AccessRecords } from './access.ts';
import { actingFor } from './acting.ts';
import { type Actor, actorOf, type Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import { derivedId } from './derivedId.ts';
import { handleCommand } from './handleCommand.ts';
import type { Caller, SignIns } from './signIn.ts';
import type { OpenSession } from './signInSessions.ts';

/** Done under the token of a new session, or not: why. */
export type Changed<R> = { outcome: 'done'; token: string } | { outcome: 'refused'; reason: R };

/** Which sessions end, by whom and why. */
type Ending = {
  by: Staff;
  reason: 'byOwner' | 'byAdmin' | 'passwordChanged';
  caller: Caller;
  chosen: (id: string) => boolean;
};

/** Records that a session is ended, once for each session, before it is: of a kill between nothing is lost. */
export const noteRevoked = (
  { sealing }: Deps,
  access: AccessRecords,
  actor: Actor,
  data: SessionRevoked['data'],
): Promise<void> =>
  access.record(actor, { type: 'SessionRevoked', data }, derivedId(sealing, 'sessionRevoked', data.session));

/** What every change of what someone signs in with is made of. */
export const signInChanges = (deps: Deps, access: AccessRecords, signIn: SignIns) => {
  const act = (staff: Staff, account: string, command: AccountCommand) =>
    handleCommand(deps, accountDecider, account, command, actingFor(deps.sealing, { staff, commandId: deps.ids() }));

  /** Ends those sessions of an account that are chosen, each recorded. */
  const endSessions = async (account: string, { by, reason, caller, chosen }: Ending): Promise<number> => {
    const { from, personal } = signIn.recordedOf(caller);
    const { address } = personal;
    return signIn.sessions.endWhere(
      account,
      ({ id }) => chosen(id),
      ({ signIn: session }) =>
        noteRevoked(deps, access, actorOf(by), {
          account,
          session,
          reason,
          ...(from && { from }),
          personal: { address },
        }),
    );
  };

  /** A new token after what was changed; refused where the account may not be signed in to any more. */
  const risen = async <R>(open: OpenSession, caller: Caller): Promise<Changed<R | 'gone'>> => {
    const made = await deps.staff.account(open.account);
    const entered = made && (await signIn.enter(made, open.proofs, caller, open));
    return entered ? { outcome: 'done', token: entered.token } : { outcome: 'refused', reason: 'gone' };
  };

  /** Takes away one thing that someone signs in with, unless nothing would be left where something is demanded. */
  const giveUp = async (
    { account, staff }: OpenSession,
    commandOf: (demanded: boolean) => AccountCommand,
  ): Promise<{ outcome: 'done' | 'demanded' | 'gone' }> => {
    const command = commandOf(isSecondFactorDemanded(staff.role, deps.signIn.secondFactor));
    const handled = await act(staff, account, command);
    if (handled.outcome === 'rejected' && handled.rejection.type === 'demanded') return { outcome: 'demanded' };
    return { outcome: handled.outcome === 'done' ? 'done' : 'gone' };
  };

  return { act, endSessions, risen, giveUp };
};

export type SignInChanges = ReturnType<typeof signInChanges>;
