/**
 * How many characters a password has. ASVS 5 (6.2.1, 6.2.9) asks for 8 or more, 15 for choice, and room for 64; NIST SP
 * 800-63B-4 (3.1.1.2) likewise. No kinds of characters are asked for, and no change after some time (6.2.5, 6.2.10).
 */
export const passwordLength = { least: 12, most: 128 } as const;

/** Why a password cannot be taken; each has its sentence in the locales. */
export const passwordFaults = ['tooShort', 'tooLong', 'common', 'guessable', 'personal', 'unchanged'] as const;
export type PasswordFault = (typeof passwordFaults)[number];

/** What a password is held against; both as `folded` makes them. */
export type Guesses = {
  /** Whether many people have chosen this (ASVS 5, 6.2.4). */
  common: (folded: string) => boolean;
  /** What others know of this person: names, numbers, account, office (ASVS 5, 6.2.11). */
  own: readonly string[];
};

const fewestDifferent = 5;
const shortestCore = 4;
const shortestOwn = 3;
const fewestBesidesOwn = 8;

/** A text without case, width and signs: what remains is what people choose and guess. */
export const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const syllable =
  '(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)';
const fewSyllables = new RegExp(`^(?:${syllable}){1,3}$`);

const walks = [
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'abcdefghijklmnopqrstuvwxyz',
];
const bothWays = walks.flatMap((walk) => [walk, [...walk].reverse().join('')]);

/** The shortest text that this one is a repetition of; itself where it is none. */
const unitOf = (text: string): string => {
  const period = `${text}${text}`.indexOf(text, 1);
  return period > 0 ? text.slice(0, period) : text;
};

/** What remains of a text once the numbers before and after it are taken away: the word that people decorate. */
const coreOf = (text: string): string => text.replace(/^\p{N}+|\p{N}+$/gu, '');

const isGuessable = (text: string): boolean => {
  const core = coreOf(unitOf(text));
  if (new Set(text).size < fewestDifferent || core.length < shortestCore) return true;
  return fewSyllables.test(core) || bothWays.some((walk) => walk.includes(core));
};

/** Removes the longest words first, so that a part of one does not leave the rest of it behind. */
const without = (text: string, words: readonly string[]): string =>
  words.toSorted((a, b) => b.length - a.length).reduce((rest, word) => rest.replaceAll(word, ''), text);

const isPersonal = (text: string, own: readonly string[]): boolean => {
  const rest = without(
    text,
    own.filter((word) => word.length >= shortestOwn),
  );
  return rest !== text && rest.length < fewestBesidesOwn;
};

/**
 * Why a password cannot be taken, undefined where it can. Among what many choose is a common word or up to three syllables
 * of pinyin with a year, a birthday or a number around, a walk over the keyboard, and a repetition.
 */
export const passwordFault = (password: string, { common, own }: Guesses): PasswordFault | undefined => {
  const { length } = [...password.normalize('NFC')];
  if (length < passwordLength.least) return 'tooShort';
  if (length > passwordLength.most) return 'tooLong';
  const text = folded(password);
  if ([text, unitOf(text), coreOf(text), coreOf(unitOf(text))].some(common)) return 'common';
  if (isPersonal(text, own)) return 'personal';
  return isGuessable(text) ? 'guessable' : undefined;
};
