import fc from 'fast-check';
import type { Declaration, RegistrationCommand } from '#domain/registration/decide.ts';
import { type Basis, type Evidence, erasureBases } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { context, declaration, declaredOn } from './anyDeclaration.ts';
import { calendar, commands, correction, data, found, lookupOf, office, otherOffice, policy } from './registrations.ts';

const offices = fc.constantFrom(office, otherOffice, '520103019');
const handler = fc.constantFrom('czy-1', 'czy-2');
const today = fc.constantFrom(declaredOn, '2026-11-25', '2016-09-30', '2026-12-31');
const text = fc.constantFrom('', ' ', '结婚登记日期有误');

const faulty = (data: RegistrationData): RegistrationData => ({ ...data, application: { parity: 3 } });
const declared: fc.Arbitrary<Declaration> = fc.record({
  data: fc.oneof({ weight: 5, arbitrary: declaration }, { weight: 1, arbitrary: declaration.map(faulty) }),
  office: offices,
  lookup: fc.constantFrom(lookupOf(), lookupOf(), lookupOf(), lookupOf('others')),
  context: today.map((day) => ({ ...context, today: day })),
});

const basis: fc.Arbitrary<Basis> = fc.record({
  source: fc.constantFrom('pis', 'exchange', 'documents'),
  answer: fc.constantFrom('found', 'absent', 'unreachable'),
  askedAt: fc.constant(found.askedAt),
  differences: fc.constantFrom([], ['wife.name']),
});
const evidence: fc.Arbitrary<Evidence> = fc.constantFrom({}, { evidence: ' ' }, { evidence: '已核对结婚证原件' });

const correctionNumber = fc.constantFrom(1, 2);

const any: fc.Arbitrary<RegistrationCommand> = fc.oneof(
  declared.map((of) => ({ type: 'Submit', calendar, ...of }) as const),
  declared.map((of) => ({ type: 'Amend', ...of }) as const),
  fc.constant({ type: 'Withdraw' } as const),
  handler.map((by) => ({ type: 'ReceiveTask', handler: by }) as const),
  fc
    .tuple(offices, fc.boolean(), text)
    .map(([office, registers, reason]) => ({ type: 'Redirect', office, registers, reason }) as const),
  fc.tuple(handler, today).map(([by, on]) => ({ type: 'Accept', handler: by, today: on, calendar, policy }) as const),
  fc.tuple(handler, text).map(([by, why]) => ({ ...commands.Reject, handler: by, text: why })),
  fc
    .tuple(handler, basis, evidence)
    .map(([by, on, seen]) => ({ ...commands.Register, handler: by, basis: on, evidence: seen })),
  fc.tuple(handler, basis, text).map(([by, on, why]) => ({ ...commands.Decline, handler: by, basis: on, text: why })),
  fc
    .tuple(fc.constantFrom(...erasureBases), fc.constantFrom(declaredOn, '2036-11-25'))
    .map(([basis, on]) => ({ ...commands.Erase, basis, today: on })),
  fc.constant(commands.AbandonSubmission),
  fc
    .tuple(declared, text)
    .map(([{ data, lookup }, reason]) => ({ ...commands.Correct, ...correction(data, { lookup, reason }) })),
  fc
    .tuple(declared, handler)
    .map(([{ data, lookup }, proposer]) => ({ ...commands.ProposeCorrection, proposer, data, lookup })),
  fc
    .tuple(handler, correctionNumber)
    .map(([approver, n]) => ({ ...commands.ApproveCorrection, approver, correction: n })),
  correctionNumber.map((n) => ({ ...commands.DismissCorrection, correction: n })),
  text.map((why) => ({ ...commands.Revoke, text: why })),
);

const sound = fc.constantFrom<RegistrationCommand>(
  commands.ReceiveTask,
  commands.Redirect,
  commands.Amend,
  commands.Accept,
  commands.Register,
  commands.Decline,
  commands.Reject,
  commands.Withdraw,
);

/** What comes after a registration: corrections, what becomes of those that wait, a revocation. */
const afterwards = fc.constantFrom<RegistrationCommand>(
  commands.Correct,
  { ...commands.Correct, ...correction(data) },
  commands.ProposeCorrection,
  commands.ApproveCorrection,
  { ...commands.ApproveCorrection, correction: 2 },
  commands.DismissCorrection,
  commands.Revoke,
);
const toRegistered: readonly RegistrationCommand[] = [commands.Submit, commands.Accept, commands.Register];

/** Commands as they may come: mostly to a registration that was made, legal or not, some of them nonsense. */
export const registrationCommands: fc.Arbitrary<readonly RegistrationCommand[]> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(fc.constant(commands.Submit), any), fc.array(fc.oneof(any, sound), { maxLength: 12 }))
      .map(([first, rest]) => [first, ...rest]),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(any, afterwards), { maxLength: 8 }).map((rest) => [...toRegistered, ...rest]),
  },
);
