import type { StaffView } from '#application/staffView.ts';
import { ageOn } from '#domain/calendar/day.ts';
import { bornOn } from '#domain/people/idNumber.ts';
import {
  childFields,
  type Field,
  type RegistrationData,
  type Section,
  type SectionName,
  sections,
  steps,
} from '#domain/registration/fields.ts';
import { type Flag, rules } from '#domain/registration/rules.ts';
import { controlLabel, fieldLabel, ruleText } from '../../fieldTexts.ts';
import { hasText, translate } from '../../locale.ts';
import { dayText } from '../../times.ts';
import { type Reader, shownAddress, shownAnswer, valueAt } from './shownAnswer.ts';

type ShownFlag = { text: string; clause: string };

/** One answer with what helps to judge it, the flags that concern it, and what it was before the couple changed it. */
export type Cell = { value: string; note: string | undefined; flags: readonly ShownFlag[]; was: string | undefined };

type Telling = {
  reader: Reader;
  data: RegistrationData;
  flags: readonly Flag[];
  today: string;
  amended: StaffView['amended'];
};

const spouses = ['wife', 'husband'] as const;
type Spouse = (typeof spouses)[number];

/** Sections come in twos, one for each spouse: `wife` and `husband`, `wifeHousehold` and `husbandHousehold`. */
const ofSpouse = (step: string, spouse: Spouse) => step.startsWith(spouse);
const kinds = steps.filter((step) => ofSpouse(step, 'wife')).map((step) => step.slice('wife'.length));
const shared = steps.filter((step) => !spouses.some((spouse) => ofSpouse(step, spouse)));
const childrenAt = shared.indexOf('children');
const sectionsOf = (all: readonly string[]) => all.filter((step): step is SectionName => step in sections);

const answersOf = (data: RegistrationData, section: string): Readonly<Record<string, unknown>> =>
  (data as Readonly<Record<string, object>>)[section] as Readonly<Record<string, unknown>>;

const fieldsOf = (section: string): Section => (sections as Readonly<Record<string, Section>>)[section] ?? {};

/** Flags at a field, or anywhere in a section, as staff read them, with the clause of their rule. */
const flagsAt = ({ reader, flags }: Telling, path: string): readonly ShownFlag[] =>
  flags
    .filter(({ field }) => field === path || field.startsWith(`${path}.`))
    .map((flag) => ({
      text: ruleText(reader.locale, flag, 'staff'),
      clause: rules.find((rule) => rule.name === flag.rule)?.clause ?? '',
    }));

/** When who has this ID number was born; nothing where it is masked. */
const birthNote = ({ reader: { locale }, today }: Telling, idNumber: string): string | undefined => {
  const born = bornOn(idNumber);
  return born && translate(locale, 'review.born', { day: dayText(locale, born), age: ageOn(born, today) });
};

/** An answer as it was first submitted, where the couple changed it since. */
const answerBefore = ({ reader, amended }: Telling, path: string): string | undefined =>
  amended?.changed.includes(path) ? shownAnswer(reader, path, valueAt(amended.before, path)) : undefined;

const addressBefore = ({ reader, amended }: Telling, section: string): string | undefined =>
  amended?.changed.some((path) => path.startsWith(`${section}.`))
    ? shownAddress(reader, section, fieldsOf(section), answersOf(amended.before, section)).join(' ')
    : undefined;

const cell = (telling: Telling, path: string, field: Field, value: unknown): Cell => ({
  value: shownAnswer(telling.reader, path, value),
  note: field.control === 'idNumber' ? birthNote(telling, String(value)) : undefined,
  flags: flagsAt(telling, path),
  was: answerBefore(telling, path),
});

const addressCell = (telling: Telling, section: string): Cell => {
  const [value, note] = shownAddress(telling.reader, section, fieldsOf(section), answersOf(telling.data, section));
  return { value, note, flags: flagsAt(telling, section), was: addressBefore(telling, section) };
};

const row = ({ reader: { locale } }: Telling, key: string, path: string, of: (spouse: Spouse) => Cell) => ({
  label: hasText(locale, `review.rows.${key}`) ? translate(locale, `review.rows.${key}`) : controlLabel(locale, path),
  cells: spouses.map((spouse) => ({ ...of(spouse), who: translate(locale, `review.${spouse}`) })),
});

/** A line for each field of a section of both spouses; an address is one line. */
const rowsOf = (telling: Telling, kind: string) => {
  const fields = Object.entries(fieldsOf(`wife${kind}`));
  if (fields.some(([, { control }]) => control === 'division')) {
    const key = kind.toLowerCase();
    return [row(telling, key, `wife${kind}.division`, (spouse) => addressCell(telling, `${spouse}${kind}`))];
  }
  return fields.map(([name, field]) =>
    row(telling, name, `wife${kind}.${name}`, (spouse) => {
      const section = `${spouse}${kind}`;
      return cell(telling, `${section}.${name}`, field, answersOf(telling.data, section)[name]);
    }),
  );
};

const factsOf = (telling: Telling, section: string) =>
  Object.entries(fieldsOf(section)).map(([name, field]) => {
    const path = `${section}.${name}`;
    return {
      label: fieldLabel(telling.reader.locale, path),
      ...cell(telling, path, field, answersOf(telling.data, section)[name]),
    };
  });

/** Children as declared now, and below them those that the couple took out, whose answers stand in `was` alone. */
const childrenOf = (telling: Telling) => {
  const { data, amended } = telling;
  const count = Math.max(data.children.length, amended?.before.children.length ?? 0);
  return Array.from({ length: count }, (_, index) => childOf(telling, data.children[index], index));
};

const childOf = (telling: Telling, child: Readonly<Record<string, unknown>> | undefined, index: number) => ({
  gone: child === undefined,
  cells: Object.entries(childFields).map(([name, field]) => {
    const path = `children.${index}.${name}`;
    return { label: controlLabel(telling.reader.locale, path), ...cell(telling, path, field, child?.[name]) };
  }),
});

/** All that is declared, in the order it is asked: both people side by side, then the rest around the children. */
export const declaredModel = (telling: Telling) => ({
  people: kinds.flatMap((kind) => rowsOf(telling, kind)),
  before: sectionsOf(shared.slice(0, childrenAt)).flatMap((section) => factsOf(telling, section)),
  children: childrenOf(telling),
  changes: telling.amended?.changed.length,
  after: sectionsOf(shared.slice(childrenAt)).flatMap((section) => factsOf(telling, section)),
});
