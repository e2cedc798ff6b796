import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type CertificateIssued,
  type CertificateKind,
  certificateDecider,
  type VoidReason,
} from '#domain/certificate/decide.ts';
import { given } from '../../support/given.ts';
import { run } from '../../support/runs.ts';

const person = { name: '王芳', idNumber: '520111199512249003', household: '贵州省', residence: '贵州省' };
const number = 'GZ52011120260000000017';

const certificateOf = (registrationId: string): CertificateIssued['data'] => ({
  number,
  kind: 'electronic',
  registrationId,
  parity: 1,
  office: '520111004',
  issuedOn: '2026-11-24',
  code: 'header.claims.signature',
  personal: {
    content: {
      number,
      kind: 'electronic',
      parity: 1,
      wife: person,
      husband: { ...person, name: '张伟' },
      marriage: { registeredOn: '2021-05-20', certificateNumber: 'J520103-2021-001234' },
      children: 0,
      office: { code: '520111004', name: '贵筑街道办事处' },
      issuedOn: '2026-11-24',
      code: 'header.claims.signature',
    },
  },
});

const issue = (registrationId: string) =>
  ({ type: 'IssueCertificate', certificate: certificateOf(registrationId) }) as const;
const print = (sha256: string) =>
  ({ type: 'PrintCertificate', print: { number, channel: 'applicant', sha256 } }) as const;
const voiding = (registrationId: string, reason: VoidReason = 'superseded') =>
  ({ type: 'VoidCertificate', voiding: { number, registrationId, reason, voidedOn: '2026-11-27' } }) as const;
const issued = { type: 'CertificateIssued', data: certificateOf('one') } as const;
const printed = { type: 'CertificatePrinted', data: print('aa').print } as const;

describe('a certificate', () => {
  it('is issued to a registration once', () => {
    given(certificateDecider, []).when(issue('one')).thenHappened(issued);
    given(certificateDecider, [issued]).when(issue('one')).thenNothing();
  });

  it('is not issued under a number that another registration has', () => {
    given(certificateDecider, [issued]).when(issue('two')).thenRefused({ type: 'occupied', registrationId: 'one' });
  });

  it('is printed only once issued, and the same document is told once', () => {
    given(certificateDecider, []).when(print('aa')).thenRefused({ type: 'absent' });
    given(certificateDecider, [issued]).when(print('aa')).thenHappened(printed);
    given(certificateDecider, [issued, printed]).when(print('aa')).thenNothing();
    given(certificateDecider, [issued, printed])
      .when(print('bb'))
      .thenHappened({ type: 'CertificatePrinted', data: print('bb').print });
  });

  it('is void once, for the reason that came first, and is not printed any more', () => {
    given(certificateDecider, []).when(voiding('one')).thenRefused({ type: 'absent' });
    given(certificateDecider, [issued])
      .when(voiding('one'))
      .thenHappened({
        type: 'CertificateVoided',
        data: { ...voiding('one').voiding, kind: 'electronic', office: '520111004', parity: 1 },
      });
    const voided = given(certificateDecider, [issued]).when(voiding('one')).history();
    given(certificateDecider, voided).when(voiding('one', 'revoked')).thenNothing();
    given(certificateDecider, voided).when(print('aa')).thenRefused({ type: 'void' });
    given(certificateDecider, voided).when(issue('one')).thenNothing();
  });

  it('is not void for another registration', () => {
    given(certificateDecider, [issued]).when(voiding('two')).thenRefused({ type: 'occupied', registrationId: 'one' });
  });

  const command = fc.oneof(
    fc.constantFrom('one', 'two').map(issue),
    fc.constantFrom('aa', 'bb', 'cc').map(print),
  ) satisfies fc.Arbitrary<CertificateKind['command']>;

  test.prop([fc.array(command, { maxLength: 20 })])(
    'belongs to the registration it was first issued to, whatever comes',
    (commands) => {
      const { steps, events } = run(certificateDecider, commands);
      expect(events.filter(({ type }) => type === 'CertificateIssued').length).toBeLessThanOrEqual(1);
      const prints = events.flatMap((event) => (event.type === 'CertificatePrinted' ? [event.data.sha256] : []));
      expect(new Set(prints).size).toBe(prints.length);
      const first = commands.find(({ type }) => type === 'IssueCertificate');
      const last = steps.at(-1)?.after;
      expect(last?.status ?? 'absent').toBe(first === undefined ? 'absent' : 'valid');
      if (last?.status === 'valid' && first?.type === 'IssueCertificate') {
        const { registrationId, kind, office, parity } = first.certificate;
        expect(last).toEqual({ status: 'valid', registrationId, kind, office, parity, printed: prints });
      }
    },
  );

  test.prop([fc.array(fc.constantFrom(issued, printed), { maxLength: 8 })])('folds in any order', (events) => {
    const state = events.reduce<CertificateKind['state']>(certificateDecider.evolve, certificateDecider.initialState);
    expect(state.status).toBe(events.includes(issued) ? 'valid' : 'absent');
  });
});
