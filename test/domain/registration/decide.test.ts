import { describe, expect, it } from 'vitest';
import {
  type RegistrationCommand,
  type RegistrationRejection,
  registrationDecider,
} from '#domain/registration/decide.ts';
import type { RegistrationEvent } from '#domain/registration/events.ts';
import { folded, given } from '../../support/given.ts';
import { commands, data, declared, found, histories, lookupOf, scanOf } from '../../support/registrations.ts';

type CommandType = RegistrationCommand['type'];
type Standing = keyof typeof histories;

const _typesOf = (events: readonly RegistrationEvent[]) => events.map(({ type }) => type);
const _registration = (events: readonly RegistrationEvent[]) => given(registrationDecider, events);

const takingScans: readonly Standing[] = ['submitted', 'received', 'accepted', 'registered'];

describe('every command at every status', () => {
  const timely: Record<CommandType, Partial<Record<Standing, readonly RegistrationEvent['type'][]>>> = {
    Submit: { absent: ['Submitted'] },
    AbandonSubmission: { absent: ['SubmissionAbandoned'] },
    Amend: { submitted: ['Amended'], received: ['Amended'] },
    Withdraw: { submitted: ['Withdrawn'], received: ['Withdrawn'] },
    ReceiveTask: { submitted: ['TaskReceived'], received: ['TaskReceived'], accepted: ['TaskReceived'] },
    Redirect: { submitted: ['Redirected'], received: ['Redirected'], accepted: ['Redirected'] },
    Accept: { submitted: ['TaskReceived', 'Accepted'], received: ['Accepted'] },
    Reject: { submitted: ['TaskReceived', 'Rejected'], received: ['Rejected'] },
    Register: { accepted: ['Registered'] },
    Decline: { accepted: ['Declined'] },
    AttachScan: Object.fromEntries(takingScans.map((standing) => [standing, ['ScanAttached'] as const])),
    RemoveScan: {},
    Correct: { registered: ['Corrected'] },
    ProposeCorrection: { registered: ['CorrectionProposed'] },
    ApproveCorrection: {},
    DismissCorrection: {},
    Revoke: { registered: ['Revoked'] },
    AnnotateBirth: { registered: ['BirthAnnotated'] },
    CorrectAnnotation: {},
    Erase: {
      rejected: ['RegistrationErased'],
      registered: ['RegistrationErased'],
      declined: ['RegistrationErased'],
      withdrawn: ['RegistrationErased'],
      revoked: ['RegistrationErased'],
    },
  };
  const refusal = (command: CommandType, standing: Standing): RegistrationRejection => {
    if (command === 'Submit' || command === 'AbandonSubmission') return { type: 'alreadySubmitted' };
    if (standing === 'absent' || standing === 'abandoned') return { type: 'absent' };
    if (command === 'RemoveScan' && takingScans.includes(standing)) return { type: 'scanAbsent' };
    const nothingToChange: Partial<Record<CommandType, RegistrationRejection>> = {
      ApproveCorrection: { type: 'settled' },
      DismissCorrection: { type: 'settled' },
      CorrectAnnotation: { type: 'unannotated' },
    };
    const unannotated = standing === 'revoked' && command === 'CorrectAnnotation';
    return (
      ((standing === 'registered' || unannotated) && nothingToChange[command]) || { type: 'untimely', status: standing }
    );
  };
  const matrix = (Object.keys(timely) as CommandType[]).flatMap((command) =>
    (Object.keys(histories) as Standing[]).map((standing) => ({ command, standing })),
  );

  it.each(matrix)('$command while $standing', ({ command, standing }) => {
    const decision = registrationDecider.decide(commands[command], folded(registrationDecider, histories[standing]));
    const expected = timely[command][standing];
    if (expected === undefined) {
      expect(decision).toEqual({ outcome: 'rejected', rejection: refusal(command, standing) });
    } else {
      expect(decision).toMatchObject({ outcome: 'accepted', events: expected.map((type) => ({ type })) });
    }
  });

  it('knows each history by its status', () => {
    for (const [status, events] of Object.entries(histories)) {
      expect(folded(registrationDecider, events).status).toBe(status);
    }
    expect(matrix).toHaveLength(20 * 10);
  });
});

describe('every reason to refuse', () => {
  const { submitted, received, accepted, registered, withdrawn } = histories;
  const erased = given(registrationDecider, withdrawn).when(commands.Erase).history();
  const proposed = given(registrationDecider, registered).when(commands.ProposeCorrection).history();
  const cases: Record<RegistrationRejection['type'], [readonly RegistrationEvent[], RegistrationCommand]> = {
    absent: [[], commands.Withdraw],
    alreadySubmitted: [submitted, commands.Submit],
    invalid: [[], { ...commands.Submit, data: { ...data, application: { parity: 3 } } }],
    untimely: [registered, commands.Withdraw],
    unchanged: [submitted, { type: 'Amend', ...declared() }],
    otherCouple: [submitted, { ...commands.Amend, lookup: lookupOf('others') }],
    unknownOffice: [submitted, { ...commands.Redirect, registers: false }],
    unpublished: [received, { ...commands.Accept, today: '2026-12-31' }],
    unreasoned: [received, { ...commands.Reject, reasons: [] }],
    scansFull: [submitted, { type: 'AttachScan', scan: scanOf('scan-1', 31 * 1024 * 1024) }],
    scanAbsent: [submitted, commands.RemoveScan],
    erased: [erased, commands.Withdraw],
    withinRetention: [registered, { ...commands.Erase, today: '2030-01-01' }],
    undocumented: [registered, { ...commands.Correct, documents: [] }],
    uncorrectable: [
      registered,
      { ...commands.Correct, data: { ...data, declaration: { ...data.declaration, place: '520111005' } } },
    ],
    unapproved: [registered, { ...commands.ProposeCorrection, type: 'Correct' }],
    samePerson: [proposed, { ...commands.ApproveCorrection, approver: 'czy' }],
    waiting: [proposed, commands.ProposeCorrection],
    settled: [registered, commands.ApproveCorrection],
    outdated: [given(registrationDecider, proposed).when(commands.Correct).history(), commands.ApproveCorrection],
    unheard: [registered, { ...commands.Revoke, heardOn: '2026-12-04' }],
    childrenUncounted: [registered, { ...commands.AnnotateBirth, children: [] }],
    birthsImplausible: [registered, { ...commands.AnnotateBirth, today: '2027-02-01' }],
    alreadyAnnotated: [
      given(registrationDecider, registered).when(commands.AnnotateBirth).history(),
      commands.AnnotateBirth,
    ],
    unannotated: [registered, commands.CorrectAnnotation],
    unverified: [accepted, { ...commands.Register, basis: { ...found, answer: 'absent' } }],
  };

  it.each(['', '.', '已看。', '-- -- -- --'])('a note that tells nothing verifies nothing: %j', (evidence) => {
    const basis = { ...found, source: 'documents', answer: 'absent' } as const;
    const command = { ...commands.Register, basis, evidence: { evidence } };
    expect(registrationDecider.decide(command, folded(registrationDecider, accepted))).toEqual({
      outcome: 'rejected',
      rejection: { type: 'unverified' },
    });
  });

  it.each(Object.entries(cases))('%s', (type, [events, command]) => {
    const decision = registrationDecider.decide(command, folded(registrationDecider, events));
    expect(decision).toMatchObject({ outcome: 'rejected', rejection: { type } });
  });
});
