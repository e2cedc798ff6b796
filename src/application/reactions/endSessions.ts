import type { AnyEvent } from '#projections/projection.ts';
import type { AccessRecords } from '../access.ts';
import type { Actor } from '../actor.ts';
import type { Deps } from '../deps.ts';
import type { Reaction } from '../runReactions.ts';
import { noteRevoked } from '../signInChanges.ts';
import { signInSessions } from '../signInSessions.ts';

const prefix = 'account-';

/**
 * Ends the sessions that stood when an admin took away or replaced what they were opened with, or closed the account. Who
 * may not work is out at once without it; this makes it last beyond an account's being enabled again.
 */
export const endSessions = (deps: Deps, access: AccessRecords): Reaction => {
  const sessions = signInSessions(deps);
  const ended = (reason: 'byAdmin' | 'disabled') => async (event: AnyEvent) => {
    const account = event.stream.slice(prefix.length);
    const actor = event.meta['actor'] as Actor;
    if (actor.kind === 'staff' && actor.account === account) return;
    const before = Date.parse(String(event.meta['at']));
    await sessions.endWhere(
      account,
      ({ provenAt }) => provenAt <= before,
      ({ signIn: session }) => noteRevoked(deps, access, actor, { account, session, reason, personal: {} }),
    );
  };
  return {
    name: 'endSessions',
    on: {
      PasswordIssued: ended('byAdmin'),
      TotpRemoved: ended('byAdmin'),
      PasskeyRemoved: ended('byAdmin'),
      AccountDisabled: ended('disabled'),
      AccountClosed: ended('disabled'),
    },
  };
};
