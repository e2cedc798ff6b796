import { isPrinted } from '#domain/stock/serial.ts';
import { projection } from './projection.ts';
import { idOf, registrationOf, type StoredEvent } from './stored.ts';

/**
 * A registration that stands, of a child for whom ordinary certificates are printed: `serial` is the one that holds. `waits` is
 * its office while none does; others stay out of that index.
 */
export type UnissuedRow = {
  id: string;
  office: string;
  parity: number;
  registeredOn: string;
  serial?: string;
  waits?: string;
};

const withoutSerial = ({ id, office, parity, registeredOn }: UnissuedRow): UnissuedRow => {
  return { id, office, parity, registeredOn, waits: office };
};

/** What an office has registered and given no ordinary certificate for, for issuing many at once (C3). */
export const unissued = projection<StoredEvent, UnissuedRow>({
  name: 'unissued',
  indexes: { waits: ['waits', 'registeredOn'] },
  keysOf: (event) =>
    event.type === 'CertificateIssued' || event.type === 'CertificateVoided'
      ? [event.data.registrationId]
      : registrationOf(event),
  on: {
    Registered: (_, event) => {
      const { office, parity, registeredOn } = event.data;
      if (!isPrinted(parity)) return undefined;
      return withoutSerial({ id: idOf(event), office, parity, registeredOn });
    },
    CertificateIssued: (row, { data }) => {
      if (row === undefined || data.kind !== 'ordinary') return row;
      const { waits: _, ...rest } = row;
      return { ...rest, serial: data.number };
    },
    CertificateVoided: (row, { data }) => (row?.serial === data.number ? withoutSerial(row) : row),
    Revoked: () => undefined,
    RegistrationErased: () => undefined,
  },
});
