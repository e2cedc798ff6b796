import { folded } from '#domain/account/passwordRules.ts';

/** What passwords are held against besides the rules; large, so it is loaded when someone chooses one. */
export type PasswordLists = {
  /** Whether many people have chosen a text as their password; `folded` as the rules fold. */
  isCommon: (folded: string) => boolean;
  /** The syllables of a Chinese text, without tones; other characters stand for themselves. */
  pinyin: (text: string) => readonly string[];
};

/** What others know of someone who chooses a password. */
export type KnownOfPerson = {
  account: string;
  name: string;
  idNumber: string;
  mobile: string;
  /** Names of their office and of those above it. */
  offices: readonly string[];
};

const initials = (syllables: readonly string[]): string => syllables.map((one) => one.charAt(0)).join('');

/** An ID number and what people take of it: the birthday in full and short, its tail. */
const partsOfIdNumber = (idNumber: string): readonly string[] =>
  idNumber.length === 18
    ? [
        idNumber,
        idNumber.slice(6, 14),
        idNumber.slice(8, 14),
        idNumber.slice(6, 10),
        idNumber.slice(10, 14),
        idNumber.slice(-6),
      ]
    : [];

/** Every run of so many parts that follow each other, joined. */
const runs = (parts: readonly string[], size: number): readonly string[] =>
  parts.slice(size - 1).map((_, at) => parts.slice(at, at + size).join(''));

const spellings = (text: string, syllables: readonly string[]): readonly string[] => [
  text,
  ...runs([...text], 3),
  syllables.join(''),
  initials(syllables),
  ...runs(syllables, 2),
];

/** The words that must not be all there is to someone's password, as the rules fold them (ASVS 5, 6.2.11). */
export const ownWords = (
  { account, name, idNumber, mobile, offices }: KnownOfPerson,
  { pinyin }: Pick<PasswordLists, 'pinyin'>,
): readonly string[] => {
  const spelt = [name, ...offices].flatMap((text) => spellings(text, pinyin(text)));
  const numbers = [...partsOfIdNumber(idNumber), mobile, mobile.slice(-8)];
  const words = [account, ...account.split(/[^\p{L}\p{N}]+/u), ...spelt, ...numbers].map(folded);
  return [...new Set(words)].filter((word) => word !== '');
};
