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
