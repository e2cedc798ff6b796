import type { AccountCommand } from '#domain/account/decide.ts';
import type { Deps } from './deps.ts';
import { newRecoveryCodes, recoveryHash } from './recoveryCodes.ts';
import type { Caller, SignIns } from './signIn.ts';
import type { Changed, SignInChanges } from './signInChanges.ts';
import type { OpenSession } from './signInSessions.ts';

const shownMs = 10 * 60_000;
const enrolmentMs = 15 * 60_000;
const secretBytes = 20;

/** Setting up the authenticator app and its recovery codes, and giving them up. */
export const signInApp = (deps: Deps, signIn: SignIns, { act, endSessions, risen, giveUp }: SignInChanges) => {
  /** Each session sets up a secret of its own: nobody learns the one that somebody else takes into use. */
  const pendingSecret = async ({ signIn: session }: OpenSession): Promise<string | undefined> => {
    const found = await deps.transientStore.get('enrolment', session, deps.clock());
    return found && (deps.sealing.openTransient(String(found['sealed']), session) as string | undefined);
  };

  /** Records new recovery codes by an event of theirs; they are kept, sealed, for a few minutes to be shown. */
  const takeCodes = async (
    open: OpenSession,
    commandOf: (hashes: readonly string[]) => AccountCommand,
  ): Promise<boolean> => {
    const codes = newRecoveryCodes(deps);
    const command = commandOf(codes.map((one) => recoveryHash(deps, open.account, one)));
    if ((await act(open.staff, open.account, command)).outcome !== 'done') return false;
    const sealed = deps.sealing.sealTransient(codes, open.signIn);
    await deps.transientStore.put('recoveryCodes', open.signIn, { sealed }, deps.clock() + shownMs);
    return true;
  };

  return {
    /** The secret that is being set up in a session, the same for a quarter of an hour, and what an app reads of it. */
    beginEnrolment: async (open: OpenSession): Promise<{ secret: string; uri: string }> => {
      const { oneTimeCodes } = deps.signIn;
      const known = await pendingSecret(open);
      const secret = known ?? oneTimeCodes.secretOf(deps.randomBytes(secretBytes));
      if (known === undefined) {
        const sealed = deps.sealing.sealTransient(secret, open.signIn);
        await deps.transientStore.put('enrolment', open.signIn, { sealed }, deps.clock() + enrolmentMs);
      }
      return { secret, uri: oneTimeCodes.uriOf(secret, open.account) };
    },

    /**
     * Takes the secret into use once a code shows that the app has it; the recovery codes are shown next. All other sessions
     * end: they were opened without it.
     */
    enrol: async (open: OpenSession, code: string, caller: Caller): Promise<Changed<'wrong' | 'expired' | 'gone'>> => {
      const { account } = open;
      const secret = await pendingSecret(open);
      if (secret === undefined) return { outcome: 'refused', reason: 'expired' };
      const digits = code.normalize('NFKC').replace(/[\s-]/g, '');
      if (!(await signIn.proofs.totp(account, secret, digits))) return { outcome: 'refused', reason: 'wrong' };
      const taken = await takeCodes(open, (recoveryHashes) => ({ type: 'EnrolTotp', secret, recoveryHashes }));
      if (!taken) return { outcome: 'refused', reason: 'gone' };
      await deps.transientStore.remove('enrolment', open.signIn);
      const chosen = (id: string) => id !== open.id;
      await endSessions(account, { by: open.staff, reason: 'byOwner', caller, chosen });
      return risen({ ...open, proofs: [...new Set([...open.proofs, 'totp' as const])] }, caller);
    },

    /** New recovery codes in the place of all old ones; false where no app is set up. */
    renewCodes: (open: OpenSession): Promise<boolean> =>
      takeCodes(open, (recoveryHashes) => ({ type: 'RenewRecoveryCodes', recoveryHashes })),

    /** The recovery codes just made, for as long as they may be looked at. */
    codesToShow: async ({ signIn: session }: OpenSession): Promise<readonly string[] | undefined> => {
      const found = await deps.transientStore.get('recoveryCodes', session, deps.clock());
      return found && (deps.sealing.openTransient(String(found['sealed']), session) as readonly string[] | undefined);
    },
    codesKept: ({ signIn: session }: OpenSession): Promise<void> =>
      deps.transientStore.remove('recoveryCodes', session),

    removeTotp: (open: OpenSession) => giveUp(open, (demanded) => ({ type: 'RemoveTotp', demanded })),
  };
};
