import { addressParts, type IdCard, readIdCard, spouseOf } from '#domain/people/idCardText.ts';
import { type DocumentKind, documentKinds, type SeenDocument } from '#domain/registration/documents.ts';
import {
  addressSections,
  childFields,
  childSchema,
  type Field,
  mostChildren,
  type RegistrationData,
  type Section,
  type SectionName,
  type Step,
  sectionSchemas,
  sections,
  steps,
} from '#domain/registration/fields.ts';
import type { RuleContext } from '#domain/registration/rules.ts';
import { type Flag, findings } from '#domain/registration/rules.ts';
import type { Fault } from '../../forms/answers.ts';
import { dayFromParts } from '../../forms/dateParts.ts';

/** What is typed on the screen: a text per box, named by the field's path, such as `wife.name` or `children.0.bornOn`. */
export type Boxes = Readonly<Record<string, string>>;

/** A section on the screen, a section for every child. */
export type Asked = { step: Step; under: string; section: Section };

const mostTyped = 400;
const mostPasted = 2000;
const documentBoxes = ['seen', 'number', 'shows'] as const;

/** How many children there are rows for. */
export const childCount = (boxes: Boxes): number => {
  const count = Number(boxes['children'] ?? '0');
  return Number.isSafeInteger(count) && count > 0 ? Math.min(count, mostChildren) : 0;
};

/** All sections in order. */
export const askedSections = (boxes: Boxes): readonly Asked[] =>
  steps.flatMap((step): readonly Asked[] =>
    step === 'children'
      ? Array.from({ length: childCount(boxes) }, (_, n) => ({ step, under: `children.${n}`, section: childFields }))
      : [{ step, under: step, section: sections[step] }],
  );

/** The box of a division's search beside the one of its code. */
export const searchName = (path: string): string => `${path}-search`;

const boxNames = (boxes: Boxes): readonly string[] => [
  'children',
  'card',
  'predecessor',
  ...askedSections(boxes).flatMap(({ under, section }) =>
    Object.entries(section).flatMap(([name, { control }]) => {
      const path = `${under}.${name}`;
      return control === 'division' ? [path, searchName(path)] : [path];
    }),
  ),
  ...documentKinds.flatMap((kind) => documentBoxes.map((box) => `${box}.${kind}`)),
];

/** The boxes out of what was sent or kept; what is none of them is left out. */
export const boxesIn = (body: Readonly<Record<string, unknown>>): Boxes => {
  const textAt = (name: string): string => {
    const sent = body[name];
    return typeof sent === 'string' ? sent.slice(0, name === 'card' ? mostPasted : mostTyped) : '';
  };
  return Object.fromEntries(boxNames({ children: textAt('children') }).map((name) => [name, textAt(name)]));
};

/** What a section's boxes say so far, under the names of its fields. */
export const typedOf = (boxes: Boxes, { under, section }: Asked): Record<string, string> =>
  Object.fromEntries(Object.keys(section).map((name) => [name, boxes[`${under}.${name}`] ?? '']));

const readableOf = ({ control }: Field, text: string, presentYear: number): string =>
  control === 'date' ? dayFromParts({ year: text, month: '', day: '' }, presentYear) : text;

const valuesOf = (boxes: Boxes, asked: Asked, presentYear: number): Record<string, string> => {
  const typed = typedOf(boxes, asked);
  return Object.fromEntries(
    Object.entries(asked.section)
      .filter(([, { askedWhen }]) => askedWhen === undefined || askedWhen(typed))
      .map(([name, field]) => [name, readableOf(field, typed[name] ?? '', presentYear)]),
  );
};

type Part = { asked: Asked; data: unknown; faults: readonly Fault[] };

const partOf = (boxes: Boxes, asked: Asked, presentYear: number): Part => {
  const schema = asked.step === 'children' ? childSchema : sectionSchemas[asked.step as SectionName];
  const parsed = schema.safeParse(valuesOf(boxes, asked, presentYear));
  if (parsed.success) return { asked, data: parsed.data, faults: [] };
  const faults = parsed.error.issues.map(({ path, message }) => ({
    field: `${asked.under}.${String(path[0])}`,
    code: message,
  }));
  const firsts = faults.filter(({ field }, at) => faults.findIndex((one) => one.field === field) === at);
  return { asked, data: undefined, faults: firsts };
};

/** What was typed as far as it can be read, and what is wrong or worth a second look. */
export type ReadBoxes = {
  data: Partial<RegistrationData>;
  /** The couple's declaration where all of it can be read and no rule forbids it. */
  whole: RegistrationData | undefined;
  faults: readonly Fault[];
  flags: readonly Flag[];
};

