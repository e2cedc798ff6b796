import { accountDecider } from '#domain/account/decide.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import type { Deps } from './deps.ts';
import { handleCommand } from './handleCommand.ts';
import { asRecoveryCode, recoveryHash } from './recoveryCodes.ts';

const usedCodeMs = 5 * 60_000;
const challengeMs = 5 * 60_000;
const challengeBytes = 32;
const challengeKind = 'passkeyChallenge';
const answeredKind = 'passkeyAnswered';

/** An account that may be signed in to, and as which member of staff. */
const isActive = (made: MadeAccount | undefined): made is MadeAccount => made?.status === 'active';

/** By which passkey someone proved to be whom. */
export type ByPasskey = { account: string; credential: string };

/** The ways to prove that one is the owner of an account. */
export const signInProofs = (deps: Deps) => {
  const means = () => deps.signIn;
  const challengeId = (challenge: string) => deps.sealing.lookupKey('passkeyChallenge', challenge);

  /** A challenge is answered once, for what it was given out for, within minutes. */
  const answered = async (challenge: string, purpose: string): Promise<boolean> => {
    const now = deps.clock();
    const id = challengeId(challenge);
    const given = await deps.transientStore.get(challengeKind, id, now);
    if (given?.['purpose'] !== purpose) return false;
    return deps.transientStore.putIfAbsent(answeredKind, id, {}, now, now + challengeMs);
  };

  /** A code that was right is used up with its time step: whoever saw it typed cannot type it again (RFC 6238, 5.2). */
  const totp = async (account: string, secret: string, code: string): Promise<boolean> => {
    const now = deps.clock();
    const step = means().oneTimeCodes.stepOf(secret, code, now);
    if (step === undefined) return false;
    const id = deps.sealing.lookupKey('usedCode', `${account}\n${secret}\n${step}`);
    return deps.transientStore.putIfAbsent('usedCode', id, {}, now, now + usedCodeMs);
  };

  const recoveryCode = async (account: string, code: string): Promise<boolean> => {
    const command = { type: 'UseRecoveryCode', used: recoveryHash(deps, account, code) } as const;
    const actor = { kind: 'system', name: 'signIn' } as const;
    const handled = await handleCommand(deps, accountDecider, account, command, { commandId: deps.ids(), actor });
    return handled.outcome === 'done';
  };

  return {
    /** Whether a password is that of an account that may be signed in to; the same work where it is not. */
    password: (made: MadeAccount | undefined, typed: string): Promise<boolean> => {
      const password = isActive(made) ? made.password : undefined;
      // An issued one is read off a slip: case and dashes do not matter.
      const meant = password?.mustChange ? (normaliseQueryCode(typed) ?? typed) : typed;
      return deps.staff.verify(meant, password?.hash);
    },

    totp,

    /** What a code proves: that of the app, or one of the recovery codes, which is used up by it; undefined: nothing. */
    code: async (made: MadeAccount, typed: string): Promise<'totp' | 'recoveryCode' | undefined> => {
      if (made.totp === undefined) return undefined;
      const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
      if (/^\d{6}$/.test(digits)) return (await totp(made.account, made.totp.secret, digits)) ? 'totp' : undefined;
      const code = asRecoveryCode(typed);
      return code !== undefined && (await recoveryCode(made.account, code)) ? 'recoveryCode' : undefined;
    },

    /** A new challenge for passkeys; `purpose` is `signIn`, or the account that a passkey is to be added to. */
    challenge: async (purpose: string): Promise<string> => {
      const challenge = Buffer.from(deps.randomBytes(challengeBytes)).toString('base64url');
      await deps.transientStore.put(challengeKind, challengeId(challenge), { purpose }, deps.clock() + challengeMs);
      return challenge;
    },

    answered,

    /** Whose passkey answered, where it is one of theirs and the answer is right. */
    passkey: async (answer: unknown): Promise<ByPasskey | undefined> => {
      const claimed = means().passkeys.claimedBy(answer);
      if (claimed === undefined || !(await answered(claimed.challenge, 'signIn'))) return undefined;
      const made = await deps.staff.account(claimed.account);
      const known = isActive(made) && made.passkeys.find(({ credential }) => credential === claimed.credential);
      if (!known || !(await means().passkeys.isFrom(answer, claimed.challenge, known))) return undefined;
      return { account: claimed.account, credential: claimed.credential };
    },
  };
};
