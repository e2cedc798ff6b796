import { policyOn } from '#domain/calendar/policy.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import type { Declaration, RegistrationCommand } from '#domain/registration/decide.ts';
import type { Basis, Lookup, RegistrationEvent, Status } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { loadCalendar } from '#infrastructure/calendar/holidays.ts';
import { context, declaredOn } from './anyDeclaration.ts';
import { declarationOf } from './declarations.ts';

/** The published calendar of the province. */
export const calendar = loadCalendar();
export const policy = policyOn(declaredOn);
export const data: RegistrationData = declarationOf('520111004001');
export const office = '520111004';
export const otherOffice = '520111005';

/** Keyed hashes of a couple called so. */
export const lookupOf = (couple = 'couple'): Lookup => ({
  queryCode: 'code',
  couple,
  wifeName: 'wn',
  wifeIdNumber: 'wi',
  husbandName: 'hn',
  husbandIdNumber: 'hi',
});

/** The declaration of the couple, with what differs. */
export const declared = (differing: Partial<Declaration> = {}): Declaration => ({
  data,
  office,
  lookup: lookupOf(),
  context,
  ...differing,
});

/** What a matching answer of the population system leaves to decide on. */
export const found: Basis = { source: 'pis', answer: 'found', askedAt: '2026-11-24T02:00:00.000Z', differences: [] };

const submitted: RegistrationEvent = {
  type: 'Submitted',
  data: {
    channel: 'online',
    parity: 1,
    declaredPlace: office,
    office,
    policy: policy.id,
    submittedOn: declaredOn,
    reviewDueOn: '2026-11-25',
    outcomeDueOn: '2026-11-26',
    flags: [],
    lookup: lookupOf(),
    personal: { data },
  },
};
const received: RegistrationEvent = { type: 'TaskReceived', data: { office, from: 'submitted', handler: 'czy' } };
const accepted: RegistrationEvent = {
  type: 'Accepted',
  data: { office, acceptedOn: declaredOn, registerDueOn: '2026-11-26' },
};
const toAccepted = [submitted, received, accepted];

/** How a registration came to stand in each status. */
export const histories: Readonly<Record<Status | 'absent', readonly RegistrationEvent[]>> = {
  absent: [],
  submitted: [submitted],
  received: [submitted, received],
  accepted: toAccepted,
  rejected: [
    submitted,
    received,
    { type: 'Rejected', data: { office, reasons: ['garbledName'], personal: { text: '姓名有误' } } },
  ],
  registered: [
    ...toAccepted,
    { type: 'Registered', data: { office, parity: 1, registeredOn: declaredOn, basis: found, personal: {} } },
  ],
  declined: [
    ...toAccepted,
    {
      type: 'Declined',
      data: { office, reasons: ['differsFromRecord'], basis: found, personal: { text: '与记录不符' } },
    },
  ],
  withdrawn: [submitted, { type: 'Withdrawn', data: { office, from: 'submitted' } }],
  abandoned: [{ type: 'SubmissionAbandoned', data: { by: 'another' } }],
};

const amendedData: RegistrationData = { ...data, declaration: { ...data.declaration, mobile: '13900000000' } };

/** One sound command of every type: whether it is timely is the state's to say. */
export const commands: { readonly [T in RegistrationCommand['type']]: Extract<RegistrationCommand, { type: T }> } = {
  Submit: { type: 'Submit', calendar, ...declared() },
  Amend: { type: 'Amend', ...declared({ data: amendedData }) },
  Withdraw: { type: 'Withdraw' },
  ReceiveTask: { type: 'ReceiveTask', handler: 'czy-2' },
  Redirect: { type: 'Redirect', office: otherOffice, registers: true, reason: '女方现居住地不在本辖区' },
  Accept: { type: 'Accept', handler: 'czy', today: declaredOn, calendar, policy },
  Reject: { type: 'Reject', handler: 'czy', reasons: ['untrueMarriage'], text: '结婚登记日期有误' },
  Register: {
    type: 'Register',
    handler: 'czy',
    today: declaredOn,
    basis: found,
    evidence: { answer: { wife: data.wife } },
  },
  Decline: {
    type: 'Decline',
    handler: 'czy',
    reasons: ['notVerifiable'],
    text: '无法核实',
    basis: { ...found, source: 'documents', answer: 'absent' },
    evidence: {},
  },
  Erase: {
    type: 'Erase',
    basis: 'retentionEnded',
    today: '2036-11-25',
    lastActOn: declaredOn,
    retention: retentionOn('2036-11-25'),
    certificates: [],
  },
  AbandonSubmission: { type: 'AbandonSubmission', by: 'another' },
};
