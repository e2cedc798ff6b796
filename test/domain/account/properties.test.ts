import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type AccountCommand, accountDecider } from '#domain/account/decide.ts';
import type { AccountEvent } from '#domain/account/events.ts';
import { type AccountState, inForce, isVerified, type MadeAccount } from '#domain/account/state.ts';
import { accountCommands } from '../../support/accounts.ts';

type Told = { state: AccountState; events: readonly AccountEvent[] };

const tell = (commands: readonly AccountCommand[], each: (before: Told, after: Told) => void = () => undefined): Told =>
  commands.reduce<Told>(
    (before, command) => {
      const decision = accountDecider.decide(command, before.state);
      const happened = decision.outcome === 'accepted' ? decision.events : [];
      const after = {
        state: happened.reduce(accountDecider.evolve, before.state),
        events: [...before.events, ...happened],
      };
      each(before, after);
      return after;
    },
    { state: accountDecider.initialState, events: [] },
  );

const made = ({ state }: Told): MadeAccount | undefined => (state.status === 'absent' ? undefined : state);

/** What happened since name and ID number were last others, read from the end. */
const sinceOther = (events: readonly AccountEvent[]): readonly AccountEvent[] => {
  const at = events.findLastIndex(
    (event) =>
      event.type === 'AccountRegistered' ||
      (event.type === 'AccountChanged' && event.data.changed.some((field) => field === 'name' || field === 'idNumber')),
  );
  return events.slice(at + 1);
};

describe('after any commands', () => {
  test.prop([accountCommands])('the fold of what happened is what the account is', (commands) => {
    const { state, events } = tell(commands);
    expect(events.reduce(accountDecider.evolve, accountDecider.initialState)).toEqual(state);
  });

  test.prop([accountCommands])(
    'who is verified matched the register and was confirmed since, in this order',
    (commands) => {
      const told = tell(commands);
      const account = made(told);
      if (account === undefined) return;
      const since = sinceOther(told.events);
      const checks = since.filter((event) => event.type === 'IdentityChecked' && event.data.outcome !== 'unreachable');
      const last = checks.at(-1);
      const matched = last?.type === 'IdentityChecked' && last.data.outcome === 'matches';
      const differed = since.findLastIndex(
        (event) => event.type === 'IdentityChecked' && event.data.outcome === 'differs',
      );
      const confirmed = since.findLastIndex(({ type }) => type === 'IdentityConfirmed');
      expect(isVerified(account.identity)).toBe(matched && confirmed > differed);
    },
  );

  test.prop([accountCommands])('a closed account holds nothing, and stays closed', (commands) => {
    tell(commands, (before, after) => {
      if (made(before)?.status === 'closed') expect(after).toEqual(before);
      if (made(after)?.status === 'closed') expect(inForce(made(after)?.grants ?? [], '2016-07-11')).toEqual([]);
    });
  });

  test.prop([accountCommands])('someone holds each authorisation once, of those their office can have', (commands) => {
    const held = (made(tell(commands))?.grants ?? []).map(({ authorisation }) => authorisation);
    expect(new Set(held).size).toBe(held.length);
    expect(held.filter((one) => one !== 'review' && one !== 'register')).toEqual([]);
  });

  test.prop([accountCommands])('person, role and office change only where the data say so', (commands) => {
    tell(commands, (before, after) => {
      const [was, is] = [made(before), made(after)];
      if (was === undefined || is === undefined) return;
      expect([is.account, is.role, is.office]).toEqual([was.account, was.role, was.office]);
      const last = after.events.length > before.events.length ? after.events.at(-1) : undefined;
      if (last?.type !== 'AccountChanged') expect(is.details).toEqual(was.details);
    });
  });

  test.prop([accountCommands])('a password from an admin must be changed, one of one’s own not', (commands) => {
    const { state, events } = tell(commands);
    const last = events.findLast(({ type }) => type === 'PasswordIssued' || type === 'PasswordChanged');
    const { password } = state as MadeAccount;
    expect(password?.mustChange).toBe(last === undefined ? undefined : last.type === 'PasswordIssued');
  });

  test.prop([accountCommands])('a recovery code serves once', (commands) => {
    tell(commands, (before, after) => {
      const last = after.events.length > before.events.length ? after.events.at(-1) : undefined;
      if (last?.type !== 'RecoveryCodeUsed') return;
      expect(made(before)?.totp?.recoveryHashes).toContain(last.data.personal.used);
      expect(made(after)?.totp?.recoveryHashes).not.toContain(last.data.personal.used);
    });
  });
});