/** Reads the screen; `whole`: what is empty counts as missing too, not just what is half filled in. */
export const readBoxes = (boxes: Boxes, context: RuleContext, { whole }: { whole: boolean }): ReadBoxes => {
  const presentYear = Number(context.today.slice(0, 4));
  const parts = askedSections(boxes).map((asked) => partOf(boxes, asked, presentYear));
  const ofChildren = parts.filter(({ asked }) => asked.step === 'children');
  const once = parts.filter(({ asked, data }) => asked.step !== 'children' && data !== undefined);
  const children = ofChildren.every(({ data }) => data !== undefined) ? ofChildren.map(({ data }) => data) : undefined;
  const data = {
    ...Object.fromEntries(once.map(({ asked, data: read }) => [asked.step, read])),
    ...(children === undefined ? {} : { children }),
  } as Partial<RegistrationData>;
  const typed = parts
    .flatMap(({ faults }) => faults)
    .filter(({ field }) => whole || (boxes[field] ?? '').trim() !== '');
  const broken = findings('block', data, context).filter(({ field }) => !typed.some((one) => one.field === field));
  const complete = parts.every((part) => part.data !== undefined) && broken.length === 0;
  return {
    data,
    whole: complete ? (data as RegistrationData) : undefined,
    faults: [...typed, ...broken],
    flags: findings('flag', data, context),
  };
};

/** The documents that were ticked off. */
export const seenIn = (boxes: Boxes): readonly SeenDocument[] =>
  documentKinds
    .filter((kind) => boxes[`seen.${kind}`] === 'yes')
    .map((kind) => ({
      kind,
      number: (boxes[`number.${kind}`] ?? '').trim(),
      shows: (boxes[`shows.${kind}`] ?? '').trim(),
    }));

/** Documents that were ticked off without a number: each is asked for one. */
export const unnumbered = (boxes: Boxes): readonly DocumentKind[] =>
  seenIn(boxes).flatMap(({ kind, number }) => (number === '' ? [kind] : []));

const cardsIn = (text: string): readonly IdCard[] => {
  const lines = text.split('\n').map(readIdCard);
  const many = lines.filter((card) => spouseOf(card) !== undefined && card.name !== undefined);
  return many.length > 1 ? many : [readIdCard(text)];
};

const withCard = (boxes: Boxes, card: IdCard): Boxes => {
  const spouse = spouseOf(card);
  if (spouse === undefined) return boxes;
  const { place, rest } = addressParts(card.address ?? '');
  const household = `${spouse}Household`;
  const filled = {
    [`${spouse}.name`]: card.name,
    [`${spouse}.idNumber`]: card.idNumber,
    [searchName(`${household}.division`)]: boxes[`${household}.division`] ? '' : place,
    [`${household}.street`]: boxes[`${household}.street`] || rest,
  };
  const told = Object.entries(filled).filter(([, value]) => value !== undefined && value !== '');
  return { ...boxes, ...(Object.fromEntries(told) as Boxes) };
};

/** The boxes with the cards in the text filled in, and how many of them told whose they are. */
export const withCards = (boxes: Boxes): { boxes: Boxes; cards: number } => {
  const cards = cardsIn(boxes['card'] ?? '').filter((card) => spouseOf(card) !== undefined);
  const filled = cards.reduce(withCard, boxes);
  return { boxes: cards.length === 0 ? boxes : { ...filled, card: '' }, cards: cards.length };
};

/** A residence as the household of the same person. */
export const withHousehold = (boxes: Boxes, residence: string): Boxes => {
  if (!(addressSections as readonly string[]).includes(residence) || !residence.endsWith('Residence')) return boxes;
  const household = residence.replace('Residence', 'Household');
  const copied = Object.entries(boxes).filter(([name]) => name.startsWith(`${household}.`));
  return { ...boxes, ...Object.fromEntries(copied.map(([name, text]) => [name.replace(household, residence), text])) };
};

/** The boxes that a declaration would have been typed into. */
export const boxesOf = (data: RegistrationData): Boxes => {
  const count = { children: String(data.children.length) };
  const fields = askedSections(count).flatMap(({ step, under, section }) => {
    const values = step === 'children' ? data.children[Number(under.split('.')[1])] : data[step as SectionName];
    return Object.keys(section).map((name) => [
      `${under}.${name}`,
      String((values as Readonly<Record<string, unknown>> | undefined)?.[name] ?? ''),
    ]);
  });
  return boxesIn({ ...count, ...Object.fromEntries(fields) });
};
