const middleDots = /[•･・‧∙⋅]/g;
// Zero-width characters and variation selectors come along with copied text; nobody sees them.
const invisible = /\p{Variation_Selector}|[\u200B\u2060\uFEFF]|\u200C|\u200D/gu;
const han = '[\\p{Unified_Ideograph}〇]';
const dotBetweenHan = new RegExp(`(?<=${han})\\s*[.·]\\s*(?=${han})`, 'gu');
const blankBetweenHan = new RegExp(`(?<=${han})\\s+(?=${han})`, 'gu');
const chineseName = new RegExp(`^${han}+(?:·${han}+)*$`, 'u');
const latinName = /^\p{Script=Latin}\p{M}*(?:(?:\.? |['’.·-])?\p{Script=Latin}\p{M}*)*\.?$/u;
const stuckKey = /(.)\1{3}/iu;
// Chinese text read in a wrong encoding becomes accented letters only.
const plainLetter = /[A-Za-z]/;

/**
 * The one spelling that is kept: NFKC, one kind of middle dot, no blanks inside a Chinese name, single blanks
 * inside a Latin one, nothing invisible.
 */
export const normaliseName = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(middleDots, '·')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(dotBetweenHan, '·')
    .replace(blankBetweenHan, '');

/** Whether a name is written in Chinese characters, rare ones included, with `·` inside where it has parts. */
export const isChineseName = (text: string): boolean => chineseName.test(text);

/**
 * Whether a text can be a person's name: 2 to 50 Chinese characters with `·` between parts, or Latin letters with
 * single blanks, `'`, `-` and `.` for foreigners. Digits, emoji, private-use characters and the like are garbled text.
 */
export const isPersonName = (text: string): boolean => {
  const name = normaliseName(text);
  const length = [...name].length;
  if (length < 2 || length > 50 || stuckKey.test(name)) return false;
  return isChineseName(name) || (latinName.test(name) && plainLetter.test(name));
};
