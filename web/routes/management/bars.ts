/** One stacked bar of counts, such as open registrations by status: its pieces from the left, in the units of the picture. */
type Bar = {
  name: string;
  total: number;
  y: number;
  textY: number;
  totalX: number;
  pieces: readonly { status: string; x: number; width: number; count: number; inside: string }[];
};

/** A picture of numbers as plain SVG shapes: `height` for as many bars. */
export type Bars = { height: number; bars: readonly Bar[] } | undefined;

const open = ['submitted', 'received', 'accepted'] as const;
const rowHeight = 26;
const left = 250;
const room = 480;
/** A piece so wide has its count in it. */
const roomForCount = 48;
const most = 30;

type Numbered<S extends string> = { name: string; counts: { readonly [K in S]: number } };

const totalOf = <S extends string>({ counts }: Numbered<S>, stacked: readonly S[]): number =>
  stacked.reduce((sum, status) => sum + counts[status], 0);

const barOf = <S extends string>(one: Numbered<S>, stacked: readonly S[], index: number, scale: number): Bar => {
  const widths = stacked.map((status) => {
    const count = one.counts[status];
    return { status, count, width: count * scale, inside: count * scale > roomForCount ? String(count) : '' };
  });
  const pieces = widths.map((piece, at) => ({
    ...piece,
    x: left + widths.slice(0, at).reduce((sum, { width }) => sum + width, 0),
  }));
  const total = totalOf(one, stacked);
  const y = index * rowHeight;
  const shown = pieces.filter(({ count }) => count > 0);
  return { name: one.name, total, y: y + 4, textY: y + 17, totalX: left + total * scale + 6, pieces: shown };
};

/** As they come; undefined where nothing is counted. */
const inOrder = <S extends string>(shown: readonly Numbered<S>[], stacked: readonly S[]): Bars => {
  const largest = Math.max(0, ...shown.map((one) => totalOf(one, stacked)));
  if (largest === 0) return undefined;
  const bars = shown.map((one, n) => barOf(one, stacked, n, room / largest));
  return { height: shown.length * rowHeight + 4, bars };
};

const drawn = <S extends string>(all: readonly Numbered<S>[], stacked: readonly S[]): Bars => {
  const of = (one: Numbered<S>) => totalOf(one, stacked);
  const busy = all.filter((one) => of(one) > 0).sort((a, b) => of(b) - of(a));
  return inOrder(busy.slice(0, most), stacked);
};

/** The offices with the most open registrations first, at most 30; undefined where none has any. */
export const barsOf = (all: readonly Numbered<(typeof open)[number]>[]): Bars => drawn(all, open);

/** The offices whose people look most first, their own tasks before all else; at most 30. */
export const lookBarsOf = (all: readonly Numbered<'own' | 'other'>[]): Bars => drawn(all, ['own', 'other']);

/** The organisations with the most others below them first, with how many records are complete; at most 30. */
export const completenessBarsOf = (all: readonly Numbered<'complete' | 'incomplete'>[]): Bars =>
  drawn(all, ['complete', 'incomplete']);

/** The months of an institution by how many it checked, who was registered first. */
export const checkBarsOf = (all: readonly Numbered<'complete' | 'incomplete'>[]): Bars =>
  inOrder(all, ['complete', 'incomplete']);

/** The offices with the most people first, by how far their verification has come; at most 30. */
export const peopleBarsOf = (all: readonly Numbered<'verified' | 'unverified' | 'disabled'>[]): Bars =>
  drawn(all, ['verified', 'unverified', 'disabled']);

/** The organisations with the most serials first, by where these are; at most 30. */
export const stockBarsOf = (all: readonly Numbered<'held' | 'inTransit' | 'issued' | 'voided' | 'missing'>[]): Bars =>
  drawn(all, ['held', 'inTransit', 'issued', 'voided', 'missing']);

/** Week after week, how many were issued that hold, and that no longer do. */
export const weekBarsOf = (all: readonly Numbered<'issued' | 'voided'>[]): Bars => inOrder(all, ['issued', 'voided']);
