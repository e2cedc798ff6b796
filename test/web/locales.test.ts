import { describe, expect, test } from 'vitest';
import { loadTexts, locales } from '#web/locale.ts';
import { filesUnder } from '../support/sourceFiles.ts';

const templates = filesUnder(['web/views', 'web/components'], /\.hbs$/);
const scripts = filesUnder(['web'], /\.ts$/);
const texts = Object.fromEntries(locales.map((locale) => [locale, loadTexts(locale)]));
const places = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

/** Keys written out in a template: `{{t "a.b"}}` or `(t "a.b")`; those put together from parts are not. */
const keysIn = (text: string): readonly string[] =>
  [...text.matchAll(/[{(]t "([\w.-]+\.[\w.-]+)"(?=\s*[})]|\s+\w+=)/g)].map(([, key = '']) => key);

/** Keys written out in code: `text('a.b')`, `translate(locale, 'a.b')`. */
const keysInCode = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\btext\(|translate\(\w+(?:\.\w+)*, )'([\w-]+(?:\.[\w-]+)+)'/g)].map(([, key = '']) => key);

describe('the languages', () => {
  test('have the same texts', () => {
    const [chinese, ...others] = locales.map((locale) => [...(texts[locale]?.keys() ?? [])].sort());
    expect(chinese?.length).toBeGreaterThan(300);
    for (const other of others) expect(other).toEqual(chinese);
  });

  test('fill the same places in each text, but for months, which English names', () => {
    const differing = [...(texts['zh-CN'] ?? [])].filter(([key, text]) => {
      if (key === 'times.day') return false;
      const other = texts['en']?.get(key) ?? '';
      return !places(other).every((place) => places(text).includes(place));
    });
    expect(differing).toEqual([]);
  });

  test.each(locales)('hold every text that pages and code ask for in %s', (locale) => {
    const asked = [
      ...templates.flatMap(({ path, text }) => keysIn(text).map((key) => ({ path, key }))),
      ...scripts.flatMap(({ path, text }) => keysInCode(text).map((key) => ({ path, key }))),
    ];
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ key }) => !texts[locale]?.has(key))).toEqual([]);
  });

  test('leave no readable text in templates', () => {
    const written = templates
      .filter(({ path }) => !path.includes('certificate'))
      .flatMap(({ path, text }) => {
        const bare = text
          .replace(/\{\{[\s\S]*?\}\}/g, '')
          .replace(/<kbd>[^<]*<\/kbd>/g, '')
          .replace(/<[^>]*>/g, '');
        return /\p{Script=Han}|[A-Za-z]{4,}/u.test(bare) ? [{ path, text: bare.trim().slice(0, 80) }] : [];
      });
    expect(written).toEqual([]);
  });
});
