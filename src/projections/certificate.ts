import { projection } from './projection.ts';
import type { StoredEvent } from './stored.ts';

/** One certificate by its number; `personal` is sealed under `certificate-<number>`. */
export type CertificateRow = {
  id: string;
  status: 'valid';
  kind: 'electronic';
  registrationId: string;
  parity: number;
  office: string;
  issuedOn: string;
  code: string;
  personal: string;
};

/** Certificates for printing and verification (C1, C2). */
export const certificate = projection<StoredEvent, CertificateRow>({
  name: 'certificate',
  indexes: { registration: ['registrationId'] },
  keysOf: (event) => (event.type === 'CertificateIssued' ? [event.data.number] : []),
  on: {
    CertificateIssued: (_, { data }) => {
      const { number, kind, registrationId, parity, office, issuedOn, code, personal } = data;
      return { id: number, status: 'valid', kind, registrationId, parity, office, issuedOn, code, personal };
    },
  },
});
