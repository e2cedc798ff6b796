import type { AccessRecordsErased } from '#domain/access/eraseRecords.ts';
import type { AccessEvent } from '#domain/access/events.ts';
import type { CertificateEvent } from '#domain/certificate/decide.ts';
import type { OrdinaryEvent } from '#domain/certificate/ordinary.ts';
import type { CoupleReserved } from '#domain/couple/reservation.ts';
import type { EventType } from '#domain/eventVersions.ts';
import type { CheckpointSigned } from '#domain/log/events.ts';
import type { OrganisationEvent } from '#domain/organisation/events.ts';
import type { PrintingEvent } from '#domain/printing/events.ts';
import type { Basis, Lookup, RegistrationEvent } from '#domain/registration/events.ts';
import { declarationOf } from './declarations.ts';
import { type AccountSample, accountSamples } from './goldenAccountSamples.ts';
import { correctionSamples } from './goldenCorrectionSamples.ts';
import { type InstitutionSample, institutionSamples } from './goldenInstitutionSamples.ts';
import { ordinarySamples } from './goldenOrdinarySamples.ts';
import { printingSamples } from './goldenPrintingSamples.ts';
import { scanSamples } from './goldenScanSamples.ts';
import { type StockSample, stockSamples } from './goldenStockSamples.ts';

type AnyEvent =
  | RegistrationEvent
  | CertificateEvent
  | OrdinaryEvent
  | CoupleReserved
  | AccessEvent
  | AccessRecordsErased
  | CheckpointSigned
  | AccountSample
  | PrintingEvent
  | StockSample
  | InstitutionSample
  | OrganisationEvent;
type Sample<T extends EventType> = { stream: string; data: Extract<AnyEvent, { type: T }>['data'] };

const registration = 'registration-019f0000-0000-7000-8000-000000000100';
const office = '520111004';
const data = declarationOf('520111004001');
const lookup: Lookup = {
  queryCode: 'cXVlcnktY29kZS1rZXktMQ',
  couple: 'Y291cGxlLWtleS1rZXktMQ',
  wifeName: 'd2lmZS1uYW1lLWtleS0xMQ',
  wifeIdNumber: 'd2lmZS1pZC1udW1iZXItMQ',
  husbandName: 'aHVzYmFuZC1uYW1lLWtleQ',
  husbandIdNumber: 'aHVzYmFuZC1pZC1udW1iZQ',
};
const basis: Basis = {
  source: 'pis',
  answer: 'found',
  askedAt: '2026-11-24T02:00:00.000Z',
  differences: ['wife.name'],
};
const declared = {
  parity: 1,
  declaredPlace: office,
  office,
  flags: [{ rule: 'marriageNumberOlder', field: 'marriage.certificateNumber' }],
  lookup,
};
const record = { wife: { ...data.wife, householdDivision: '520111004001' }, children: [] };
const number = 'GZ52011120260000000017';
const code = 'header.claims.signature';
const access = 'access-019f0000-0000-7000-8000-000000000300';
const from = { site: 'management', entry: 'page', network: '10.52.0.0/16', machine: 'bWFjaGluZS1rZXktMTIz' } as const;
const session = { account: 'czy-520111004', session: 'c2Vzc2lvbi1rZXktMTIz', from };
const personOf = (spouse: 'wife' | 'husband') => ({
  ...data[spouse],
  household: '贵州省贵阳市花溪区贵筑街道大寨社区霞晖路88号501室',
  residence: '贵州省贵阳市花溪区贵筑街道大寨社区霞晖路88号501室',
});

