import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { accountDecider } from '#domain/account/decide.ts';
import type { AccountEvent } from '#domain/account/events.ts';
import type { AccountState } from '#domain/account/state.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import { type AccountRow, account } from '#projections/account.ts';
import { accountCommands } from '../support/accounts.ts';
import { rowAfter } from './histories.ts';

const id = 'czy-520111004';
const erasing = {
  type: 'EraseAccount',
  today: '2031-11-26',
  closedOn: '2026-11-25',
  retention: retentionOn('2031-11-26'),
} as const;

/** An event as the log holds it: what is sealed is a text. */
const stored = ({ type, data }: AccountEvent) => ({
  stream: `account-${id}`,
  type,
  data: 'personal' in data ? { ...data, personal: `sealed ${type}` } : data,
});

const told = (commands: Parameters<typeof accountDecider.decide>[0][]) => {
  let state: AccountState = accountDecider.initialState;
  const events: AccountEvent[] = [];
  for (const command of commands) {
    const decision = accountDecider.decide(command, state);
    if (decision.outcome === 'rejected') continue;
    events.push(...decision.events);
    state = decision.events.reduce(accountDecider.evolve, state);
  }
  return { state, events };
};

describe('the view of accounts', () => {
  test.prop([accountCommands])('says of an account what its stream says', (commands) => {
    const { state, events } = told([...commands]);
    const row = rowAfter(account, id, ...events.map(stored)) as AccountRow | undefined;
    expect(row === undefined).toBe(state.status === 'absent');
    if (state.status === 'absent') return;
    const { status, role, office, identity, grants, lookup } = state;
    expect(row).toMatchObject({
      status,
      role,
      office,
      identity,
      grants,
      nameKey: lookup.name,
      revision: events.length - 1,
    });
    expect([row?.totp, row?.passkeys]).toEqual([state.totp !== undefined, state.passkeys.length]);
    expect(row?.password).toBe(state.password === undefined ? 'none' : state.password.mustChange ? 'issued' : 'own');
    const found = status === 'closed' ? [undefined, undefined] : [lookup.idNumber, lookup.mobile];
    expect([row?.personKey, row?.mobileKey]).toEqual(found);
    expect(row?.ended === undefined).toBe(status === 'active');
  });

  test.prop([accountCommands])('once it is erased holds no key of a person and nothing sealed', (commands) => {
    const { state, events } = told([...commands, { type: 'CloseAccount', reason: '调离' }, erasing]);
    if (state.status === 'absent') return;
    const row = rowAfter(account, id, ...events.map(stored)) as AccountRow;
    expect(row).toMatchObject({ id, status: 'closed', erasedOn: '2031-11-26', office: '520111004', grants: [] });
    expect(JSON.stringify(row)).not.toMatch(/sealed|key of/);
  });
});
