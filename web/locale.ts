import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The languages of the pages; the first is what a visitor gets who did not choose. A folder of `locales` each. */
export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

type Tree = { readonly [key: string]: string | Tree };

const flatten = (tree: Tree, prefix: string): readonly [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );

/** All texts of a language: the files of its folder, each under its own name, such as `errors.required`. */
export const loadTexts = (locale: Locale): ReadonlyMap<string, string> => {
  const folder = join(import.meta.dirname, 'locales', locale);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(
    files.flatMap((file) => flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), `${file.slice(0, -5)}.`)),
  );
};

const texts = Object.fromEntries(locales.map((locale) => [locale, loadTexts(locale)])) as Record<
  Locale,
  ReadonlyMap<string, string>
>;

/** Whether a text exists in a language. */
export const hasText = (locale: Locale, key: string): boolean => texts[locale].has(key);

/** The text behind a key with its `{name}` places filled; the key itself where there is none (a test forbids that). */
export const translate = (locale: Locale, key: string, fill: Readonly<Record<string, unknown>> = {}): string =>
  (texts[locale].get(key) ?? key).replace(/\{(\w+)\}/g, (place, name: string) => String(fill[name] ?? place));

/** The first of several keys that has a text: the special one before the general one. */
export const translateFirst = (
  locale: Locale,
  keys: readonly string[],
  fill?: Readonly<Record<string, unknown>>,
): string => translate(locale, keys.find((key) => hasText(locale, key)) ?? keys[0] ?? '', fill);

const primary = (tag: string): string => tag.trim().toLowerCase().split(/[-;,]/)[0] ?? '';

/** The language a visitor chose (cookie), else the one they ask for first, else the first of ours. */
export const localeOf = (chosen: string | undefined, acceptLanguage = ''): Locale =>
  locales.find((locale) => locale === chosen) ??
  locales.find((locale) => primary(locale) === primary(acceptLanguage)) ??
  locales[0];

/** Languages other than that of a page, each with the name it gives itself. */
export const otherLanguages = (locale: Locale): readonly { locale: Locale; name: string }[] =>
  locales
    .filter((other) => other !== locale)
    .map((other) => ({ locale: other, name: translate(other, 'common.languageName') }));

/** Several things in one sentence: “a、b和c”, “a, b, and c”. */
export const listText = (locale: Locale, items: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(items);