/** One event of every type in its current version, with every part it can have: what new golden files are made of. */
export const samples: { readonly [T in EventType]: Sample<T> } = {
  ...accountSamples,
  ...printingSamples,
  ...stockSamples,
  ...correctionSamples,
  ...ordinarySamples,
  ...scanSamples,
  ...institutionSamples,
  Submitted: {
    stream: registration,
    data: {
      channel: 'online',
      ...declared,
      policy: 'GZ-2016-31',
      submittedOn: '2026-11-24',
      reviewDueOn: '2026-11-25',
      outcomeDueOn: '2026-11-26',
      predecessor: '019f0000-0000-7000-8000-000000000900',
      personal: { data },
    },
  },
  Amended: {
    stream: registration,
    data: {
      ...declared,
      fromOffice: '520111005',
      from: 'received',
      changed: ['declaration.mobile', 'declaration.place'],
      personal: { data },
    },
  },
  Withdrawn: { stream: registration, data: { office, from: 'submitted' } },
  TaskReceived: { stream: registration, data: { office, from: 'submitted', handler: 'czy-520111004' } },
  Redirected: {
    stream: registration,
    data: {
      office,
      fromOffice: '520111005',
      from: 'submitted',
      personal: { reason: '女方现居住地不在本辖区，请接收地核对后办理。' },
    },
  },
  Accepted: { stream: registration, data: { office, acceptedOn: '2026-11-24', registerDueOn: '2026-11-26' } },
  Rejected: {
    stream: registration,
    data: { office, reasons: ['untrueMarriage', 'other'], personal: { text: '结婚登记日期与结婚证所载不一致。' } },
  },
  Registered: {
    stream: registration,
    data: {
      office,
      parity: 1,
      registeredOn: '2026-11-25',
      basis,
      personal: { answer: record, evidence: '已核对双方身份证、户口簿和结婚证原件。' },
    },
  },
  Declined: {
    stream: registration,
    data: {
      office,
      reasons: ['differsFromRecord'],
      basis,
      personal: { answer: record, evidence: '已电话核实。', text: '申报内容与人口信息系统记录不一致。' },
    },
  },
  RegistrationErased: {
    stream: registration,
    data: {
      office,
      erasedOn: '2036-11-26',
      basis: 'retentionEnded',
      retention: 'retention-1',
      lookup: { queryCode: lookup.queryCode },
      certificates: [number],
    },
  },
  SubmissionAbandoned: { stream: registration, data: { by: '019f0000-0000-7000-8000-000000000200' } },
  CoupleReserved: {
    stream: `couple-${lookup.couple}`,
    data: { registrationId: '019f0000-0000-7000-8000-000000000100' },
  },
  CertificateIssued: {
    stream: `certificate-${number}`,
    data: {
      number,
      kind: 'electronic',
      registrationId: '019f0000-0000-7000-8000-000000000100',
      parity: 1,
      office,
      issuedOn: '2026-11-25',
      code,
      personal: {
        content: {
          number,
          kind: 'electronic',
          parity: 1,
          wife: personOf('wife'),
          husband: personOf('husband'),
          marriage: { registeredOn: '2021-05-20', certificateNumber: 'J520103-2021-001234' },
          children: 0,
          office: { code: office, name: '贵阳市花溪区贵筑街道办事处' },
          issuedOn: '2026-11-25',
          code,
        },
      },
    },
  },
  CertificatePrinted: {
    stream: `certificate-${number}`,
    data: { number, channel: 'applicant', sha256: 'ab'.repeat(32) },
  },
  CheckpointSigned: {
    stream: 'checkpoint-1',
    data: {
      number: 1,
      origin: 'registration.example/log',
      size: 8,
      root: 'XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=',
      signature: 'Zm//MQc5Su2+HRp6e2qk0S1sbDDKKGDhIrY5kpnOuQ4KMIulNfigSiR2i3rwiGSVLk/+lzhRMZGKNvt9XMjudCzQegs=',
    },
  },
  AccessRecordsErased: {
    stream: 'accessKey-ZGF0YS1rZXkx',
    data: { key: 'ZGF0YS1rZXkx', lastOn: '2026-11-30', erasedOn: '2029-12-01', retention: 'retention-1' },
  },
  PersonalDataViewed: {
    stream: access,
    data: {
      subject: { kind: 'registration', id: '019f0000-0000-7000-8000-000000000100', office },
      what: 'searched',
      task: 'other',
      reason: 'complaint',
      count: 1,
      shown: ['019f0000-0000-7000-8000-000000000100'],
      self: true,
      from,
      lookup: { searched: lookup.wifeName },
      personal: { address: '10.52.11.4', reason: '王芳来电反映未收到结果', searched: '王芳' },
    },
  },
  AuditTrailRead: {
    stream: access,
    data: {
      subject: { kind: 'account', id: 'czy-520111004', office },
      what: 'person',
      exported: true,
      from,
      personal: { address: '10.52.11.4' },
    },
  },
  SignedIn: {
    stream: access,
    data: {
      ...session,
      method: 'password',
      second: 'totp',
      personal: { address: '10.52.11.4', agent: 'Mozilla/5.0 Firefox/140.0' },
    },
  },
  SignedOut: { stream: access, data: { ...session, personal: { address: '10.52.11.4' } } },
  SignInRefused: {
    stream: access,
    data: {
      account: 'czy-520111004',
      reason: 'wrong',
      from,
      lookup: { account: 'YWNjb3VudC1rZXktMTIz' },
      personal: { address: '10.52.11.4' },
    },
  },
  SessionRevoked: { stream: access, data: { ...session, reason: 'byAdmin', personal: { address: '10.52.11.4' } } },
  OrganisationEstablished: {
    stream: 'organisation-520111004',
    data: {
      code: '520111004',
      kind: 'administration',
      level: 'township',
      division: '520111004',
      parent: '520111',
      name: '贵阳市花溪区贵筑街道办事处',
    },
  },
  OrganisationRecordCompleted: {
    stream: 'organisation-520111004',
    data: {
      phone: '0851-01111004',
      address: '花溪区清溪路1号',
      personal: { head: '王芳', contact: '张伟', mobile: '13800000001' },
    },
  },
  OrganisationRenamed: {
    stream: 'organisation-520111004',
    data: { name: '贵阳市花溪区贵筑街道办事处', formerName: '贵阳市花溪区贵筑社区服务中心' },
  },
  OrganisationMoved: { stream: 'organisation-520111004', data: { parent: '520111', fromParent: '520102' } },
  OrganisationMerged: { stream: 'organisation-520111004', data: { into: '520111005' } },
};

/** What an event of the same type and version can also be: a golden file each, named after both. */
export const variants: Readonly<Record<string, Sample<'Submitted'> & { type: EventType }>> = {
  'Submitted.v1.onSite': {
    ...samples.Submitted,
    type: 'Submitted',
    data: {
      ...samples.Submitted.data,
      channel: 'onSite',
      enteredAt: '520111004001',
      personal: {
        data,
        documents: [
          { kind: 'idCard', number: data.wife.idNumber, shows: '' },
          { kind: 'marriageCertificate', number: data.marriage.certificateNumber, shows: '登记日期与填报一致' },
        ],
      },
    },
  },
};
