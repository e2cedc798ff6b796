import type { FastifyRequest } from 'fastify';
import type { GivenCorrection } from '#application/correctionCommands.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { changedFields } from '#domain/registration/changedFields.ts';
import { isTelling, type SeenDocument } from '#domain/registration/documents.ts';
import {
  childFields,
  type Field,
  type RegistrationData,
  registrationSchema,
  type Section,
  type Step,
  sections,
  steps,
} from '#domain/registration/fields.ts';
import { findings } from '#domain/registration/rules.ts';
import { choiceText, fieldLabel, ruleText, sectionTitle } from '../../fieldTexts.ts';
import { translate } from '../../locale.ts';
import { type Reader, shownAnswer, valueAt } from './shownAnswer.ts';
import type { CaseForm } from './typed.ts';

type Body = Readonly<Record<string, unknown>>;
type Errors = readonly { field: string; message: string }[];

/** What another registration would be, and no correction can touch. */
const fixed: ReadonlySet<string> = new Set(['application.parity', 'declaration.place']);
const nameOf = (path: string): string => `answer.${path}`;

const fieldsOf = (section: Section, under: string): readonly (readonly [string, Field])[] =>
  Object.entries(section)
    .map(([name, field]) => [`${under}.${name}`, field] as const)
    .filter(([path]) => !fixed.has(path));

type AskedSection = { step: Step; n: number | undefined; fields: readonly (readonly [string, Field])[] };

/** The fields of each section, a section for every child that there is. */
const sectionsOf = ({ children }: RegistrationData): readonly AskedSection[] =>
  steps.flatMap((step): readonly AskedSection[] =>
    step === 'children'
      ? children.map((_, n) => ({ step, n, fields: fieldsOf(childFields, `children.${n}`) }))
      : [{ step, n: undefined, fields: fieldsOf(sections[step], step) }],
  );

const answerOf = (body: Body | undefined, data: RegistrationData, path: string): string => {
  const typed = body?.[nameOf(path)];
  return typeof typed === 'string' ? typed.slice(0, 300) : String(valueAt(data, path) ?? '');
};

const fieldModel = (
  { locale }: FastifyRequest,
  [path, field]: readonly [string, Field],
  value: string,
  error: string | undefined,
  note: string | undefined,
) => ({
  id: nameOf(path),
  label: fieldLabel(locale, path),
  value,
  error,
  note,
  digits: field.control !== 'text' && field.control !== 'choice',
  options: field.choices?.map((choice) => ({
    value: choice,
    label: choiceText(locale, path, choice),
    selected: choice === value,
  })),
});

/** The form with every field that can be corrected, as it stands or as it was typed. */
export const correctionFields = (
  request: FastifyRequest,
  data: RegistrationData,
  body: Body | undefined,
  errorAt: Readonly<Record<string, string>>,
  reader: Reader,
) =>
  sectionsOf(data)
    .filter(({ fields }) => fields.length > 0)
    .map(({ step, n, fields }) => ({
      title: n === undefined ? sectionTitle(request.locale, step) : fieldLabel(request.locale, `children.${n}`),
      fields: fields.map((field) => {
        const [path, { control }] = field;
        const value = answerOf(body, data, path);
        // A code says nothing to people: the place stands beside it.
        const note = control === 'division' ? shownAnswer(reader, path, value) : undefined;
        return fieldModel(request, field, value, errorAt[nameOf(path)], note);
      }),
    }));

/** Everything that was typed, to be sent again from the page that shows it. */
export const answersIn = (data: RegistrationData, body: Body) =>
  sectionsOf(data).flatMap(({ fields }) =>
    fields.map(([path]) => ({ name: nameOf(path), value: answerOf(body, data, path) })),
  );

const setAt = (target: Record<string, unknown>, path: string, value: string): void => {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) target[first] = value;
  else setAt(target[first] as Record<string, unknown>, rest.join('.'), value);
};

const typedData = (data: RegistrationData, body: Body): unknown => {
  const copy = structuredClone(data) as unknown as Record<string, unknown>;
  for (const { fields } of sectionsOf(data)) {
    for (const [path] of fields) setAt(copy, path, answerOf(body, data, path));
  }
  return copy;
};

const seenIn = ({ typed }: CaseForm): readonly SeenDocument[] =>
  typed.documents.flatMap((one) => (one.kind === '' ? [] : [{ ...one, kind: one.kind }]));

const basisErrors = (request: FastifyRequest, form: CaseForm): Errors => {
  const { text, documents } = form.typed;
  const whole = documents.every(({ kind, number, shows }) => kind !== '' && number !== '' && shows !== '');
  return [
    ...(isTelling(text) ? [] : [{ field: 'text', message: request.text('cases.errors.noCorrectionReason') }]),
    ...(documents.length > 0 && whole
      ? []
      : [{ field: 'evidence', message: request.text('cases.errors.undocumented') }]),
  ];
};

type Read =
  | { outcome: 'read'; given: GivenCorrection; changed: readonly string[] }
  | { outcome: 'wrong'; errors: Errors };

/** What a form asks to correct, or what is wrong at which field, by the rules that a couple's amendment is judged by. */
export const correctionIn = (services: Services, request: FastifyRequest, view: StaffView, form: CaseForm): Read => {
  const parsed = registrationSchema.safeParse(typedData(view.data, request.parked?.body ?? (request.body as Body)));
  const basis = basisErrors(request, form);
  if (!parsed.success) {
    const faulty = parsed.error.issues.map(({ path, message }) => ({
      field: nameOf(path.join('.')),
      message: `${fieldLabel(request.locale, path.join('.'))}：${translate(request.locale, `errors.${message}`)}`,
    }));
    return { outcome: 'wrong', errors: [...faulty, ...basis] };
  }
  const { data } = parsed;
  const broken = findings('block', data, services.ruleContext()).map((flag) => ({
    field: nameOf(flag.field),
    message: ruleText(request.locale, flag, 'staff'),
  }));
  const changed = changedFields(view.data, data);
  const none = changed.length > 0 ? [] : [{ field: 'fields', message: request.text('cases.errors.nothingCorrected') }];
  const errors = [...none, ...broken, ...basis];
  if (errors.length > 0) return { outcome: 'wrong', errors };
  return { outcome: 'read', given: { data, reason: form.typed.text, documents: seenIn(form) }, changed };
};
