import { describe, expect, it } from 'vitest';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { Basis, Evidence, RegistrationEvent } from '#domain/registration/events.ts';
import { declaredOn } from '../../support/anyDeclaration.ts';
import { folded, given } from '../../support/given.ts';
import { calendar, commands, found, histories, office, otherOffice, policy } from '../../support/registrations.ts';

const registration = (events: readonly RegistrationEvent[]) => given(registrationDecider, events);

describe('the office', () => {
  it('takes a task, and over from another', () => {
    registration(histories.submitted)
      .when({ type: 'ReceiveTask', handler: 'czy' })
      .thenHappened({ type: 'TaskReceived', data: { office, from: 'submitted', handler: 'czy' } });
    registration(histories.received)
      .when(commands.ReceiveTask)
      .thenHappened({ type: 'TaskReceived', data: { office, from: 'received', handler: 'czy-2' } });
  });

  it('that takes what it has already done nothing', () => {
    registration(histories.received).when({ type: 'ReceiveTask', handler: 'czy' }).thenNothing();
  });

  it('that takes a task over after acceptance leaves it accepted, its clock running', () => {
    const taken = registration(histories.accepted).when(commands.ReceiveTask);
    taken.thenHappened({ type: 'TaskReceived', data: { office, from: 'accepted', handler: 'czy-2' } });
    const state = folded(registrationDecider, taken.history());
    expect(state).toMatchObject({ status: 'accepted', handler: 'czy-2', registerDueOn: '2026-11-26' });
  });

  it.each([
    ['received', 'Accept'],
    ['received', 'Reject'],
    ['accepted', 'Register'],
    ['accepted', 'Decline'],
  ] as const)('that decides on another’s %s task takes it over first: %s', (from, type) => {
    const decided = registration(histories[from]).when({ ...commands[type], handler: 'other' });
    const [taken, ended, ...more] = decided.history().slice(histories[from].length);
    expect(taken).toEqual({ type: 'TaskReceived', data: { office, from, handler: 'other' } });
    expect([`${type}ed`, `${type}d`]).toContain(ended?.type);
    expect(more).toEqual([]);
  });

  it.each(['submitted', 'received'] as const)('passes a %s registration on into the other’s inbox', (from) => {
    registration(histories[from])
      .when(commands.Redirect)
      .thenHappened({
        type: 'Redirected',
        data: { office: otherOffice, fromOffice: office, from, personal: { reason: commands.Redirect.reason } },
      });
    const state = folded(registrationDecider, registration(histories[from]).when(commands.Redirect).history());
    expect(state).toMatchObject({ status: 'submitted', office: otherOffice, reviewDueOn: '2026-11-25' });
    expect(state).not.toHaveProperty('handler');
  });

  it('passes an accepted registration on with its clock running', () => {
    expect(
      folded(registrationDecider, registration(histories.accepted).when(commands.Redirect).history()),
    ).toMatchObject({
      status: 'accepted',
      office: otherOffice,
      registerDueOn: '2026-11-26',
    });
  });

  it('passes on what a merged office had, which needs no other reason', () => {
    registration(histories.received)
      .when({ ...commands.Redirect, reason: '', because: 'merged' })
      .thenHappened({
        type: 'Redirected',
        data: {
          office: otherOffice,
          fromOffice: office,
          from: 'received',
          because: 'merged',
          personal: { reason: '' },
        },
      });
  });

  it('passes nothing on without a reason, nor to itself', () => {
    registration(histories.submitted)
      .when({ ...commands.Redirect, reason: ' 　' })
      .thenRefused({ type: 'unreasoned' });
    registration(histories.submitted)
      .when({ ...commands.Redirect, office })
      .thenRefused({ type: 'unchanged' });
  });

  it.each([
    ['2016-07-15', '2016-07-19'],
    ['2016-07-16', '2016-07-20'],
    ['2016-09-30', '2016-10-09'],
    ['2026-02-13', '2026-02-24'],
  ])('that accepts on %s is to register by %s, the day of acceptance counted', (today, registerDueOn) => {
    registration(histories.received)
      .when({ ...commands.Accept, today })
      .thenHappened({ type: 'Accepted', data: { office, acceptedOn: today, registerDueOn } });
  });

  it('cannot accept while the due day lies in a year that is not published', () => {
    registration(histories.received)
      .when({ ...commands.Accept, today: '2026-12-30' })
      .thenRefused({ type: 'unpublished', year: 2027 });
  });

  it('accepts under the limits of the policy it is given', () => {
    const lenient = { ...policy, id: 'later', limits: { ...policy.limits, registerWorkingDays: 5 } };
    registration(histories.received)
      .when({ ...commands.Accept, policy: lenient, calendar })
      .thenHappened({ type: 'Accepted', data: { office, acceptedOn: declaredOn, registerDueOn: '2026-11-30' } });
  });

  it('rejects with reasons and a text, blanks around it gone', () => {
    registration(histories.received)
      .when({ ...commands.Reject, text: ' 结婚登记日期有误\n' })
      .thenHappened({
        type: 'Rejected',
        data: { office, reasons: ['untrueMarriage'], personal: { text: '结婚登记日期有误' } },
      });
  });

  it.each([{ reasons: [] }, { text: '' }, { text: ' \n' }])('neither rejects nor declines with %j', (lacking) => {
    registration(histories.received)
      .when({ ...commands.Reject, ...lacking })
      .thenRefused({ type: 'unreasoned' });
    registration(histories.accepted)
      .when({ ...commands.Decline, ...lacking })
      .thenRefused({ type: 'unreasoned' });
  });
});

describe('the registration itself', () => {
  const differing: Basis = { ...found, differences: ['wife.name'] };
  const unreachable: Basis = { ...found, source: 'documents', answer: 'unreachable' };
  const absent: Basis = { ...found, source: 'documents', answer: 'absent' };
  const seen: Evidence = { evidence: '已核对结婚证原件' };

  it.each([
    ['a record that agrees', found, {}],
    ['an exchange record that agrees', { ...found, source: 'exchange' } as const, {}],
    ['a record that differs, with what staff saw', differing, seen],
    ['documents while the system is unreachable', unreachable, seen],
    ['documents of a couple without a record', absent, seen],
  ])('rests on %s', (_, basis, evidence) => {
    registration(histories.accepted)
      .when({ ...commands.Register, basis, evidence })
      .thenHappened({
        type: 'Registered',
        data: { office, parity: 1, registeredOn: declaredOn, basis, personal: evidence },
      });
  });

  it.each([
    ['a record that differs, unexplained', differing, {}],
    ['a record that differs, explained by blanks', differing, { evidence: '  ' }],
    ['an unreachable system and nothing else', unreachable, {}],
    ['a couple without a record and nothing else', absent, { evidence: '' }],
    ['an unreachable system called a source', { ...found, answer: 'unreachable' } as const, {}],
    ['a missing record called a source', { ...found, answer: 'absent' } as const, seen],
  ])('does not rest on %s', (_, basis, evidence) => {
    registration(histories.accepted)
      .when({ ...commands.Register, basis, evidence })
      .thenRefused({ type: 'unverified' });
  });

  it('is declined with reasons, text and what was looked up', () => {
    registration(histories.accepted)
      .when({ ...commands.Decline, basis: differing, evidence: seen, text: ' 与记录不符 ' })
      .thenHappened({
        type: 'Declined',
        data: { office, reasons: ['notVerifiable'], basis: differing, personal: { ...seen, text: '与记录不符' } },
      });
  });
});
