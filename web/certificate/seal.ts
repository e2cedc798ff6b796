import { linesThrough, polar, upTo } from './geometry.ts';
import { html, type Markup } from './markup.ts';

const ink = '#d3222a';
/** Degrees that the office's name may cover, the opening of the ring below. */
const widestArc = 246;
const radius = 16.1;

const star = linesThrough(
  upTo(10).map((index) => polar([0, -2], index % 2 === 0 ? 6.8 : 6.8 * 0.382, index * 36 - 90)),
  true,
);

type Arc = { size: number; advance: number };

/** Glyphs get narrower first, as seal engravers do, then smaller. */
const arcOf = (count: number): Arc => {
  const length = (widestArc * Math.PI * radius) / 180;
  const advance = Math.min(4.75, length / Math.max(count - 1, 1));
  return { size: Math.min(4.9, Math.max(3, advance * 1.65)), advance };
};

const glyph = (text: string, degrees: number, { size, advance }: Arc): Markup => {
  const squeeze = Math.min(1, (advance * 0.97) / size);
  return html`<text font-size="${size.toFixed(2)}" transform="rotate(${degrees.toFixed(2)}) translate(0 ${-radius}) scale(${squeeze.toFixed(3)} 1)" y="${(size * 0.36).toFixed(2)}">${text}</text>`;
};

/**
 * The round seal of an office, 42 mm across: its name around a star, the seal's purpose below. Every glyph stands for
 * itself, because text on a path comes out of a PDF as a picture of curves.
 */
export const seal = (officeName: string, purpose: string): Markup => {
  const glyphs = [...officeName.replace(/\s/g, '')];
  const arc = arcOf(glyphs.length);
  const step = (arc.advance * 180) / (Math.PI * radius);
  return html`<svg class="certificate-seal" viewBox="-21.2 -21.2 42.4 42.4" aria-hidden="true" focusable="false">
<g fill="${ink}" fill-opacity="0.9" text-anchor="middle" font-weight="700">
<circle r="20.4" fill="none" stroke="${ink}" stroke-opacity="0.9" stroke-width="1.2"/>
<path d="${star}"/>
${glyphs.map((text, index) => glyph(text, (index - (glyphs.length - 1) / 2) * step, arc))}
<text font-size="3.5" y="14.6" letter-spacing="0.25">${purpose}</text>
</g></svg>`;
};
