import { type OrdinaryEvent, ordinaryDecider } from '#domain/certificate/ordinary.ts';
import type { Decider, Kind } from '#domain/decider.ts';

const stream = 'ordinaryCertificate-019f0000-0000-7000-8000-000000000100';
const serial = 'GZ1-2026-00000002';
const before = 'GZ1-2026-00000001';

/** One event of every type by which a registration gets an ordinary certificate, or loses it. */
export const ordinarySamples: {
  readonly [T in OrdinaryEvent['type']]: { stream: string; data: Extract<OrdinaryEvent, { type: T }>['data'] };
} = {
  OrdinaryCertificateAssigned: {
    stream,
    data: {
      serial,
      parity: 1,
      office: '520111004',
      issuedOn: '2026-11-27',
      handler: 'czy-520111004',
      identity: { document: 'idCard' },
      replaces: before,
      personal: { bearer: { name: '王芳', documentNumber: '520111199001010027' } },
    },
  },
  OrdinaryCertificateFailed: { stream, data: { serial, reason: 'notHeld' } },
  OrdinaryCertificateVoided: {
    stream,
    data: {
      serial,
      parity: 1,
      office: '520111004',
      reason: 'lost',
      voidedOn: '2026-11-28',
      personal: { note: '王芳称证件在搬家时遗失。' },
    },
  },
};

const decider = ordinaryDecider as unknown as Decider<Kind>;

/** What each of them makes of its aggregate. */
export const ordinaryFolds = {
  OrdinaryCertificateAssigned: { decider, into: { current: { serial, office: '520111004' }, voided: [] } },
  OrdinaryCertificateFailed: { decider, after: 'OrdinaryCertificateAssigned' as const, into: { voided: [] } },
  OrdinaryCertificateVoided: {
    decider,
    after: 'OrdinaryCertificateAssigned' as const,
    into: { voided: [{ serial, reason: 'lost', voidedOn: '2026-11-28' }] },
  },
};
