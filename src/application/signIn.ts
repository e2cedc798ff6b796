import type { SignInRefused } from '#domain/access/events.ts';
import { type Proof, proofAgain, stageOf } from '#domain/account/signInStage.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { type AccessRecords, fromOf } from './access.ts';
import { actorOf, type Origin, type Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import { signInGate, type Tried, type Tryer } from './signInGate.ts';
import { signInProofs } from './signInProofs.ts';
import { type Client, type OpenSession, signInSessions } from './signInSessions.ts';

/** From where someone signs in: by what, origin, line (their network, fine), browser, and the devices an account is known on. */
export type Caller = {
  client: Client;
  origin: Origin;
  line: string;
  agent: string;
  deviceOf: (account: string) => string | undefined;
};

/** In, perhaps with something still due; refused, never saying of what; or locked for so many more minutes. */
export type SignInOutcome =
  | { outcome: 'signedIn'; token: string; session: OpenSession }
  | { outcome: 'refused' }
  | { outcome: 'locked'; minutes: number };

type Refused = Exclude<SignInOutcome, { outcome: 'signedIn' }>;
type RefusedReason = SignInRefused['data']['reason'];

/** Whether someone has come in, though perhaps not to everything: before the second factor they have not. */
const isIn = ({ stage }: OpenSession): boolean => stage !== 'secondFactor';

const signInActor = { kind: 'system', name: 'signIn' } as const;
const notedMs = 15 * 60_000;

/** Signing in, proving more, and out again; every one of them is recorded. */
export const signIns = (deps: Deps, access: AccessRecords) => {
  const sessions = signInSessions(deps);
  const gate = signInGate(deps);
  const proofs = signInProofs(deps);

  const tryerOf = ({ line, deviceOf }: Caller, account: string): Tryer => ({
    network: line,
    device: deviceOf(account),
  });
  const recordedOf = ({ origin, agent }: Caller) => {
    const from = fromOf(deps.sealing, origin);
    return { ...(from && { from }), personal: { address: origin.address, agent } };
  };

  /** Whether a refusal is to be recorded: some are once in a while for each line, however often someone tries. */
  const isFirst = (what: string, caller: Caller): Promise<boolean> => {
    const now = deps.clock();
    const id = deps.sealing.lookupKey('refusalNoted', `${what}\n${caller.line}`);
    return deps.transientStore.putIfAbsent('refusalNoted', id, {}, now, now + notedMs);
  };

  /** What was typed is kept nowhere; of accounts that there are not, whoever tries many names leaves one record. */
  const noteRefusal = async (made: MadeAccount | undefined, reason: RefusedReason, caller: Caller) => {
    if (made === undefined && !(await isFirst('absent', caller))) return;
    const { from, personal } = recordedOf(caller);
    const data = {
      ...(made && { account: made.account }),
      ...(from && { from }),
      reason,
      personal: { address: personal.address },
    };
    await access.record(signInActor, { type: 'SignInRefused', data });
  };

  /** That someone is locked is recorded once in a while, however often they try. */
  const noteLock = async (typed: string, caller: Caller) => {
    if (await isFirst(`locked ${typed}`, caller)) await noteRefusal(await deps.staff.account(typed), 'locked', caller);
  };

  /** Lets one try through where the gate is open; `check` answers undefined where it was wrong, which is recorded. */
  const guarded = async <T>(
    tried: Tried,
    account: string,
    caller: Caller,
    check: (made: MadeAccount | undefined) => Promise<T | undefined>,
  ): Promise<{ outcome: 'right'; found: T; made: MadeAccount } | Refused> => {
    const tryer = tryerOf(caller, account);
    const entered = await gate.enter(tried, account, tryer);
    if (entered.outcome === 'locked') {
      await noteLock(account, caller);
      return entered;
    }
    const made = await deps.staff.account(account);
    const found = await check(made);
    if (made !== undefined && found !== undefined) {
      await gate.forget(tried, account, tryer);
      return { outcome: 'right', found, made };
    }
    const inactive = made !== undefined && made.status !== 'active';
    await noteRefusal(made, inactive ? 'disabled' : tried === 'code' ? 'secondWrong' : 'wrong', caller);
    const minutes = await gate.lockedFor(tried, account, tryer);
    return minutes === 0 ? { outcome: 'refused' } : { outcome: 'locked', minutes };
  };

  /** A session with what has been proved, under a new token; recorded once nothing more is to be proved. */
  const enter = async (made: MadeAccount, proved: readonly Proof[], caller: Caller, before?: OpenSession) => {
    const stage = stageOf(proved, made, deps.signIn.secondFactor);
    const where = { network: caller.origin.network, agent: caller.agent };
    const { client } = caller;
    const { token } = await sessions.start({ account: made.account, client, proofs: proved, stage, where, before });
    const session = await sessions.open(token, client);
    return session && { token, session };
  };

  const noteSignIn = async (staff: Staff, proved: readonly Proof[], session: OpenSession, caller: Caller) => {
    const second = proved.find((proof) => proof === 'totp' || proof === 'recoveryCode');
    const data = {
      account: session.account,
      session: session.signIn,
      method: proved.includes('passkey') ? ('passkey' as const) : ('password' as const),
      ...(second && { second }),
      ...recordedOf(caller),
    };
    await access.record(actorOf(staff), { type: 'SignedIn', data });
  };

  const signedIn = async (
    made: MadeAccount,
    proved: readonly Proof[],
    caller: Caller,
    before?: OpenSession,
  ): Promise<SignInOutcome> => {
    const entered = await enter(made, proved, caller, before);
    if (entered === undefined) return { outcome: 'refused' };
    const { session } = entered;
    const wasIn = before !== undefined && isIn(before);
    if (isIn(session) && !wasIn) await noteSignIn(session.staff, proved, session, caller);
    return { outcome: 'signedIn', ...entered };
  };

  return {
    sessions,
    proofs,
    enter,
    guarded,
    recordedOf,

    /** By account and password, in equal time for absent accounts. */
    byPassword: async (account: string, typed: string, caller: Caller): Promise<SignInOutcome> => {
      const tried = await guarded('password', account, caller, async (made) =>
        (await proofs.password(made, typed)) ? 'password' : undefined,
      );
      return tried.outcome === 'right' ? signedIn(tried.made, ['password'], caller) : tried;
    },

    /** The second step: a code of the app, or a recovery code. */
    byCode: async (open: OpenSession, typed: string, caller: Caller): Promise<SignInOutcome> => {
      const tried = await guarded('code', open.account, caller, async (made) => made && proofs.code(made, typed));
      return tried.outcome === 'right' ? signedIn(tried.made, [...open.proofs, tried.found], caller, open) : tried;
    },

    /** Proves anew, within a session, who sits there, by code or password; refused where only a passkey does (`proofAgain`). */
    again: async (open: OpenSession, typed: string, caller: Caller): Promise<SignInOutcome> => {
      const known = await deps.staff.account(open.account);
      const by = known === undefined ? 'password' : proofAgain(known, deps.signIn.secondFactor);
      if (by === 'passkey') return { outcome: 'refused' };
      const tried = await guarded(by, open.account, caller, async (made) => {
        if (made === undefined) return undefined;
        if (by === 'code') return proofs.code(made, typed);
        return (await proofs.password(made, typed)) ? ('password' as const) : undefined;
      });
      if (tried.outcome !== 'right') return tried;
      const entered = await enter(tried.made, [...new Set([...open.proofs, tried.found])], caller, open);
      return entered === undefined ? { outcome: 'refused' } : { outcome: 'signedIn', ...entered };
    },

    /** By a passkey alone, which is two factors; `before`: the session it is to take the place of. */
    byPasskey: async (answer: unknown, caller: Caller, before?: OpenSession): Promise<SignInOutcome> => {
      const found = await proofs.passkey(answer);
      const made = found && (await deps.staff.account(found.account));
      if (made === undefined) {
        await noteRefusal(undefined, 'wrong', caller);
        return { outcome: 'refused' };
      }
      const same = before?.account === made.account ? before : undefined;
      return signedIn(made, [...(same?.proofs ?? []), 'passkey'], caller, same);
    },

    out: async (open: OpenSession, caller: Caller): Promise<void> => {
      await sessions.endWhere(open.account, ({ id }) => id === open.id);
      if (!isIn(open)) return;
      const { from, personal } = recordedOf(caller);
      const data = {
        account: open.account,
        session: open.signIn,
        ...(from && { from }),
        personal: { address: personal.address },
      };
      await access.record(actorOf(open.staff), { type: 'SignedOut', data });
    },
  };
};

export type SignIns = ReturnType<typeof signIns>;
