import { z } from 'zod';
import { isDay } from '../calendar/day.ts';
import { normaliseIdNumber } from '../people/idNumber.ts';

/** How a field is asked on a page; each control is one partial in `web/components/controls`. */
export type Control =
  | 'text'
  | 'idNumber'
  | 'mobile'
  | 'date'
  | 'division'
  | 'choice'
  | 'declaredPlace'
  | 'marriageCertificate';

/**
 * One form field. Validation, control, check-your-answers, masking, amendment diff and OpenAPI derive from it; its
 * label and hint are `fields.<section>.<name>` in the locales. `sensitive` says how lists mask it.
 */
export type Field<S extends z.ZodType = z.ZodType> = {
  control: Control;
  schema: S;
  sensitive?: 'name' | 'idNumber' | 'mobile' | 'address';
  choices?: readonly string[];
  autocomplete?: string;
  /** Whether the field is asked, given its section's raw answers so far; absent: always. */
  askedWhen?: (answers: Readonly<Record<string, string>>) => boolean;
};

/** A page of the form: the fields asked together. */
export type Section = Readonly<Record<string, Field>>;

const field = <S extends z.ZodType>(definition: Field<S>): Field<S> => definition;

const folded = (text: string) => text.normalize('NFC').replaceAll('\u3000', ' ').trim();
const text = (most: number) =>
  z
    .string()
    .max(most * 2, 'tooLong')
    .transform(folded)
    .pipe(z.string().max(most, 'tooLong'));
const requiredText = (most: number) =>
  z
    .string({ error: 'required' })
    .max(most * 2, 'tooLong')
    .transform(folded)
    .pipe(z.string().min(1, 'required').max(most, 'tooLong'));
// People copy numbers with the blanks that cards and screens show; their length is a rule's to judge.
const idNumber = z
  .string({ error: 'required' })
  .max(60, 'tooLong')
  .transform(normaliseIdNumber)
  .pipe(z.string().min(1, 'required').max(40, 'tooLong'));
const day = z.string({ error: 'required' }).trim().min(1, 'required').refine(isDay, 'notADate');
const choice = <const C extends readonly [string, ...string[]]>(choices: C) => z.enum(choices, { error: 'required' });
// A form sends digits, the API a number; nothing else counts as either.
const wholeNumber = z
  .union([z.number(), z.string().trim().regex(/^\d$/).transform(Number)], { error: 'required' })
  .pipe(z.number().int('required').min(1, 'required').max(9, 'required'));
const code = (shape: RegExp) =>
  z.string({ error: 'required' }).trim().min(1, 'required').regex(shape, 'unknownDivision');

/** Whether a division code lies in Guizhou (GB/T 2260: 52). */
export const isInProvince = (division: string) => division.startsWith('52');

const spouse = {
  name: field({ control: 'text', schema: requiredText(50), sensitive: 'name' }),
  idNumber: field({ control: 'idNumber', schema: idNumber, sensitive: 'idNumber' }),
};

const address = {
  division: field({ control: 'division', schema: code(/^\d{4}(\d{2})?(\d{3})?(\d{3})?$/) }),
  locality: field({
    control: 'text',
    schema: text(60).default(''),
    sensitive: 'address',
    askedWhen: (answers) => Boolean(answers['division']) && !isInProvince(answers['division'] ?? ''),
  }),
  street: field({ control: 'text', schema: requiredText(60), sensitive: 'address' }),
  community: field({ control: 'text', schema: text(60).default(''), sensitive: 'address' }),
  building: field({ control: 'text', schema: text(30).default(''), sensitive: 'address' }),
  // Not every village house has a number.
  door: field({ control: 'text', schema: text(30).default(''), sensitive: 'address' }),
};

const sexes = ['female', 'male'] as const;
const parentages = ['both', 'wife', 'husband'] as const;
const livings = ['living', 'deceased'] as const;

const child = {
  name: field({ control: 'text', schema: requiredText(50), sensitive: 'name' }),
  sex: field({ control: 'choice', schema: choice(sexes), choices: sexes }),
  bornOn: field({ control: 'date', schema: day }),
  parentage: field({ control: 'choice', schema: choice(parentages), choices: parentages }),
  living: field({ control: 'choice', schema: choice(livings), choices: livings }),
};

/** The sections answered once, in the order they are asked (A1.1). Adding a field is one entry here. */
export const sections = {
  application: {
    parity: field({
      control: 'choice',
      schema: wholeNumber,
      choices: ['1', '2'],
    }),
  },
  wife: spouse,
  wifeHousehold: address,
  wifeResidence: address,
  husband: spouse,
  husbandHousehold: address,
  husbandResidence: address,
  marriage: {
    certificateNumber: field({ control: 'marriageCertificate', schema: requiredText(40), sensitive: 'address' }),
    registeredOn: field({ control: 'date', schema: day }),
    authority: field({ control: 'text', schema: requiredText(60) }),
  },
  declaration: {
    place: field({ control: 'declaredPlace', schema: code(/^\d{9}$/) }),
    mobile: field({ control: 'mobile', schema: requiredText(20), sensitive: 'mobile', autocomplete: 'tel' }),
  },
} as const satisfies Record<string, Section>;

/** The section answered once per child. */
export const childFields = child satisfies Section;

/** How many children one form takes. */
export const mostChildren = 9;

const shape = <S extends Section>(section: S) =>
  z.object(
    Object.fromEntries(Object.entries(section).map(([name, of]) => [name, of.schema])),
  ) as unknown as z.ZodObject<{
    [K in keyof S]: S[K]['schema'];
  }>;

/** One schema per section; errors are codes of `errors.*` in the locales. */
export const sectionSchemas = {
  application: shape(sections.application),
  wife: shape(sections.wife),
  wifeHousehold: shape(sections.wifeHousehold),
  wifeResidence: shape(sections.wifeResidence),
  husband: shape(sections.husband),
  husbandHousehold: shape(sections.husbandHousehold),
  husbandResidence: shape(sections.husbandResidence),
  marriage: shape(sections.marriage),
  declaration: shape(sections.declaration),
};

/** The schema of one child. */
export const childSchema = shape(childFields);

/** What a couple declares (R2, A1.1). */
export const registrationSchema = z.object({
  ...sectionSchemas,
  children: z.array(childSchema).max(mostChildren, 'tooMany'),
});

export type RegistrationData = z.infer<typeof registrationSchema>;
export type Child = z.infer<typeof childSchema>;
export type Address = RegistrationData['wifeHousehold'];
export type SectionName = keyof typeof sections;

/** The sections that hold an address. */
export const addressSections = ['wifeHousehold', 'wifeResidence', 'husbandHousehold', 'husbandResidence'] as const;

/** The pages of the form in order: `children` stands before the declaration. */
export const steps = [
  'application',
  'wife',
  'wifeHousehold',
  'wifeResidence',
  'husband',
  'husbandHousehold',
  'husbandResidence',
  'marriage',
  'children',
  'declaration',
] as const satisfies readonly (SectionName | 'children')[];

export type Step = (typeof steps)[number];
