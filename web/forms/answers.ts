import type { z } from 'zod';
import {
  type Child,
  childFields,
  childSchema,
  type RegistrationData,
  type Section,
  type SectionName,
  sectionSchemas,
  sections,
} from '#domain/registration/fields.ts';
import { dateParts, dayFromParts, partName, partsOfDay } from './dateParts.ts';

/** A section as typed: one text per box. Kept as it is until it can be read. */
export type Answers = Readonly<Record<string, string>>;

/** A fault of one field by its path: the code of a schema, or the name of a rule. */
export type Fault = { field: string; code: string } | { field: string; rule: string };

/** A section's answers as data, or what is wrong with them. */
export type Read<T> = { outcome: 'read'; data: T } | { outcome: 'faulty'; faults: readonly Fault[] };

// Far above every field's limit, so that what is too long is told rather than cut.
const mostKept = 400;

/** The box that says of a field: given elsewhere, such as over the API, where this form would not have asked for it. */
const givenName = (field: string): string => `${field}-given`;

/** The boxes that a section's controls fill; a division has its search text and the level being looked at beside it. */
const boxesOf = (section: Section): readonly string[] =>
  Object.entries(section).flatMap(([name, { control, askedWhen }]) => {
    if (control === 'date') return dateParts.map((part) => partName(name, part));
    if (control === 'division') return [name, `${name}-search`, `${name}-under`];
    return askedWhen === undefined ? [name] : [name, givenName(name)];
  });

/** The section's boxes out of a posted form; what was not sent or sent twice is empty. */
export const answersFrom = (section: Section, body: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(
    boxesOf(section).map((box) => {
      const sent = body[box];
      return [box, typeof sent === 'string' ? sent.slice(0, mostKept) : ''];
    }),
  );

/** Whether anything was answered at all. */
export const isTouched = (answers: Answers | undefined): boolean =>
  answers !== undefined && Object.values(answers).some((text) => text.trim() !== '');

/** Whether a field is asked, given what its section says so far. */
export const isAsked = ({ askedWhen }: Section[string], answers: Answers): boolean => askedWhen?.(answers) ?? true;

/** Whether a field's answer is taken: where it is asked, and where it was given all the same. */
export const isTaken = (name: string, field: Section[string], answers: Answers): boolean =>
  isAsked(field, answers) || (answers[givenName(name)] ?? '') !== '';

/** The fields that a section asks only because of one of its answers. */
export const broughtUpBy = (section: Section, answers: Answers): readonly string[] =>
  Object.entries(section)
    .filter(([, field]) => field.askedWhen !== undefined && isAsked(field, answers))
    .map(([name]) => name);

/** One text per field, as the schemas take them: dates composed, what is not taken left out. */
export const valuesOf = (section: Section, answers: Answers, presentYear: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(section)
      .filter(([name, field]) => isTaken(name, field, answers))
      .map(([name, { control }]) => {
        if (control !== 'date') return [name, answers[name] ?? ''];
        const [year = '', month = '', day = ''] = dateParts.map((part) => answers[partName(name, part)] ?? '');
        return [name, dayFromParts({ year, month, day }, presentYear)];
      }),
  );

const read = <T>(schema: z.ZodType<T>, values: object, prefix: string): Read<T> => {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { outcome: 'read', data: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => ({
    field: `${prefix}.${String(path[0])}`,
    code: message,
  }));
  return {
    outcome: 'faulty',
    faults: faults.filter(({ field }, at) => faults.findIndex((f) => f.field === field) === at),
  };
};

/** Reads one section; faults carry paths such as `wife.name`. */
export const readSection = (step: SectionName, answers: Answers, presentYear: number): Read<unknown> =>
  read(sectionSchemas[step] as z.ZodType<unknown>, valuesOf(sections[step], answers, presentYear), step);

/** Reads one child; faults carry paths such as `children.0.name`. */
export const readChild = (answers: Answers, index: number, presentYear: number): Read<Child> =>
  read(childSchema, valuesOf(childFields, answers, presentYear), `children.${index}`);

/** The boxes that given data would have been typed into. */
const answersOf = (section: Section, data: Readonly<Record<string, unknown>>): Answers => {
  const texts = Object.fromEntries(Object.keys(section).map((name) => [name, String(data[name] ?? '')]));
  return Object.fromEntries(
    Object.entries(section).flatMap(([name, field]) => {
      const text = texts[name] ?? '';
      if (field.control === 'date') {
        const parts = partsOfDay(text);
        return dateParts.map((part) => [partName(name, part), parts[part]]);
      }
      const given = text !== '' && !isAsked(field, texts);
      return given
        ? [
            [name, text],
            [givenName(name), 'yes'],
          ]
        : [[name, text]];
    }),
  );
};

/** All sections of a declaration as typed, to be looked at and changed. */
export const allAnswersOf = (data: RegistrationData) => ({
  answers: Object.fromEntries(
    (Object.keys(sections) as SectionName[]).map((step) => [step, answersOf(sections[step], data[step])]),
  ) as Partial<Record<SectionName, Answers>>,
  children: data.children.map((child, index) => ({ id: String(index + 1), answers: answersOf(childFields, child) })),
  childrenAnswered: true,
});
