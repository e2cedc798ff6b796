import type { Day } from '#domain/calendar/day.ts';
import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import type { DocumentKind } from '#domain/registration/documents.ts';

/** How far a printer is off, in millimetres: what is printed moves right by `dx` and down by `dy`. */
export type PrinterOffset = { dx: number; dy: number };

/** What is printed onto the pre-printed paper of an ordinary certificate (C3, C5); its number is its serial. */
export type OrdinaryPaper = Omit<CertificateContent, 'kind'>;

/** What the office files when it issued one (§3.1.3(3)): serial, to whom, by which document, by whom. */
export type IssueSlip = {
  serial: string;
  parity: number;
  registrationId: string;
  wife: string;
  husband: string;
  bearer: { name: string; document: DocumentKind; documentNumber: string };
  office: string;
  registeringOffice: string;
  handler: string;
  issuedOn: Day;
  specimen: boolean;
};
