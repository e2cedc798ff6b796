import type { VoidReason } from '#domain/certificate/decide.ts';
import { projection } from './projection.ts';
import type { StoredEvent } from './stored.ts';

/** Why and since which day a certificate no longer holds; `supersededBy` is the number of the one in its place. */
export type Voided = { reason: VoidReason; voidedOn: string; supersededBy?: string };

/**
 * One certificate by its number; `personal` is sealed under `certificate-<number>`; both gone once erased, as `code`. One that
 * was void stays so once erased, for its printed code goes on being signed.
 */
export type CertificateRow = {
  id: string;
  kind: 'electronic' | 'ordinary';
  registrationId: string;
  parity: number;
  office: string;
  issuedOn: string;
} & Partial<Voided> &
  (
    | { status: 'valid'; code: string; personal: string }
    | ({ status: 'void'; code: string; personal: string } & Voided)
    | { status: 'erased'; erasedOn: string }
  );

const voidedIn = (row: CertificateRow): Partial<Voided> => {
  const { reason, voidedOn, supersededBy } = row;
  return {
    ...(reason && { reason }),
    ...(voidedOn && { voidedOn }),
    ...(supersededBy && { supersededBy }),
  };
};

const erased = (row: CertificateRow, erasedOn: string): CertificateRow => {
  const { id, kind, registrationId, parity, office, issuedOn } = row;
  return { id, status: 'erased', kind, registrationId, parity, office, issuedOn, erasedOn, ...voidedIn(row) };
};

const voided = (row: CertificateRow, { reason, voidedOn, supersededBy }: Voided): CertificateRow =>
  row.status === 'valid'
    ? { ...row, status: 'void', reason, voidedOn, ...(supersededBy === undefined ? {} : { supersededBy }) }
    : row;

/** Certificates for printing and verification (C1, C2). */
export const certificate = projection<StoredEvent, CertificateRow>({
  name: 'certificate',
  indexes: { registration: ['registrationId'] },
  keysOf: (event) => {
    if (event.type === 'RegistrationErased') return event.data.certificates;
    return event.type === 'CertificateIssued' || event.type === 'CertificateVoided' ? [event.data.number] : [];
  },
  on: {
    CertificateIssued: (_, { data }) => {
      const { number, kind, registrationId, parity, office, issuedOn, code, personal } = data;
      return { id: number, status: 'valid', kind, registrationId, parity, office, issuedOn, code, personal };
    },
    CertificateVoided: (row, { data }) => row && voided(row, data),
    RegistrationErased: (row, { data }) => row && erased(row, data.erasedOn),
  },
});
