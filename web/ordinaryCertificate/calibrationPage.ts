import type { PrinterOffset } from '#application/ordinaryPaper.ts';
import { html, type Markup } from '../certificate/markup.ts';
import { locales, translate } from '../locale.ts';
import { printedPage } from './printedPage.ts';
import { templates } from './template.ts';

const [chinese] = locales;
const say = (key: string, fill?: Readonly<Record<string, unknown>>): string =>
  translate(chinese, `calibration.${key}`, fill);

/** Where the cross should come to lie, in millimetres from the paper's upper left corner. */
const crossAt = { x: 100, y: 50 };
const reach = 20;

const marks = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
const lengthOf = (at: number): number => (at % 10 === 0 ? 4 : at % 5 === 0 ? 3 : 1.6);

const ruler: Markup = html`<svg viewBox="-25 -25 50 50" style="position:absolute;left:${crossAt.x - 25}mm;top:${crossAt.y - 25}mm;width:50mm;height:50mm">
<path fill="none" stroke="#000" stroke-width="0.15" d="M-20 0H20M0 -20V20${marks
  .map((at) => `M${at} 0v${lengthOf(at)}M0 ${at}h${lengthOf(at)}`)
  .join('')}"/>
${marks
  .filter((at) => at % 10 === 0 && at !== 0)
  .map(
    (at) =>
      html`<text x="${at}" y="6.4" font-size="2.2" text-anchor="middle">${at}</text><text x="5" y="${at + 0.8}" font-size="2.2">${at}</text>`,
  )}</svg>`;

/**
 * A sheet by which it is seen how far a printer is off: a cross that should lie 100 mm from the left and 50 mm from the upper
 * edge. Printed with the offset that is set, it shows what is still missing.
 */
export const calibrationDocument = ({ dx, dy }: PrinterOffset, fontCss: string): string => {
  const { page } = templates[1];
  const body = html`<section class="sheet"><div class="moved" style="transform:translate(${dx}mm,${dy}mm)">${ruler}
<p class="box told" style="left:20mm;top:84mm;width:170mm;height:40mm">${say('scale')}<br>${say('how', crossAt)}<br>${say('set', { dx, dy })}</p></div></section>`;
  return printedPage({ title: say('title'), page, fontCss, body });
};
