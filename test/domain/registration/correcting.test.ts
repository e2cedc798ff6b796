import { describe, expect, it } from 'vitest';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationEvent } from '#domain/registration/events.ts';
import { holdsCouple, isLive } from '#domain/registration/state.ts';
import { folded, given } from '../../support/given.ts';
import { commands, correction, data, histories, lookupOf, office } from '../../support/registrations.ts';

const registration = (events: readonly RegistrationEvent[]) => given(registrationDecider, events);
const { registered } = histories;
const proposed = registration(registered).when(commands.ProposeCorrection).history();
const { reason, documents } = commands.ProposeCorrection;

describe('a correction', () => {
  it('of what says nothing of who the two are happens at once, and keeps all other data', () => {
    const { data: after, lookup } = commands.Correct;
    registration(registered)
      .when(commands.Correct)
      .thenHappened({
        type: 'Corrected',
        data: {
          office,
          changed: ['declaration.mobile'],
          correctedOn: '2026-11-24',
          lookup,
          personal: { data: after, reason, documents },
        },
      });
  });

  it('of a name waits for someone else, and is then exactly as it was proposed', () => {
    const { data: after } = commands.ProposeCorrection;
    registration(proposed)
      .when(commands.ApproveCorrection)
      .thenHappened({
        type: 'Corrected',
        data: {
          office,
          correction: 1,
          changed: ['wife.name'],
          correctedOn: '2026-11-27',
          lookup: lookupOf(),
          personal: { data: after, reason, documents },
        },
      });
  });

  it.each([['wife.idNumber'], ['husband.name'], ['husband.idNumber']])('of %s takes two people as well', (field) => {
    const [section, member] = field.split('.') as ['wife' | 'husband', 'name' | 'idNumber'];
    const other = { name: '李梅', idNumber: section === 'wife' ? '520111199512249046' : '520103199003159031' }[member];
    const changed = { ...data, [section]: { ...data[section], [member]: other } };
    const decision = registrationDecider.decide(
      { type: 'Correct', ...correction(changed) },
      folded(registrationDecider, registered),
    );
    expect(decision).toMatchObject({ outcome: 'rejected' });
  });

  it('of ID numbers holds the new couple from its proposal on, and the old one until it is approved', () => {
    const history = registration(registered)
      .when({ ...commands.ProposeCorrection, lookup: lookupOf('others') })
      .history();
    const waiting = folded(registrationDecider, history);
    expect([holdsCouple(waiting, 'others'), holdsCouple(waiting, 'couple')]).toEqual([true, true]);
    const approved = registration(history)
      .when({ ...commands.ApproveCorrection, lookup: lookupOf('others') })
      .history();
    const now = folded(registrationDecider, approved);
    expect([holdsCouple(now, 'others'), holdsCouple(now, 'couple')]).toEqual([true, false]);
    const dismissed = registration(history).when(commands.DismissCorrection).history();
    expect(holdsCouple(folded(registrationDecider, dismissed), 'others')).toBe(false);
  });

  it.each([
    { reason: '.' },
    { reason: '  ' },
    { documents: [] },
    { documents: [{ kind: 'idCard', number: ' ', shows: '姓名' } as const] },
  ])('does not happen on %j', (lacking) => {
    const decision = registrationDecider.decide(
      { ...commands.Correct, ...lacking },
      folded(registrationDecider, registered),
    );
    expect(decision.outcome).toBe('rejected');
  });

  it('is dismissed with a reason, by whoever proposed it too, and another may be proposed then', () => {
    registration(proposed)
      .when({ ...commands.DismissCorrection, reason: '。' })
      .thenRefused({ type: 'unreasoned' });
    const dismissed = registration(proposed)
      .when({ ...commands.DismissCorrection, dismisser: 'czy' })
      .history();
    registration(dismissed).when(commands.ApproveCorrection).thenRefused({ type: 'settled' });
    const again = registration(dismissed).when(commands.ProposeCorrection).history();
    expect(folded(registrationDecider, again)).toMatchObject({ proposal: { correction: 2 } });
  });
});

describe('a revocation', () => {
  it('frees the couple, and leaves no correction waiting', () => {
    const state = folded(registrationDecider, registration(proposed).when(commands.Revoke).history());
    expect(state).toMatchObject({ status: 'revoked' });
    expect(state).not.toHaveProperty('proposal');
    expect(isLive(state)).toBe(false);
  });

  it.each([
    [{ reasons: [] }, 'unreasoned'],
    [{ text: '撤销' }, 'unreasoned'],
    [{ evidence: '' }, 'unverified'],
    [{ statement: ' ' }, 'unheard'],
    [{ heardOn: '2026-12-04' }, 'unheard'],
  ] as const)('with %j is refused: %s', (lacking, type) => {
    registration(registered)
      .when({ ...commands.Revoke, ...lacking })
      .thenRefused({ type });
  });
});

it('a withdrawal at the counter tells of whom, by which document', () => {
  const atCounter = { of: 'wife', document: 'idCard', documentNumber: ' 520111199512249003 ' } as const;
  registration(histories.submitted)
    .when({ type: 'Withdraw', atCounter })
    .thenHappened({
      type: 'Withdrawn',
      data: {
        office,
        from: 'submitted',
        identity: { of: 'wife', document: 'idCard' },
        personal: { documentNumber: '520111199512249003' },
      },
    });
});
