import type { Divisions } from '#application/divisions.ts';
import type { Offices } from '#application/offices.ts';
import type { Control, Field, RegistrationData, Section } from '#domain/registration/fields.ts';
import { declarablePlaces } from '#domain/registration/rules.ts';
import { choiceText, controlLabel, divisionPathText, errorText, fieldHint, ruleText } from '../fieldTexts.ts';
import { type Locale, translate } from '../locale.ts';
import { type Answers, type Fault, isAsked } from './answers.ts';
import { dateParts, partName } from './dateParts.ts';
import { divisionPicker } from './divisionPicker.ts';

/** What the controls of a section need to be shown; `path` is the section's, such as `wife` or `children.0`. */
export type Asking = {
  locale: Locale;
  divisions: Divisions;
  offices: Offices;
  path: string;
  section: Section;
  answers: Answers;
  faults: readonly Fault[];
  /** What is declared so far: some fields offer a choice of it. */
  data: Partial<RegistrationData>;
};

/** One control on a page: which partial shows it, and what that needs. */
export type FieldView = {
  partial: string;
  /** Of the element that an error leads to. */
  id: string;
  name: string;
  label: string;
  hint: string | undefined;
  error: string | undefined;
  describedBy: string;
  /** May be left empty. */
  optional: boolean;
  conditional: boolean;
  asked: boolean;
};

type Extra = (asking: Asking, name: string, field: Field) => object;

const value: Extra = ({ answers }, name) => ({ value: answers[name] ?? '' });

const extras: Readonly<Record<Control, Extra>> = {
  text: (asking, name, field) => ({ ...value(asking, name, field), autocomplete: field.autocomplete ?? 'off' }),
  idNumber: value,
  mobile: value,
  marriageCertificate: value,
  date: ({ locale, answers }, name) => ({
    parts: dateParts.map((part, index) => ({
      id: index === 0 ? idOf(name) : idOf(partName(name, part)),
      name: partName(name, part),
      part,
      label: translate(locale, `public.form.${part}`),
      value: answers[partName(name, part)] ?? '',
    })),
  }),
  choice: ({ locale, path, answers }, name, { choices = [] }) => ({
    pair: choices.length === 2,
    options: choices.map((choice, index) => ({
      id: index === 0 ? idOf(name) : idOf(`${name}-${choice}`),
      value: choice,
      label: choiceText(locale, `${path}.${name}`, choice),
      checked: answers[name] === choice,
    })),
  }),
  division: ({ divisions, answers }, name) => divisionPicker(divisions, name, answers),
  declaredPlace: ({ divisions, offices, answers, data }, name) => ({
    options: declarablePlaces(data).map((code, index) => ({
      id: index === 0 ? idOf(name) : idOf(`${name}-${code}`),
      value: code,
      label: divisionPathText(divisions, code),
      office: offices.forPlace(code),
      checked: answers[name] === code,
    })),
  }),
};

/** The id of a field's (first) box. */
export const idOf = (name: string): string => `f-${name}`;

/** A fault in plain words. */
export const faultText = (locale: Locale, fault: Fault): string =>
  'code' in fault ? errorText(locale, fault.field, fault.code) : ruleText(locale, fault, 'couple');

/** Controls of a section in the order of its fields. */
export const fieldViews = (asking: Asking): readonly FieldView[] => {
  const { locale, path, section, answers, faults } = asking;
  return Object.entries(section).map(([name, field]) => {
    const fault = faults.find((one) => one.field === `${path}.${name}`);
    const hint = fieldHint(locale, `${path}.${name}`);
    const error = fault && faultText(locale, fault);
    const id = idOf(name);
    return {
      partial: `controls/${field.control}`,
      id,
      name,
      label: controlLabel(locale, `${path}.${name}`),
      hint,
      error,
      describedBy: [...(hint ? [`${id}-hint`] : []), ...(error ? [`${id}-error`] : [])].join(' '),
      optional: field.askedWhen === undefined && field.schema.safeParse('').success,
      conditional: field.askedWhen !== undefined,
      asked: isAsked(field, answers),
      ...extras[field.control](asking, name, field),
    };
  });
};

/** The summary's lines for one page: each fault once, with the element it leads to. */
export const errorSummary = (locale: Locale, faults: readonly Fault[]) =>
  faults.map((fault) => ({
    href: `#${idOf(fault.field.split('.').at(-1) ?? '')}`,
    message: faultText(locale, fault),
  }));
