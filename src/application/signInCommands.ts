import type { AccessRecords } from './access.ts';
import type { Staff } from './actor.ts';
import { trailPage } from './auditLines.ts';
import { authorise, type Forbidden } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { Caller, SignIns } from './signIn.ts';
import { signInApp } from './signInApp.ts';
import { signInChanges } from './signInChanges.ts';
import { signInPasskeys } from './signInPasskeys.ts';
import { signInPassword } from './signInPassword.ts';
import type { OpenSession } from './signInSessions.ts';

const recentLines = 10;

/** What people see and change of what they sign in with and where they are signed in, and what admins end for them. */
export const signInCommands = (deps: Deps, access: AccessRecords, signIn: SignIns) => {
  const changes = signInChanges(deps, access, signIn);
  return {
    ...signInPassword(deps, signIn, changes),
    ...signInApp(deps, signIn, changes),
    ...signInPasskeys(deps, signIn, changes),

    /** How an account is secured, who is in it, and who came in or was kept out lately: for its owner. */
    own: async (open: OpenSession) => {
      const made = await deps.staff.account(open.account);
      const sessions = await signIn.sessions.list(open.account);
      const { lines } = await trailPage(deps, { account: open.account }, { kind: 'signIns' }, recentLines);
      return { made, sessions, recent: lines };
    },

    /** One session of one's own ends, or all others but the one someone is in. */
    endOwn: (open: OpenSession, which: string | 'others', caller: Caller) =>
      changes.endSessions(open.account, {
        by: open.staff,
        reason: 'byOwner',
        caller,
        chosen: (id) => (which === 'others' ? id !== open.id : id === which),
      }),

    /** An admin ends all sessions of one of their people (O3). */
    endAllOf: async (
      admin: Staff,
      account: string,
      caller: Caller,
    ): Promise<
      { outcome: 'done'; ended: number } | { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden }
    > => {
      const made = await deps.staff.account(account);
      if (made === undefined) return { outcome: 'absent' };
      const { role, office } = made;
      const asked = { act: 'manageAccount', account, office: deps.offices.current(office), role } as const;
      const allowed = authorise(admin, asked, deps.offices);
      if (allowed.outcome === 'forbidden') return allowed;
      const ended = await changes.endSessions(account, { by: admin, reason: 'byAdmin', caller, chosen: () => true });
      return { outcome: 'done', ended };
    },
  };
};
