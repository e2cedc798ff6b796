import { encodeQR } from 'qr';
import { html, type Markup } from './markup.ts';

/** A text as a QR code (medium error correction) in SVG with its quiet zone; `label` is what it is called aloud. */
export const qrCode = (text: string, label: string): Markup => {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const size = rows.length;
  // Rows overlap by a hair: viewers draw seams between shapes that only touch.
  const path = rows
    .flatMap((row, y) => {
      const runs = row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g);
      return [...runs].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1.03h-${run.length}z`);
    })
    .join('');
  return html`<svg class="certificate-qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#111"/></svg>`;
};
