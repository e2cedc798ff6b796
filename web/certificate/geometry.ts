/** A point in millimetres, x to the right and y down. */
export type Point = readonly [x: number, y: number];

const short = (value: number): string => String(Number(value.toFixed(2)));

const pair = ([x, y]: Point): string => `${short(x)} ${short(y)}`;

/** Path data of straight lines through points; an open line unless `closed`. */
export const linesThrough = (points: readonly Point[], closed = false): string =>
  `M${points.map(pair).join('L')}${closed ? 'Z' : ''}`;

/** Path data of a smooth curve through points (Catmull-Rom as cubic Béziers); `closed` joins its ends smoothly. */
export const curveThrough = (points: readonly Point[], closed = false): string => {
  const { length } = points;
  const at = (index: number): Point => {
    const wrapped = closed ? (index + length) % length : Math.min(Math.max(index, 0), length - 1);
    return points[wrapped] ?? [0, 0];
  };
  const segments = Array.from({ length: closed ? length : length - 1 }, (_, index) => {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    const out: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const into: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${pair(out)} ${pair(into)} ${pair(to)}`;
  });
  return `M${pair(at(0))}${segments.join('')}`;
};

/** The point at an angle (degrees, clockwise from the right) and distance from a centre. */
export const polar = ([x, y]: Point, radius: number, degrees: number): Point => {
  const angle = (degrees * Math.PI) / 180;
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
};

/** `count` numbers from 0 up. */
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
