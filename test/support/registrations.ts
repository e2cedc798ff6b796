import { policyOn } from '#domain/calendar/policy.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import type { Correction } from '#domain/registration/correction.ts';
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
/** A scan as an event tells it. */
export const scanOf = (scan: string, size: number) =>
  ({
    scan,
    document: 'idCard',
    mediaType: 'image/jpeg',
    size,
    sha256: 'a'.repeat(64),
    personal: { fileName: '身份证.jpg' },
  }) as const;
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
  revoked: [
    ...toAccepted,
    { type: 'Registered', data: { office, parity: 1, registeredOn: declaredOn, basis: found, personal: {} } },
    {
      type: 'Revoked',
      data: {
        office,
        revokedBy: '520111',
        reasons: ['forgedDocuments'],
        revokedOn: '2026-12-03',
        heardOn: '2026-12-01',
        personal: { text: '结婚证系伪造，登记依法撤销', evidence: '民政部门来函', statement: '未作陈述' },
      },
    },
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

/** A correction to these data, with a reason and a document. */
export const correction = (corrected: RegistrationData, differing: Partial<Correction> = {}): Correction => ({
  data: corrected,
  lookup: lookupOf(),
  context,
  reason: '录入时漏写一字，与身份证不符',
  documents: [{ kind: 'idCard', number: data.wife.idNumber, shows: '姓名王芳芳' }],
  ...differing,
});

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
  AttachScan: { type: 'AttachScan', scan: scanOf('scan-2', 1000) },
  RemoveScan: { type: 'RemoveScan', scan: 'scan-1', reason: '拍成了别人的结婚证' },
  Correct: { type: 'Correct', ...correction(amendedData) },
  ProposeCorrection: {
    type: 'ProposeCorrection',
    proposer: 'czy',
    ...correction({ ...data, wife: { ...data.wife, name: '王芳芳' } }),
  },
  ApproveCorrection: {
    type: 'ApproveCorrection',
    correction: 1,
    approver: 'czy-2',
    today: '2026-11-27',
    lookup: lookupOf(),
  },
  DismissCorrection: { type: 'DismissCorrection', correction: 1, dismisser: 'czy-2', reason: '身份证复印件不清晰' },
  Revoke: {
    type: 'Revoke',
    revokedBy: '520111',
    today: '2026-12-03',
    reasons: ['forgedDocuments'],
    text: '结婚证系伪造，登记依法撤销',
    evidence: '民政部门来函：无此登记',
    heardOn: '2026-12-01',
    statement: '未作陈述',
  },
  AnnotateBirth: {
    type: 'AnnotateBirth',
    institution: '520111-H01',
    today: '2027-03-02',
    certificate: 'GZ52011120260000000017',
    children: [{ bornOn: '2027-03-01', sex: 'female', outcome: 'live' }],
  },
  CorrectAnnotation: {
    type: 'CorrectAnnotation',
    institution: '520111-H01',
    today: '2027-03-03',
    children: [{ bornOn: '2027-03-01', sex: 'male', outcome: 'live' }],
    reason: '性别录入有误，与分娩记录不符',
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
