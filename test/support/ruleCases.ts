import type fc from 'fast-check';
import type { Child, RegistrationData } from '#domain/registration/fields.ts';
import type { RuleContext } from '#domain/registration/rules.ts';
import { declarationOf } from './declarations.ts';

/** Data made so that they break a rule, and the field at which they do. */
export type Breach = { data: RegistrationData; at: string };

/** How one rule is shown: data at its limit that keep it, data that break it, and how any valid data come to break it. */
export type RuleCase = {
  keeps: RegistrationData;
  breaks: Breach;
  always: fc.Arbitrary<(data: RegistrationData) => Breach>;
  context?: Partial<RuleContext>;
};

/** The couple of the examples: she was born on 1995-12-24, he on 1990-03-15, no child. */
export const couple: RegistrationData = declarationOf('520111004001');

type Sections = Exclude<keyof RegistrationData, 'children'>;

/** The data with one field answered otherwise. */
export const answered = (data: RegistrationData, section: Sections, member: string, value: unknown) =>
  ({ ...data, [section]: { ...data[section], [member]: value } }) as RegistrationData;

/** A breach by one field answered otherwise. */
export const breach = (data: RegistrationData, section: Sections, member: string, value: unknown): Breach => ({
  data: answered(data, section, member, value),
  at: `${section}.${member}`,
});

/** A child with what differs; none that counts unless told so. */
const child = (differing: Partial<Child> = {}): Child => ({
  name: '张小满',
  sex: 'female',
  bornOn: '2022-05-20',
  parentage: 'both',
  living: 'deceased',
  ...differing,
});

/** The data with a child put before the others. */
export const withChild = (data: RegistrationData, differing: Partial<Child> = {}): RegistrationData => ({
  ...data,
  children: [child(differing), ...data.children],
});
