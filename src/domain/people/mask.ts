import { normaliseIdNumber } from './idNumber.ts';
import { isMobile, normaliseMobile } from './mobile.ts';
import { isChineseName, normaliseName } from './personName.ts';

const compoundSurnames: ReadonlySet<string> = new Set(
  (
    '欧阳 令狐 诸葛 司马 上官 夏侯 东方 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 司空 轩辕 端木 南宫 独孤 西门 ' +
    '百里 呼延 申屠 太史 公冶 濮阳 淳于 单于 仲孙 钟离 鲜于 闾丘 公羊 澹台 赫连 拓跋 第五 东郭 公西 歐陽 諸葛 司馬'
  ).split(' '),
);

/**
 * A name down to its surname: `王*`, `欧阳**`, one star per character hidden. A name in parts or in Latin letters
 * keeps its first character and always two stars; a single character shows nothing.
 */
export const maskName = (text: string): string => {
  const name = normaliseName(text);
  const characters = [...name];
  if (characters.length < 2) return '*'.repeat(characters.length);
  if (!isChineseName(name) || name.includes('·')) return `${characters[0]}**`;
  const compound = characters.length > 2 && compoundSurnames.has(characters.slice(0, 2).join(''));
  const shown = compound ? 2 : 1;
  return characters.slice(0, shown).join('') + '*'.repeat(characters.length - shown);
};

/** An ID number without its birth date: `520111********1224`. What has not 18 characters shows nothing. */
export const maskIdNumber = (text: string): string => {
  const id = normaliseIdNumber(text);
  return /^\d{17}[\dX]$/.test(id) ? `${id.slice(0, 6)}********${id.slice(14)}` : '*'.repeat(18);
};

/** A mobile number without its middle: `138****5678`. What is none shows nothing. */
export const maskMobile = (text: string): string => {
  const mobile = normaliseMobile(text);
  return isMobile(text) ? `${mobile.slice(0, 3)}****${mobile.slice(7)}` : '*'.repeat(11);
};

/** An address down to its township: the division code to 9 digits; every other member that says something, `***`. */
export const maskAddress = <A extends { readonly division: string }>(address: A): { [K in keyof A]: string } => {
  const masked = Object.entries(address).map(([member, value]) => [member, value === '' ? '' : '***']);
  return { ...Object.fromEntries(masked), division: address.division.slice(0, 9) };
};
