import { describe, expect, test } from 'vitest';
import { unissued } from '#projections/unissued.ts';
import { happened, rowAfter } from './histories.ts';

const registered = happened('a', 'Registered', { office: '520111004', parity: 1, registeredOn: '2026-03-05' });
const serial = 'GZ1-2026-00000001';
const issued = (kind: string, number = serial) =>
  happened('a', 'CertificateIssued', { kind, number, registrationId: 'a' });
const voided = (number = serial) => happened('a', 'CertificateVoided', { number, registrationId: 'a', reason: 'lost' });
const line = (...events: Parameters<typeof rowAfter>[2][]) => rowAfter(unissued, 'a', ...events);
const waits = { id: 'a', office: '520111004', parity: 1, registeredOn: '2026-03-05', waits: '520111004' };

describe('registrations without an ordinary certificate', () => {
  test('wait from the day they are registered, whatever electronic one they have', () => {
    expect(line(registered, issued('electronic', 'n'), voided('n'))).toEqual(waits);
  });

  test('do not wait while one holds, and wait again once that one is void', () => {
    expect(line(registered, issued('ordinary'))).not.toHaveProperty('waits');
    expect(line(registered, issued('ordinary'), voided())).toEqual(waits);
    const replaced = line(registered, issued('ordinary'), issued('ordinary', 'GZ1-2026-00000002'), voided());
    expect(replaced).toMatchObject({ serial: 'GZ1-2026-00000002' });
  });

  test.each(['Revoked', 'RegistrationErased'])('are no longer listed once %s, whatever becomes void after', (type) => {
    expect(line(registered, issued('ordinary'), happened('a', type, {}), voided())).toBeUndefined();
  });

  test('of a child for whom none is printed are never listed', () => {
    expect(line(happened('a', 'Registered', { office: '520111004', parity: 3 }))).toBeUndefined();
  });
});
