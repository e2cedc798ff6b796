import { match } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import { accepted, type Decider, rejected } from '../decider.ts';
import type { DocumentKind } from '../registration/documents.ts';
import type { CertificateContent } from './certificateContent.ts';

type Content = Omit<CertificateContent, 'verifyUrl' | 'specimen'>;
type Issued = {
  number: string;
  registrationId: string;
  parity: number;
  office: string;
  issuedOn: Day;
  code: string;
};

/** Issued by the platform itself (C2). */
export type ElectronicIssued = Issued & { kind: 'electronic'; personal: { content: Content } };

/** Pre-printed; handed by `handler` of `office` to its bearer, who was identified by a document (C3–C5); its number is its serial. */
export type OrdinaryIssued = Issued & {
  kind: 'ordinary';
  registeringOffice: string;
  handler: string;
  identity: { document: DocumentKind };
  personal: { content: Content; bearer: { name: string; documentNumber: string } };
};

/** A certificate was issued for a registration (§3.1.1(3), C2, C5); `code` is its signed verification code. */
export type CertificateIssued = { type: 'CertificateIssued'; data: ElectronicIssued | OrdinaryIssued };

/** A PDF of the certificate was made for someone (§3.1.3, A1.3); `sha256` is that of its bytes, in hex. */
export type CertificatePrinted = {
  type: 'CertificatePrinted';
  data: { number: string; channel: 'applicant' | 'staff'; sha256: string };
};

/** Why a certificate no longer holds (R10, C6). */
export const voidReasons = ['superseded', 'revoked', 'lost', 'spoilt'] as const;
export type VoidReason = (typeof voidReasons)[number];

/** A certificate no longer holds: another took its place, the registration was revoked, or the paper is gone (R10, C6). */
export type CertificateVoided = {
  type: 'CertificateVoided';
  data: Pick<CertificateIssued['data'], 'number' | 'registrationId' | 'kind' | 'office' | 'parity'> & {
    reason: VoidReason;
    voidedOn: Day;
    supersededBy?: string;
  };
};

/** What is asked to be void; its office, kind and parity follow from what was issued. */
export type CertificateVoiding = Omit<CertificateVoided['data'], 'kind' | 'office' | 'parity'>;

export type CertificateEvent = CertificateIssued | CertificatePrinted | CertificateVoided;

export type CertificateState =
  | { status: 'absent' }
  | ({ status: 'valid' | 'void'; printed: readonly string[] } & Pick<
      CertificateIssued['data'],
      'registrationId' | 'kind' | 'office' | 'parity'
    >);

export type CertificateKind = {
  command:
    | { type: 'IssueCertificate'; certificate: CertificateIssued['data'] }
    | { type: 'PrintCertificate'; print: CertificatePrinted['data'] }
    | { type: 'VoidCertificate'; voiding: CertificateVoiding };
  state: CertificateState;
  event: CertificateEvent;
  /** `occupied`: another registration has this number. */
  rejection: { type: 'absent' } | { type: 'occupied'; registrationId: string } | { type: 'void' };
};

const issue = (certificate: CertificateIssued['data'], state: CertificateState) => {
  if (state.status === 'absent') return accepted({ type: 'CertificateIssued', data: certificate } as const);
  return state.registrationId === certificate.registrationId
    ? accepted()
    : rejected({ type: 'occupied', registrationId: state.registrationId } as const);
};

const print = (data: CertificatePrinted['data'], state: CertificateState) => {
  if (state.status !== 'valid') return rejected({ type: state.status } as const);
  return state.printed.includes(data.sha256) ? accepted() : accepted({ type: 'CertificatePrinted', data } as const);
};

/** Void once, for the reason that came first. */
const voidIt = (voiding: CertificateVoiding, state: CertificateState) => {
  if (state.status === 'absent') return rejected({ type: 'absent' } as const);
  const { registrationId, kind, office, parity } = state;
  if (registrationId !== voiding.registrationId) return rejected({ type: 'occupied', registrationId } as const);
  if (state.status === 'void') return accepted();
  return accepted({ type: 'CertificateVoided', data: { ...voiding, kind, office, parity } } as const);
};

/** The certificate as a decider; its stream is `certificate-<number>`. */
export const certificateDecider: Decider<CertificateKind> = {
  category: 'certificate',
  initialState: { status: 'absent' },
  decide: (command, state) =>
    match(command)
      .with({ type: 'IssueCertificate' }, ({ certificate }) => issue(certificate, state))
      .with({ type: 'PrintCertificate' }, (c) => print(c.print, state))
      .with({ type: 'VoidCertificate' }, (c) => voidIt(c.voiding, state))
      .exhaustive(),
  evolve: (state, event) =>
    match(event)
      .with(
        { type: 'CertificateIssued' },
        ({ data: { registrationId, kind, office, parity } }): CertificateState => ({
          status: 'valid',
          registrationId,
          kind,
          office,
          parity,
          printed: [],
        }),
      )
      .with(
        { type: 'CertificatePrinted' },
        ({ data }): CertificateState =>
          state.status === 'absent' ? state : { ...state, printed: [...state.printed, data.sha256] },
      )
      .with(
        { type: 'CertificateVoided' },
        (): CertificateState => (state.status === 'absent' ? state : { ...state, status: 'void' }),
      )
      .exhaustive(),
};
