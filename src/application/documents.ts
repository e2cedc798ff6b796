import type { Day } from '#domain/calendar/day.ts';
import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import type { Leaflet } from './leaflet.ts';
import type { IssueSlip, OrdinaryPaper, PrinterOffset } from './ordinaryPaper.ts';
import type { RevocationNotice } from './revocationNotice.ts';

/**
 * What is printed, and the day that it bears: the same content gives the same bytes. Another kind of document is one more
 * member here and its page in `web/documents.ts`.
 */
export type PrintedDocument =
  | { kind: 'certificate'; on: Day; content: CertificateContent }
  | { kind: 'leaflet'; on: Day; content: Leaflet }
  | { kind: 'revocationNotice'; on: Day; content: RevocationNotice }
  | { kind: 'ordinaryOverprint'; on: Day; papers: readonly OrdinaryPaper[]; offset: PrinterOffset }
  | { kind: 'issueSlip'; on: Day; slips: readonly IssueSlip[] }
  | { kind: 'calibration'; on: Day; offset: PrinterOffset };

/** A PDF with the SHA-256 of its bytes in hex, or why there is none now. */
export type RenderedDocument =
  | { outcome: 'rendered'; bytes: Uint8Array; sha256: string }
  | { outcome: 'unavailable'; reason: 'noBrowser' | 'busy' | 'failed' };

/** Makes documents of their content. */
export type DocumentRenderer = {
  pdf: (document: PrintedDocument) => Promise<RenderedDocument>;
  /** Whether every character has a glyph on the certificate. */
  canPrint: (text: string) => boolean;
  close: () => Promise<void>;
};
