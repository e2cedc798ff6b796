import { curveThrough, linesThrough, type Point, polar, upTo } from './geometry.ts';
import { html, type Markup } from './markup.ts';

// All in millimetres on a sheet of 297 × 210. The lengths are chosen so that whole meander units of pitch 1 fill every
// side: 281 = 2 × (12 + 11 × 11) + 15 and 193 = 2 × (12 + 7 × 11) + 15.
const left = 8;
const top = 8.5;
const width = 281;
const height = 193;
const corner = 12;
const unit = 11;
const band = 8;

const red = '#a3161d';
const gold = '#b8892f';

// A square spiral that unwinds, crosses over and winds up again: one line without a break.
const firstHalf: readonly Point[] = [
  [2, 2],
  [3, 2],
  [3, 3],
  [1, 3],
  [1, 1],
  [4, 1],
  [4, 4],
  [0, 4],
  [0, 0],
  [5, 0],
];
const meanderUnit: readonly Point[] = [...firstHalf, ...firstHalf.map(([x, y]): Point => [10 - x, 4 - y]).reverse()];

/** Meander of some units from x = 0.5 on, the band's middle at y = 0. */
const meander = (units: number): string =>
  upTo(units)
    .map((index) => linesThrough(meanderUnit.map(([x, y]): Point => [x + index * unit + 0.5, y - 2])))
    .join('');

/** A spiral of Guizhou's batik, from a centre outwards. */
const spiral = (centre: Point, radius: number, from: number, turns: number): string =>
  curveThrough(
    upTo(Math.round(turns * 10) + 1).map((step) =>
      polar(centre, 0.22 + ((radius - 0.22) * step) / (turns * 10), from + step * 36),
    ),
  );

const cornerBlock = html`<g id="certificate-corner">
<rect x="0" y="0" width="12" height="12" fill="#fffdf7" stroke="${red}" stroke-width="0.7"/>
<rect x="1" y="1" width="10" height="10" fill="none" stroke="${gold}" stroke-width="0.25"/>
<path d="${[0, 90, 180, 270].map((turn) => spiral(polar([6, 6], 3.3, turn + 45), 1.9, turn + 9, 2.1)).join('')}" fill="none" stroke="${red}" stroke-width="0.42" stroke-linecap="round"/>
<path d="${[0, 90, 180, 270].map((turn) => linesThrough([polar([6, 6], 1.1, turn), polar([6, 6], 2.1, turn - 14), polar([6, 6], 4.1, turn), polar([6, 6], 2.1, turn + 14)], true)).join('')}" fill="${red}"/>
<circle cx="6" cy="6" r="0.75" fill="${gold}"/>
</g>`;

const lozenge = (radius: number, tall: number): string =>
  linesThrough(
    [
      [radius, 0],
      [0, tall],
      [-radius, 0],
      [0, -tall],
    ],
    true,
  );

/** What stands in the middle of each side, 15 wide, around (0, 0). */
const medallion = html`<g id="certificate-medallion">
<path d="${spiral([-5.1, 0], 1.95, 0, 2)}${spiral([5.1, 0], 1.95, 180, 2)}" fill="none" stroke="${red}" stroke-width="0.42" stroke-linecap="round"/>
<path d="${lozenge(3, 2.4)}" fill="none" stroke="${red}" stroke-width="0.5"/>
<path d="${lozenge(1.7, 1.35)}" fill="${red}"/>
<circle r="0.5" fill="${gold}"/>
</g>`;

type Side = { x: number; y: number; turn: number; units: number };

const sides: readonly Side[] = [
  { x: left + width / 2, y: top + band / 2, turn: 0, units: 11 },
  { x: left + width / 2, y: top + height - band / 2, turn: 180, units: 11 },
  { x: left + band / 2, y: top + height / 2, turn: 270, units: 7 },
  { x: left + width - band / 2, y: top + height / 2, turn: 90, units: 7 },
];

// Each half runs from the medallion to its corner; the other half is its mirror image.
const side = ({ x, y, turn, units }: Side): Markup => html`<g transform="translate(${x} ${y}) rotate(${turn})">
<use href="#certificate-meander-${units}" x="7.5"/><use href="#certificate-meander-${units}" x="7.5" transform="scale(-1 1)"/>
<use href="#certificate-medallion"/></g>`;

const corners: readonly (readonly [number, number])[] = [
  [left, top],
  [left + width - corner, top],
  [left, top + height - corner],
  [left + width - corner, top + height - corner],
];

/** A rectangle whose corners give way to the corner blocks. */
const notched = (inset: number, cut: number): string => {
  const [x1, y1, x2, y2] = [left + inset, top + inset, left + width - inset, top + height - inset];
  const at = (x: number, y: number, dx: number, dy: number, turned: boolean): string => {
    const ends: readonly Point[] = [
      [x, y + dy * cut],
      [x + dx * cut, y + dy * cut],
      [x + dx * cut, y],
    ];
    return (turned ? [...ends].reverse() : ends).map(([a, b]) => `${a} ${b}`).join('L');
  };
  return `M${at(x1, y1, 1, 1, false)}L${at(x2, y1, -1, 1, true)}L${at(x2, y2, -1, -1, false)}L${at(x1, y2, 1, -1, true)}Z`;
};

/** The frame of a certificate: meander with batik corners between rules, as parts of an SVG of 297 × 210. */
export const frame = (): Markup => html`<defs>
<path id="certificate-meander-11" d="${meander(11)}" fill="none" stroke="${red}" stroke-width="0.5" stroke-linecap="square"/>
<path id="certificate-meander-7" d="${meander(7)}" fill="none" stroke="${red}" stroke-width="0.5" stroke-linecap="square"/>
${cornerBlock}${medallion}</defs>
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="${red}" stroke-width="1.1"/>
<rect x="${left + band}" y="${top + band}" width="${width - 2 * band}" height="${height - 2 * band}" fill="none" stroke="${red}" stroke-width="0.55"/>
<path d="${notched(band + 1.3, 4.2)}" fill="none" stroke="${gold}" stroke-width="0.25"/>
${sides.map(side)}
${corners.map(([x, y]) => html`<use href="#certificate-corner" x="${x}" y="${y}"/>`)}`;
