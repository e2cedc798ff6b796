import type { Divisions } from '#application/divisions.ts';
import type { Offices } from '#application/offices.ts';
import type { Policy } from '#domain/calendar/policy.ts';
import type { Control, Field, RegistrationData, Section } from '#domain/registration/fields.ts';
import { declarablePlaces, type Flag } from '#domain/registration/rules.ts';
import { choiceText, controlLabel, divisionPathText, errorText, fieldHint, ruleText } from '../fieldTexts.ts';
import { type Locale, translate } from '../locale.ts';
import { paritiesOf } from '../parities.ts';
import { type Answers, broughtUpBy, type Fault, isAsked, isTaken } from './answers.ts';
import { dateParts, partName } from './dateParts.ts';
import { type DivisionOption, divisionPicker } from './divisionPicker.ts';

/** What the controls of a section need to be shown; `path` is the section's, such as `wife` or `children.0`. */
export type Asking = {
  locale: Locale;
  divisions: Divisions;
  offices: Offices;
  policy: Policy;
  path: string;
  section: Section;
  answers: Answers;
  faults: readonly Fault[];
  /** What is worth a second look and stops nothing. */
  flags?: readonly Flag[];
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
  /** Asks to look at it once more; not wrong by itself. */
  doubt: string | undefined;
  describedBy: string;
  /** May be left empty. */
  optional: boolean;
  /** Shown only where another answer asks for it, or `given` elsewhere. */
  conditional: boolean;
  asked: boolean;
  given: boolean;
};

type Extra = (asking: Asking, name: string, field: Field) => object;

/** The fields that an answer brings up beside it, named in its `data-brings` for the script. */
const bringsOf = ({ section, answers }: Asking, name: string, choice: string): string => {
  if (answers[name] !== choice) return broughtUpBy(section, { ...answers, [name]: choice }).join(' ');
  const taken = Object.entries(section).filter(([other, field]) => field.askedWhen && isTaken(other, field, answers));
  return taken.map(([other]) => other).join(' ');
};

/** What a field offers: of the children those that the policy lets register (R11), else what its entry says. */
const choicesOf = ({ path, policy }: Asking, name: string, { choices = [] }: Field): readonly string[] =>
  `${path}.${name}` === 'application.parity' ? paritiesOf(policy).map(String) : choices;

const division: Extra = (asking, name) => {
  const picker = divisionPicker(asking.divisions, name, asking.answers);
  const bringing = (option: DivisionOption) => ({ ...option, brings: bringsOf(asking, name, option.code) });
  return {
    ...picker,
    of: `${asking.path}.${name}`,
    chosen: picker.chosen && bringing(picker.chosen),
    options: picker.options.map(bringing),
  };
};

const choice: Extra = (asking, name, field) => {
  const choices = choicesOf(asking, name, field);
  return {
    pair: choices.length === 2,
    options: choices.map((one, index) => ({
      id: index === 0 ? idOf(name) : idOf(`${name}-${one}`),
      value: one,
      label: choiceText(asking.locale, `${asking.path}.${name}`, one),
      checked: asking.answers[name] === one,
      brings: bringsOf(asking, name, one),
    })),
  };
};

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
  choice,
  division,
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
  const { locale, path, section, answers, faults, flags = [] } = asking;
  return Object.entries(section).map(([name, field]) => {
    const fault = faults.find((one) => one.field === `${path}.${name}`);
    const hint = fieldHint(locale, `${path}.${name}`);
    const error = fault && faultText(locale, fault);
    const flag = flags.find((one) => one.field === `${path}.${name}`);
    const doubt = flag && faultText(locale, flag);
    const id = idOf(name);
    return {
      partial: `controls/${field.control}`,
      id,
      name,
      label: controlLabel(locale, `${path}.${name}`),
      hint,
      error,
      doubt,
      describedBy: [
        ...(hint ? [`${id}-hint`] : []),
        ...(error ? [`${id}-error`] : []),
        ...(doubt ? [`${id}-doubt`] : []),
      ].join(' '),
      optional: field.askedWhen === undefined && field.schema.safeParse('').success,
      conditional: field.askedWhen !== undefined,
      asked: isTaken(name, field, answers),
      given: !isAsked(field, answers) && isTaken(name, field, answers),
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
