import type { Divisions } from '#application/divisions.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { normaliseMobile } from '#domain/people/mobile.ts';
import {
  addressSections,
  childFields,
  type Field,
  type Section,
  type Step,
  sections,
} from '#domain/registration/fields.ts';
import { hasText, type Locale, translate, translateFirst } from './locale.ts';
import { dayText } from './times.ts';

/** A field by its path, such as `wife.name` or `children.0.bornOn`; `index` is the child's. */
type Place = { section: string; index: number | undefined; name: string; field: Field | undefined };

const placeOf = (path: string): Place => {
  const [section = '', second = '', third] = path.split('.');
  if (section === 'children') {
    const name = third ?? '';
    return { section, index: Number(second), name, field: (childFields as Section)[name] };
  }
  const fields = (sections as Readonly<Record<string, Section>>)[section];
  return { section, index: undefined, name: second, field: fields?.[second] };
};

/** Whether a path names a field of the form. */
export const isField = (path: string): boolean => placeOf(path).field !== undefined;

const isAddress = (section: string) => (addressSections as readonly string[]).includes(section);

/** Sections that share their texts: both spouses, the four addresses, the children. */
const groupOf = (section: string): string => {
  if (isAddress(section)) return 'address';
  if (section === 'children') return 'child';
  return section === 'wife' || section === 'husband' ? 'spouse' : section;
};

/** Keys from the special to the general: `fields.wife.name`, `fields.spouse.name`. */
const keysOf = (kind: string, { section, name }: Place): readonly string[] => [
  `${kind}.${section}.${name}`,
  `${kind}.${groupOf(section)}.${name}`,
];

const fillOf = (locale: Locale, { section, index }: Place) => ({
  of: translateFirst(locale, [`fields.of.${section}`], { n: (index ?? 0) + 1 }),
});

/** What a page of the form is called: 女方户籍地. */
export const sectionTitle = (locale: Locale, step: Step): string => translate(locale, `fields.sections.${step}`);

/** A field's name that stands by itself anywhere: 女方姓名, 第1个孩子的出生日期. A child without a field: 第1个孩子. */
export const fieldLabel = (locale: Locale, path: string): string => {
  const place = placeOf(path);
  const fill = fillOf(locale, place);
  return place.name === '' ? fill.of : translateFirst(locale, keysOf('fields.labels', place), fill);
};

/** A field's name on the page of its own section, where “of whom” is said already: 出生日期. */
export const controlLabel = (locale: Locale, path: string): string => {
  const place = placeOf(path);
  const keys = [...keysOf('fields.short', place), ...keysOf('fields.labels', place)];
  return translateFirst(locale, keys, fillOf(locale, place));
};

/** What helps to answer a field; undefined where nothing needs saying. */
export const fieldHint = (locale: Locale, path: string): string | undefined => {
  const place = placeOf(path);
  const key = keysOf('fields.hints', place).find((one) => hasText(locale, one));
  return key && translate(locale, key, fillOf(locale, place));
};

/** What a choice of a field is called; one without a name of its own by the general one, such as “第3个孩子”. */
export const choiceText = (locale: Locale, path: string, choice: string): string => {
  const keys = keysOf('fields.choices', placeOf(path)).flatMap((key) => [`${key}.${choice}`, `${key}.other`]);
  const key = keys.find((one) => hasText(locale, one));
  return key === undefined ? choice : translate(locale, key, { n: choice });
};

/** A division with all above it, the widest first: 贵州省 贵阳市 花溪区. */
export const divisionPathText = (divisions: Divisions, code: string): string =>
  divisions
    .path(code)
    .map(({ name }) => name)
    .join(' ');

const grouped = (text: string, shape: RegExp): string => text.replace(shape, '$1 $2 $3');

/** An answer as people read it: names of choices and places, dates in words, long numbers in groups. */
export const answerText = (locale: Locale, divisions: Divisions, path: string, value: unknown): string => {
  const { field } = placeOf(path);
  const text = String(value ?? '');
  if (text === '') return translate(locale, 'fields.unanswered');
  switch (field?.control) {
    case 'choice':
      return choiceText(locale, path, text);
    case 'date':
      return dayText(locale, text);
    case 'division':
    case 'declaredPlace':
      return divisionPathText(divisions, text) || text;
    case 'idNumber':
      return grouped(normaliseIdNumber(text), /^(\d{6})(\d{8})(\w{4})$/);
    case 'mobile':
      return grouped(normaliseMobile(text), /^(\d{3})(\d{4})(\d{4})$/);
    case 'text':
    case 'marriageCertificate':
    case undefined:
      return text;
  }
};

/** What is wrong with an answer, in plain words; `code` is a schema's error code. */
export const errorText = (locale: Locale, path: string, code: string): string => {
  const place = placeOf(path);
  const keys = [
    ...keysOf('errors', place).map((key) => `${key}.${code}`),
    ...(place.field ? [`errors.${place.field.control}.${code}`] : []),
    `errors.${code}`,
    'errors.unreadable',
  ];
  return translateFirst(locale, keys, { ...fillOf(locale, place), field: fieldLabel(locale, path) });
};

/** What a rule found at a field, said to the couple or, where staff need other words, to staff. */
export const ruleText = (locale: Locale, flag: { rule: string; field: string }, reader: 'couple' | 'staff'): string => {
  const place = placeOf(flag.field);
  const keys = [...(reader === 'staff' ? [`rules.rulesForStaff.${flag.rule}`] : []), `rules.${flag.rule}`];
  return translateFirst(locale, keys, { ...fillOf(locale, place), field: fieldLabel(locale, flag.field) });
};
