import type { Deps } from './deps.ts';
import type { Json } from './ports.ts';
import type { Caller, SignIns } from './signIn.ts';
import type { Changed, SignInChanges } from './signInChanges.ts';
import type { OpenSession } from './signInSessions.ts';

/** Making, naming and removing one's own passkeys. */
export const signInPasskeys = (deps: Deps, signIn: SignIns, { act, risen, giveUp }: SignInChanges) => ({
  /** What a browser needs to make a passkey for the owner of a session. */
  passkeyCreation: async (open: OpenSession): Promise<Json> => {
    const made = await deps.staff.account(open.account);
    const challenge = await signIn.proofs.challenge(open.account);
    const known = made?.passkeys.map(({ credential }) => credential) ?? [];
    return deps.signIn.passkeys.creation(challenge, open.account, known);
  },

  /** Adds the passkey that a browser made; the session then counts as opened with it. */
  addPasskey: async (
    open: OpenSession,
    { answer, label }: { answer: unknown; label: string },
    caller: Caller,
  ): Promise<Changed<'wrong' | 'gone'>> => {
    const { passkeys } = deps.signIn;
    const challenge = passkeys.challengeOf(answer);
    if (challenge === undefined || !(await signIn.proofs.answered(challenge, open.account))) {
      return { outcome: 'refused', reason: 'wrong' };
    }
    const passkey = await passkeys.created(answer, challenge);
    if (passkey === undefined) return { outcome: 'refused', reason: 'wrong' };
    const handled = await act(open.staff, open.account, { type: 'AddPasskey', ...passkey, label });
    if (handled.outcome !== 'done') return { outcome: 'refused', reason: 'gone' };
    return risen({ ...open, proofs: [...new Set([...open.proofs, 'passkey' as const])] }, caller);
  },

  removePasskey: (open: OpenSession, credential: string) =>
    giveUp(open, (demanded) => ({ type: 'RemovePasskey', credential, demanded })),
});
