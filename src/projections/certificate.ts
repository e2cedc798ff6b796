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
  /** The office whose ledger it stands in: of ordinary ones alone, others stay out of that index. */
  ledger?: string;
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
  const { id, kind, registrationId, parity, office, issuedOn, ledger } = row;
  const about = { id, kind, registrationId, parity, office, issuedOn, ...(ledger && { ledger }) };
  return { ...about, status: 'erased', erasedOn, ...voidedIn(row) };
};

const voided = (row: CertificateRow, { reason, voidedOn, supersededBy }: Voided): CertificateRow =>
  row.status === 'valid'
    ? { ...row, status: 'void', reason, voidedOn, ...(supersededBy === undefined ? {} : { supersededBy }) }
    : row;

/** Certificates for printing and verification (C1, C2). */
export const certificate = projection<StoredEvent, CertificateRow>({
  name: 'certificate',
  indexes: { registration: ['registrationId'], ledger: ['ledger', 'issuedOn'] },
  keysOf: (event) => {
    if (event.type === 'RegistrationErased') return event.data.certificates;
    return event.type === 'CertificateIssued' || event.type === 'CertificateVoided' ? [event.data.number] : [];
  },
  on: {
    CertificateIssued: (_, { data }) => {
      const { number, kind, registrationId, parity, office, issuedOn, code, personal } = data;
      const about = { id: number, kind, registrationId, parity, office, issuedOn, code, personal };
      return { ...about, status: 'valid', ...(kind === 'ordinary' && { ledger: office }) };
    },
    CertificateVoided: (row, { data }) => row && voided(row, data),
    RegistrationErased: (row, { data }) => row && erased(row, data.erasedOn),
  },
});
