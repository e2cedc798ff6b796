import type { FastifyRequest } from 'fastify';
import type { Divisions } from '#application/divisions.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import type { Field } from '#domain/registration/fields.ts';
import { declarablePlaces } from '#domain/registration/rules.ts';
import { choiceText, controlLabel, errorText, fieldLabel, ruleText, sectionTitle } from '../../fieldTexts.ts';
import type { Fault } from '../../forms/answers.ts';
import { foundDivisions } from '../../forms/divisionPicker.ts';
import { paritiesOf } from '../../parities.ts';
import {
  type Asked,
  askedSections,
  type Boxes,
  childCount,
  type ReadBoxes,
  searchName,
  typedOf,
} from './onSiteForm.ts';

type Option = { value: string; label: string; selected: boolean };
type Screen = { services: Services; request: FastifyRequest; boxes: Boxes; read: ReadBoxes };

const faultText = ({ locale }: FastifyRequest, fault: Fault): string =>
  'code' in fault ? errorText(locale, fault.field, fault.code) : ruleText(locale, fault, 'staff');

/** The last names of a place: they tell places apart where there is little room for all of them. */
const placeText = (divisions: Divisions, code: string): string =>
  divisions
    .path(code)
    .slice(-3)
    .map(({ name }) => name)
    .join(' ');

/** Places for a division: the one that is chosen, then what the search finds. */
const divisionOptions = ({ services, boxes }: Screen, path: string): readonly Option[] => {
  const { divisions } = services.deps;
  const chosen = boxes[path] ?? '';
  const search = (boxes[searchName(path)] ?? '').trim();
  const found = search === '' ? [] : foundDivisions(divisions, search).filter(({ leaf }) => leaf);
  const only = chosen === '' && found.length === 1 ? found[0]?.code : chosen;
  const codes = [...new Set([...(divisions.find(chosen) ? [chosen] : []), ...found.map(({ code }) => code)])];
  return codes.map((code) => ({ value: code, label: placeText(divisions, code), selected: code === only }));
};

const choicesOf = ({ services }: Screen, path: string, { choices }: Field): readonly string[] | undefined =>
  path === 'application.parity' ? paritiesOf(services.ruleContext().policy).map(String) : choices;

const optionsOf = (screen: Screen, path: string, field: Field): readonly Option[] | undefined => {
  const { services, request, boxes, read } = screen;
  if (field.control === 'division') return divisionOptions(screen, path);
  if (field.control === 'declaredPlace') {
    const places = declarablePlaces(read.data);
    return places.map((code) => ({
      value: code,
      label: placeText(services.deps.divisions, code),
      selected: code === boxes[path] || places.length === 1,
    }));
  }
  return choicesOf(screen, path, field)?.map((value) => ({
    value,
    label: choiceText(request.locale, path, value),
    selected: value === boxes[path],
  }));
};

const fieldModel = (screen: Screen, asked: Asked, [name, field]: readonly [string, Field]) => {
  const { request, boxes, read } = screen;
  const path = `${asked.under}.${name}`;
  const fault = read.faults.find((one) => one.field === path);
  const flag = read.flags.find((one) => one.field === path);
  const options = optionsOf(screen, path, field);
  return {
    path,
    id: `f-${path}`,
    label: controlLabel(request.locale, path),
    value: boxes[path] ?? '',
    error: fault && faultText(request, fault),
    doubt: flag && ruleText(request.locale, flag, 'staff'),
    optional: field.askedWhen === undefined && field.schema.safeParse('').success,
    hidden: field.askedWhen !== undefined && !field.askedWhen(typedOf(boxes, asked)),
    digits: ['idNumber', 'mobile', 'marriageCertificate', 'date'].includes(field.control),
    date: field.control === 'date',
    division: field.control === 'division',
    search: boxes[searchName(path)] ?? '',
    searchName: searchName(path),
    select: options !== undefined,
    options,
    placeless: field.control === 'declaredPlace' && options?.length === 0,
  };
};

const sectionModel = (screen: Screen, asked: Asked) => ({
  under: asked.under,
  title:
    asked.step === 'children'
      ? fieldLabel(screen.request.locale, asked.under)
      : sectionTitle(screen.request.locale, asked.step),
  residence: asked.step.endsWith('Residence'),
  fields: Object.entries(asked.section).map((entry) => fieldModel(screen, asked, entry)),
});

const documentModel = ({ request, boxes }: Screen, missing: readonly string[]) =>
  documentKinds.map((kind) => ({
    kind,
    label: request.text(`verification.documents.${kind}`),
    seen: boxes[`seen.${kind}`] === 'yes',
    number: boxes[`number.${kind}`] ?? '',
    shows: boxes[`shows.${kind}`] ?? '',
    error: missing.includes(kind) ? request.text('onSite.numberMissing') : undefined,
  }));

/** Faults in the order of the screen, each with the box it leads to. */
const faultModel = ({ request, read }: Screen) =>
  read.faults.map((fault) => ({
    href: `#f-${fault.field}`,
    label: fieldLabel(request.locale, fault.field),
    message: faultText(request, fault),
  }));

/** The whole screen: the couple in two columns, everything else around them. */
export const screenModel = (screen: Screen, missing: readonly string[]) => {
  const { boxes } = screen;
  const all = askedSections(boxes).map((asked) => ({ step: asked.step, ...sectionModel(screen, asked) }));
  const spouse = (who: string) => all.filter(({ under }) => under.startsWith(who));
  const children = all.filter(({ step }) => step === 'children');
  return {
    application: all.filter(({ step }) => step === 'application'),
    couple: [
      { who: 'wife', sections: spouse('wife') },
      { who: 'husband', sections: spouse('husband') },
    ],
    others: all.filter(({ step }) => step === 'marriage' || step === 'declaration'),
    children,
    childCount: childCount(boxes),
    documents: documentModel(screen, missing),
    card: boxes['card'] ?? '',
    predecessor: boxes['predecessor'] ?? '',
    faults: faultModel(screen),
  };
};
