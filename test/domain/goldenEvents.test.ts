import { describe, expect, it } from 'vitest';
import { decode } from '#application/eventCodec.ts';
import { SealBroken } from '#application/sealing.ts';
import { accessDecider } from '#domain/access/decide.ts';
import { accessKeyDecider } from '#domain/access/eraseRecords.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import { reservationDecider } from '#domain/couple/reservation.ts';
import type { Decider, Kind } from '#domain/decider.ts';
import { type EventType, eventVersions, toCurrent } from '#domain/eventVersions.ts';
import { checkpointDecider } from '#domain/log/decide.ts';
import { organisationDecider } from '#domain/organisation/decide.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { folded } from '../support/given.ts';
import { accountFolds } from '../support/goldenAccountSamples.ts';
import { correctionFolds } from '../support/goldenCorrectionSamples.ts';
import { type GoldenEvent, goldenEvents, goldenSealing } from '../support/goldenEvents.ts';
import { institutionFolds } from '../support/goldenInstitutionSamples.ts';
import { ordinaryFolds } from '../support/goldenOrdinarySamples.ts';
import { printingFolds } from '../support/goldenPrintingSamples.ts';
import { variants } from '../support/goldenSamples.ts';
import { scanFolds } from '../support/goldenScanSamples.ts';
import { stockFolds } from '../support/goldenStockSamples.ts';

const files = goldenEvents();
const every = [...files];
const sealing = goldenSealing();
const sealed = every.filter(([, { stored }]) => 'personal' in stored.data);

/** Every name that this program or one before it wrote. */
const storedTypes = Object.entries(eventVersions).flatMap(([type, upcasters]) =>
  Array.from({ length: upcasters.length + 1 }, (_, index) => `${type}.v${index + 1}`),
);

/** The same, and what an event of one of them can also be. */
const named = [...storedTypes, ...Object.keys(variants)];
const typeOf = (name: string) => name.split('.').slice(0, 2).join('.');

const golden = (name: string): GoldenEvent => {
  const found = files.get(name);
  if (found === undefined) throw new Error(`There is no golden file ${name}.json`);
  return found;
};

describe('golden events', () => {
  it('hold every version of every type, and nothing else: node test/support/goldenEvents.ts writes a new one', () => {
    expect([...files.keys()].toSorted()).toEqual(named.toSorted());
    expect(files.size).toBeGreaterThan(12);
  });

  it.each(every)('%s opens into exactly what it meant when it was written', async (name, { stored, opened }) => {
    expect(stored.type).toBe(typeOf(name));
    expect(await decode(stored, sealing)).toEqual(opened);
  });

  it.each(sealed)('%s shows nothing about a person while it is sealed', (_, { stored, opened }) => {
    const { personal } = opened.data as { personal: object };
    expect(stored.data['personal']).toMatch(/^s1\.golden-key\.[\w-]+$/);
    const written = JSON.stringify(stored);
    for (const text of textsOf(personal).filter((one) => /\p{Script=Han}{2}|^\d{17}[\dX]$|^1\d{10}$/u.test(one))) {
      expect(written).not.toContain(text);
    }
  });

  it.each(sealed)('%s does not open in another stream', async (_, { stored }) => {
    await expect(decode({ ...stored, stream: `${stored.stream}0` }, sealing)).rejects.toThrow(SealBroken);
  });

  it.each(sealed)('%s is erased once its key is destroyed, the rest still told', async (_, { stored, opened }) => {
    const erased = await decode(stored, goldenSealing(true));
    const { personal: __, ...rest } = opened.data as { personal: unknown };
    expect(erased).toMatchObject({ type: opened.type, data: rest, erased: true });
    expect(JSON.stringify(erased)).not.toMatch(/王芳|张伟/);
  });
});

