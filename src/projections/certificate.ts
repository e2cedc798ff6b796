import { projection } from './projection.ts';
import type { StoredEvent } from './stored.ts';

/** One certificate by its number; `personal` is sealed under `certificate-<number>`; both gone once erased, as `code`. */
export type CertificateRow = {
  id: string;
  kind: 'electronic';
  registrationId: string;
  parity: number;
  office: string;
  issuedOn: string;
} & ({ status: 'valid'; code: string; personal: string } | { status: 'erased'; erasedOn: string });

const erased = ({ id, kind, registrationId, parity, office, issuedOn }: CertificateRow, erasedOn: string) =>
  ({ id, status: 'erased', kind, registrationId, parity, office, issuedOn, erasedOn }) as const;

/** Certificates for printing and verification (C1, C2). */
export const certificate = projection<StoredEvent, CertificateRow>({
  name: 'certificate',
  indexes: { registration: ['registrationId'] },
  keysOf: (event) => {
    if (event.type === 'RegistrationErased') return event.data.certificates;
    return event.type === 'CertificateIssued' ? [event.data.number] : [];
  },
  on: {
    CertificateIssued: (_, { data }) => {
      const { number, kind, registrationId, parity, office, issuedOn, code, personal } = data;
      return { id: number, status: 'valid', kind, registrationId, parity, office, issuedOn, code, personal };
    },
    RegistrationErased: (row, { data }) => row && erased(row, data.erasedOn),
  },
});
