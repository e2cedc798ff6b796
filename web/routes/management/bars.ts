import type { OfficeNumbers } from '#application/officeNumbers.ts';

/** One stacked bar of open registrations: its pieces from the left, in the units of the picture. */
type Bar = {
  name: string;
  total: number;
  y: number;
  textY: number;
  totalX: number;
  pieces: readonly { status: string; x: number; width: number; count: number }[];
};

/** A picture of numbers as plain SVG shapes: `height` for as many bars. */
export type Bars = { height: number; bars: readonly Bar[] } | undefined;

const stacked = ['submitted', 'received', 'accepted'] as const;
const rowHeight = 26;
const left = 250;
const room = 480;
const most = 30;

type Numbered = { name: string; counts: OfficeNumbers['counts'] };

const totalOf = ({ counts }: Numbered) => stacked.reduce((sum, status) => sum + counts[status], 0);

const barOf = (one: Numbered, index: number, scale: number): Bar => {
  const widths = stacked.map((status) => ({ status, count: one.counts[status], width: one.counts[status] * scale }));
  const pieces = widths.map((piece, at) => ({
    ...piece,
    x: left + widths.slice(0, at).reduce((sum, { width }) => sum + width, 0),
  }));
  const total = totalOf(one);
  const y = index * rowHeight;
  const shown = pieces.filter(({ count }) => count > 0);
  return { name: one.name, total, y: y + 4, textY: y + 17, totalX: left + total * scale + 6, pieces: shown };
};

/** The offices with the most open registrations first, at most 30; undefined where none has any. */
export const barsOf = (all: readonly Numbered[]): Bars => {
  const busy = all.filter((one) => totalOf(one) > 0).sort((a, b) => totalOf(b) - totalOf(a));
  const [largest] = busy;
  if (largest === undefined) return undefined;
  const scale = room / totalOf(largest);
  const shown = busy.slice(0, most);
  return { height: shown.length * rowHeight + 4, bars: shown.map((one, index) => barOf(one, index, scale)) };
};