describe('folding golden events', () => {
  type Folds = { decider: Decider<Kind>; after?: EventType | readonly EventType[]; into: object };
  const registration = registrationDecider as unknown as Decider<Kind>;
  const certificate = certificateDecider as unknown as Decider<Kind>;
  const couple = reservationDecider as unknown as Decider<Kind>;
  const organisation = organisationDecider as unknown as Decider<Kind>;
  const checkpoint = checkpointDecider as unknown as Decider<Kind>;
  const access = accessDecider as unknown as Decider<Kind>;
  const recorded = { decider: access, into: { recorded: true } };
  const office = '520111004';
  const folds: Readonly<Record<EventType, Folds>> = {
    Submitted: { decider: registration, into: { status: 'submitted', office, reviewDueOn: '2026-11-25', parity: 1 } },
    Amended: { decider: registration, after: 'Submitted', into: { status: 'submitted', office } },
    Withdrawn: { decider: registration, after: 'Submitted', into: { status: 'withdrawn' } },
    TaskReceived: { decider: registration, after: 'Submitted', into: { status: 'received', handler: 'czy-520111004' } },
    Redirected: { decider: registration, after: 'Submitted', into: { status: 'submitted', office } },
    Accepted: {
      decider: registration,
      after: 'Submitted',
      into: { status: 'accepted', registerDueOn: '2026-11-26' },
    },
    Rejected: { decider: registration, after: 'Submitted', into: { status: 'rejected' } },
    Registered: { decider: registration, after: 'Submitted', into: { status: 'registered' } },
    Declined: { decider: registration, after: 'Submitted', into: { status: 'declined' } },
    RegistrationErased: { decider: registration, after: 'Submitted', into: { erasedOn: '2036-11-26' } },
    SubmissionAbandoned: { decider: registration, into: { status: 'abandoned' } },
    CoupleReserved: { decider: couple, into: { holder: '019f0000-0000-7000-8000-000000000100' } },
    CheckpointSigned: { decider: checkpoint, into: { status: 'signed', checkpoint: { number: 1, size: 8 } } },
    CertificateIssued: {
      decider: certificate,
      into: { status: 'valid', registrationId: '019f0000-0000-7000-8000-000000000100' },
    },
    OrganisationEstablished: { decider: organisation, into: { status: 'active', level: 'township', parent: '520111' } },
    OrganisationRecordCompleted: {
      decider: organisation,
      after: 'OrganisationEstablished',
      into: { record: { phone: '0851-01111004', address: '花溪区清溪路1号' } },
    },
    OrganisationRenamed: {
      decider: organisation,
      after: 'OrganisationEstablished',
      into: { name: '贵阳市花溪区贵筑街道办事处' },
    },
    OrganisationMoved: { decider: organisation, after: 'OrganisationEstablished', into: { parent: '520111' } },
    OrganisationMerged: {
      decider: organisation,
      after: 'OrganisationEstablished',
      into: { status: 'merged', successor: '520111005' },
    },
    CertificatePrinted: {
      decider: certificate,
      after: 'CertificateIssued',
      into: { status: 'valid', printed: ['ab'.repeat(32)] },
    },
    AccessRecordsErased: { decider: accessKeyDecider as unknown as Decider<Kind>, into: { erasedOn: '2029-12-01' } },
    PersonalDataViewed: recorded,
    AuditTrailRead: recorded,
    SignedIn: recorded,
    SignedOut: recorded,
    SignInRefused: recorded,
    SessionRevoked: recorded,
    ...accountFolds,
    ...printingFolds,
    ...stockFolds,
    ...correctionFolds,
    ...scanFolds,
    ...institutionFolds,
    ...ordinaryFolds,
  };

  it.each(named)('%s, sealed or erased, moves its aggregate', async (name) => {
    const type = name.replace(/\.v\d+.*$/, '') as EventType;
    const { decider, after, into } = folds[type];
    const stored = [...[after ?? []].flat().map((before) => golden(`${before}.v1`).stored), golden(name).stored];
    for (const seal of [sealing, goldenSealing(true)]) {
      const events = await Promise.all(stored.map((event) => decode(event, seal)));
      expect(folded(decider, events)).toMatchObject(into);
    }
  });
});

describe('a name that no version of this program wrote', () => {
  it.each([
    'Submitted',
    'Submitted.v0',
    'Submitted.v2',
    'Submitted.v1x',
    'submitted.v1',
    'Vanished.v1',
    'toString.v1',
    '',
  ])('%j is a clear error', (name) => {
    expect(() => toCurrent(name, {})).toThrow(`The log holds an event named ${name}, which this version`);
  });
});

/** Every text somewhere inside a value. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}
