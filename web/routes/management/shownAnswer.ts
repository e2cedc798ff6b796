import type { Divisions } from '#application/divisions.ts';
import type { RegistrationData, Section } from '#domain/registration/fields.ts';
import { answerText } from '../../fieldTexts.ts';
import type { Locale } from '../../locale.ts';

/** Whose language answers are told in. What they may not see was masked before it came here. */
export type Reader = { locale: Locale; divisions: Divisions };

/** What was declared at a path such as `wife.name`. */
export const valueAt = (data: RegistrationData, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], data);

/** An answer in words, `path` as `wife.name`. */
export const shownAnswer = ({ locale, divisions }: Reader, path: string, value: unknown): string =>
  answerText(locale, divisions, path, value);

/** An address in two parts: the place, and all else that its section asks, in the order it is asked. */
export const shownAddress = (
  reader: Reader,
  name: string,
  section: Section,
  address: Readonly<Record<string, unknown>>,
): readonly [string, string] => {
  const given = Object.entries(section).filter(([member]) => String(address[member] ?? '') !== '');
  const places = given.filter(([, { control }]) => control === 'division');
  const others = given.filter(([, { control }]) => control !== 'division');
  const text = (fields: typeof given) =>
    fields.map(([member]) => shownAnswer(reader, `${name}.${member}`, address[member])).join(' ');
  return [text(places), text(others)];
};
