import type { CertificateVoided } from '#domain/certificate/decide.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import type { Decider, Kind } from '#domain/decider.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type {
  Corrected,
  CorrectionBasis,
  CorrectionDismissed,
  CorrectionProposed,
  Lookup,
  Revoked,
} from '#domain/registration/events.ts';
import { declarationOf } from './declarations.ts';

/** Every event by which a registration is corrected or revoked, and a certificate becomes void. */
type CorrectionSample = CorrectionProposed | CorrectionDismissed | Corrected | Revoked | CertificateVoided;

const stream = 'registration-019f0000-0000-7000-8000-000000000100';
const office = '520111004';
const number = 'GZ52011120260000000017';
const declared = declarationOf('520111004001');
const lookup: Lookup = {
  queryCode: 'cXVlcnktY29kZS1rZXktMQ',
  couple: 'Y291cGxlLWtleS1rZXktMg',
  wifeName: 'd2lmZS1uYW1lLWtleS0xMg',
  wifeIdNumber: 'd2lmZS1pZC1udW1iZXItMQ',
  husbandName: 'aHVzYmFuZC1uYW1lLWtleQ',
  husbandIdNumber: 'aHVzYmFuZC1pZC1udW1iZQ',
};
const personal: CorrectionBasis = {
  data: { ...declared, wife: { ...declared.wife, name: '王芳芳' } },
  reason: '女方姓名录入时漏写一字，与身份证不符。',
  documents: [{ kind: 'idCard', number: declared.wife.idNumber, shows: '姓名王芳芳' }],
};
const changed = ['wife.name'];

/** One event of each of these types, with every part it can have: what new golden files are made of. */
export const correctionSamples: {
  readonly [T in CorrectionSample['type']]: { stream: string; data: Extract<CorrectionSample, { type: T }>['data'] };
} = {
  CorrectionProposed: {
    stream,
    data: { office, correction: 1, changed, proposedBy: 'czy-520111004', lookup: { couple: lookup.couple }, personal },
  },
  CorrectionDismissed: {
    stream,
    data: {
      office,
      correction: 1,
      dismissedBy: 'czy-520111004-2',
      personal: { reason: '身份证复印件不清，请王芳带原件来核对。' },
    },
  },
  Corrected: {
    stream,
    data: { office, correction: 1, changed, correctedOn: '2026-11-27', lookup, personal },
  },
  Revoked: {
    stream,
    data: {
      office,
      revokedBy: '520111',
      reasons: ['forgedDocuments', 'other'],
      revokedOn: '2026-12-03',
      heardOn: '2026-12-01',
      personal: {
        text: '您提交的结婚证系伪造，登记依法撤销。',
        evidence: '民政部门来函：婚姻登记档案中无王芳与张伟的登记。',
        statement: '王芳陈述：结婚证系他人代办，本人不知情。',
      },
    },
  },
  CertificateVoided: {
    stream: `certificate-${number}`,
    data: {
      number,
      registrationId: '019f0000-0000-7000-8000-000000000100',
      kind: 'electronic',
      office,
      parity: 1,
      reason: 'superseded',
      voidedOn: '2026-11-27',
      supersededBy: 'GZ52011120260000000025',
    },
  },
};

const registration = (into: object, ...after: readonly (CorrectionSample['type'] | 'Submitted' | 'Registered')[]) => ({
  decider: registrationDecider as unknown as Decider<Kind>,
  after,
  into,
});

/** What each of them makes of its aggregate. */
export const correctionFolds = {
  CorrectionProposed: registration(
    { status: 'registered', corrections: 1, proposal: { correction: 1, changed, outdated: false } },
    'Submitted',
    'Registered',
  ),
  CorrectionDismissed: registration(
    { status: 'registered', corrections: 1 },
    'Submitted',
    'Registered',
    'CorrectionProposed',
  ),
  Corrected: registration(
    { status: 'registered', couple: lookup.couple },
    'Submitted',
    'Registered',
    'CorrectionProposed',
  ),
  Revoked: registration({ status: 'revoked' }, 'Submitted', 'Registered'),
  CertificateVoided: {
    decider: certificateDecider as unknown as Decider<Kind>,
    after: 'CertificateIssued' as const,
    into: { status: 'void', registrationId: '019f0000-0000-7000-8000-000000000100' },
  },
};
