import { curveThrough, polar, upTo } from './geometry.ts';
import { html, type Markup } from './markup.ts';

type Ring = { inner: number; outer: number; petals: number; copies: number; ink: string };

/** One line that swings between two radii; turned copies of it weave the ring. */
const ringLine = ({ inner, outer, petals }: Ring): string => {
  const count = petals * 8;
  const middle = (inner + outer) / 2;
  const swing = (outer - inner) / 2;
  return curveThrough(
    upTo(count).map((step) => {
      const angle = (step * 360) / count;
      const wave = Math.cos((angle * petals * Math.PI) / 180);
      return polar([0, 0], middle + swing * wave, angle);
    }),
    true,
  );
};

const rings: readonly Ring[] = [
  { inner: 28, outer: 45, petals: 12, copies: 9, ink: '#c79a3a' },
  { inner: 15, outer: 34, petals: 9, copies: 10, ink: '#cf7f6a' },
  { inner: 6, outer: 19, petals: 6, copies: 9, ink: '#c79a3a' },
];

/** The rosette in the middle of a certificate, around (x, y), radius 45. */
export const rosette = (
  x: number,
  y: number,
): Markup => html`<g transform="translate(${x} ${y})" fill="none" stroke-width="0.13" stroke-opacity="0.5">
${rings.map(
  (ring, index) => html`<g stroke="${ring.ink}"><path id="certificate-ring-${index}" d="${ringLine(ring)}"/>
${upTo(ring.copies - 1).map((copy) => html`<use href="#certificate-ring-${index}" transform="rotate(${((copy + 1) * 360) / ring.petals / ring.copies})"/>`)}</g>`,
)}</g>`;

const waveLine = (from: number, to: number, swing: number, length: number): string => {
  const steps = Math.round((to - from) / 4);
  return curveThrough(
    upTo(steps + 1).map((step) => {
      const x = ((to - from) * step) / steps;
      const angle = (x * 2 * Math.PI) / length;
      return [from + x, swing * Math.sin(angle) + swing * 0.45 * Math.sin(angle * 2.5 + 1)];
    }),
  );
};

/** The ground of a certificate: two families of waves that cross, from (x1, y1) to (x2, y2). */
export const waves = (x1: number, y1: number, x2: number, y2: number): Markup => {
  const count = Math.floor((y2 - y1 - 12) / 4.4) + 1;
  const lines = upTo(count).map((index) => y1 + 6 + index * 4.4);
  return html`<defs><path id="certificate-wave-a" d="${waveLine(x1, x2, 3.2, 62)}"/><path id="certificate-wave-b" d="${waveLine(x1, x2, -3.2, 62)}"/></defs>
<g fill="none" stroke="#cfae62" stroke-width="0.11" stroke-opacity="0.5">${lines.map(
    (y) =>
      html`<use href="#certificate-wave-a" y="${y.toFixed(1)}"/><use href="#certificate-wave-b" y="${y.toFixed(1)}"/>`,
  )}</g>`;
};
