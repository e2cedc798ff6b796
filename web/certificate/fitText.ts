/** A size step: text of at most `lines` lines is set at `size` millimetres. */
export type Step = { size: number; lines: number };

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60·“”‘’—…]/u;
// The widest Latin capitals of the serif face: text never turns out longer than reckoned.
const latinWidth = 0.62;

/** Length of a text in ems of the certificate's face: 1 per Chinese character, less per Latin one. */
export const emsOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (wide.test(one) ? 1 : latinWidth), 0);

/**
 * The first (largest) step at which a text fits into lines of `width` millimetres, counted from 0; the last one where
 * none does. Lines are reckoned 4 % shorter than they are, since words do not break.
 */
export const fittingStep = (text: string, width: number, steps: readonly Step[]): number => {
  const ems = emsOf(text);
  const found = steps.findIndex(({ size, lines }) => ems * size <= width * lines * (lines > 1 ? 0.96 : 1));
  return found < 0 ? steps.length - 1 : found;
};

/** So many lines of `width` ems that words fill; a word wider than a line takes as many as it needs. */
export const linesOf = (words: readonly string[], width: number): number => {
  let lines = 1;
  let used = 0;
  for (const one of words) {
    const ems = emsOf(one);
    const fits = used + ems <= width;
    if (!fits && used > 0) lines += 1;
    used = fits ? used + ems : ems;
    lines += Math.ceil(used / width) - 1;
    used -= width * Math.max(0, Math.ceil(used / width) - 1);
  }
  return lines;
};

/** As `fittingStep`, for text whose lines end only after one of its words. */
export const fittingWords = (words: readonly string[], width: number, steps: readonly Step[]): number => {
  const found = steps.findIndex(({ size, lines }) => linesOf(words, (width * (lines > 1 ? 0.96 : 1)) / size) <= lines);
  return found < 0 ? steps.length - 1 : found;
};
