import type { PasswordLists } from '#application/passwordGuesses.ts';
import { folded } from '#domain/account/passwordRules.ts';

// Shorter ones are parts of too many good passwords' cores.
const shortest = 4;

const load = async (): Promise<PasswordLists> => {
  const [{ dictionary }, { pinyin }] = await Promise.all([import('@zxcvbn-ts/language-common'), import('pinyin-pro')]);
  const common = new Set(
    Object.values(dictionary['passwords-common'] ?? [])
      .map((entry) => folded(String(entry)))
      .filter((entry) => entry.length >= shortest),
  );
  return {
    isCommon: (text) => common.has(text),
    pinyin: (text) => pinyin(text, { toneType: 'none', type: 'array' }),
  };
};

/** The passwords that leaked most often (zxcvbn-ts) and the pinyin of names (pinyin-pro), loaded at the first question. */
export const passwordLists = (): (() => Promise<PasswordLists>) => {
  let loading: Promise<PasswordLists> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
};
