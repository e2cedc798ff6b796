import { match } from 'ts-pattern';
import type { PrintedDocument } from '#application/documents.ts';
import { certificateDocument } from './certificate/certificatePage.ts';
import { leafletDocument } from './certificate/leafletPage.ts';
import { revocationNoticeDocument } from './certificate/revocationNoticePage.ts';
import { calibrationDocument } from './ordinaryCertificate/calibrationPage.ts';
import { overprintDocument } from './ordinaryCertificate/overprintPage.ts';
import { slipDocument } from './ordinaryCertificate/slipPage.ts';

/** The self-contained page of a document that is printed; `fontCss` are its `@font-face` rules. */
export const documentHtml = (document: PrintedDocument, fontCss: string): string =>
  match(document)
    .with({ kind: 'certificate' }, ({ content }) => certificateDocument(content, fontCss))
    .with({ kind: 'leaflet' }, ({ content }) => leafletDocument(content, fontCss))
    .with({ kind: 'revocationNotice' }, ({ content }) => revocationNoticeDocument(content, fontCss))
    .with({ kind: 'ordinaryOverprint' }, ({ papers, offset }) => overprintDocument(papers, offset, fontCss))
    .with({ kind: 'issueSlip' }, ({ slips }) => slipDocument(slips, fontCss))
    .with({ kind: 'calibration' }, ({ offset }) => calibrationDocument(offset, fontCss))
    .exhaustive();
