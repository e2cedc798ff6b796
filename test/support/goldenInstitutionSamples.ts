import { checkDecider } from '#domain/check/decide.ts';
import type { CheckEvent } from '#domain/check/events.ts';
import type { Decider, Kind } from '#domain/decider.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { BirthAnnotated, BirthAnnotationCorrected } from '#domain/registration/events.ts';

/** Every event that an institution writes. */
export type InstitutionSample = CheckEvent | BirthAnnotated | BirthAnnotationCorrected;

const id = '019f0000-0000-7000-8000-000000000100';
const stream = `registration-${id}`;
const check = 'check-019f0000-0000-7000-8000-000000000600';
const institution = '520111-H01';
const office = '520111004';
const annotatedOn = '2027-03-01';
const certificate = 'GZ52011120260000000017';
const lookup = { womanIdNumber: 'd2lmZS1pZC1udW1iZXItMQ' };
const girl = { bornOn: '2027-02-28', sex: 'female', outcome: 'live' } as const;
const boy = { bornOn: annotatedOn, sex: 'male', outcome: 'stillborn' } as const;

/** One event of each of these types: what new golden files are made of. */
export const institutionSamples: {
  readonly [T in InstitutionSample['type']]: { stream: string; data: Extract<InstitutionSample, { type: T }>['data'] };
} = {
  BirthAnnotated: {
    stream,
    data: {
      institution,
      office,
      parity: 1,
      annotatedOn,
      certificate,
      liveBorn: 1,
      personal: { children: [girl, boy] },
    },
  },
  BirthAnnotationCorrected: {
    stream,
    data: {
      institution,
      office,
      parity: 1,
      annotatedOn,
      correctedOn: '2027-03-02',
      liveBorn: 2,
      fromLiveBorn: 1,
      changed: ['births.1.outcome'],
      personal: { children: [girl, { ...boy, outcome: 'live' }], reason: '王芳之子经抢救存活，原标注有误。' },
    },
  },
  RegistrationChecked: {
    stream: check,
    data: { institution, by: 'idNumber', outcome: 'rejected', registrationId: id, certificate, lookup },
  },
  WomanTold: { stream: check, data: { institution, how: 'leaflet', office, lookup } },
};

const registration = registrationDecider as unknown as Decider<Kind>;
const checks = checkDecider as unknown as Decider<Kind>;

/** What folding them makes. */
export const institutionFolds = {
  BirthAnnotated: { decider: registration, after: 'Submitted', into: { births: { institution, liveBorn: 1 } } },
  BirthAnnotationCorrected: {
    decider: registration,
    after: ['Submitted', 'BirthAnnotated'],
    into: { births: { institution, annotatedOn, liveBorn: 2 } },
  },
  RegistrationChecked: { decider: checks, into: { status: 'made', told: false } },
  WomanTold: { decider: checks, after: 'RegistrationChecked', into: { status: 'made', told: true } },
} as const;
