import type { CertificateContent } from '#domain/certificate/certificateContent.ts';

/** A PDF with the SHA-256 of its bytes in hex, or why there is none now. */
export type RenderedDocument =
  | { outcome: 'rendered'; bytes: Uint8Array; sha256: string }
  | { outcome: 'unavailable'; reason: 'noBrowser' | 'busy' | 'failed' };

/** Makes documents of their content. */
export type DocumentRenderer = {
  certificatePdf: (content: CertificateContent) => Promise<RenderedDocument>;
  /** Whether every character has a glyph on the certificate. */
  canPrint: (text: string) => boolean;
  close: () => Promise<void>;
};
