import type { VoidReason } from '#domain/certificate/decide.ts';
import { projection } from './projection.ts';
import type { StoredEvent } from './stored.ts';

/** One certificate that no longer holds, by its number; it stays so when the registration's data are erased. */
export type VoidedCertificateRow = { id: string; reason: VoidReason; voidedOn: string };

/** What the signed list of revoked certificates is made of (R10, C6): small rows, nothing about people. */
export const voidedCertificate = projection<StoredEvent, VoidedCertificateRow>({
  name: 'voidedCertificate',
  indexes: { voidedOn: ['voidedOn'] },
  keysOf: (event) => (event.type === 'CertificateVoided' ? [event.data.number] : []),
  on: {
    CertificateVoided: (_, { data: { number, reason, voidedOn } }) => ({ id: number, reason, voidedOn }),
  },
});
