import { ageOn } from '#domain/calendar/day.ts';
import { bornOn } from '#domain/people/idNumber.ts';
import type { addressSections, RegistrationData } from '#domain/registration/fields.ts';
import { type Flag, rules } from '#domain/registration/rules.ts';
import { fieldLabel, ruleText } from '../../fieldTexts.ts';
import { translate } from '../../locale.ts';
import { dayText } from '../../times.ts';
import { type Reader, shownAddress, shownAnswer } from './shownAnswer.ts';

type ShownFlag = { text: string; clause: string };

/** One answer with what helps to judge it, and the flags that concern it. */
export type Cell = { value: string; note: string | undefined; flags: readonly ShownFlag[] };

const spouses = ['wife', 'husband'] as const;
type Spouse = (typeof spouses)[number];

/** Flags as staff read them, with the clause of their rule. */
const shownFlags = ({ locale }: Reader, flags: readonly Flag[]): readonly ShownFlag[] =>
  flags.map((flag) => ({
    text: ruleText(locale, flag, 'staff'),
    clause: rules.find((rule) => rule.name === flag.rule)?.clause ?? '',
  }));

const flagsAt = (flags: readonly Flag[], path: string) =>
  flags.filter(({ field }) => field === path || field.startsWith(`${path}.`));

const birthNote = ({ locale }: Reader, idNumber: string, today: string): string | undefined => {
  const born = bornOn(idNumber);
  return born && translate(locale, 'review.born', { day: dayText(locale, born), age: ageOn(born, today) });
};

/** What is declared, in the order staff check it: both people side by side, marriage, children, place and mobile. */
export const declaredModel = (reader: Reader, data: RegistrationData, flags: readonly Flag[], today: string) => {
  const { locale } = reader;
  const cell = (path: string, value: unknown, note?: string): Cell => ({
    value: shownAnswer(reader, path, value),
    note,
    flags: shownFlags(reader, flagsAt(flags, path)),
  });
  const address = (spouse: Spouse, kind: 'Household' | 'Residence'): Cell => {
    const section = `${spouse}${kind}` as (typeof addressSections)[number];
    const [value, note] = shownAddress(reader, section, data[section]);
    return { value, note, flags: shownFlags(reader, flagsAt(flags, section)) };
  };
  const bothOf = (key: string, of: (spouse: Spouse) => Cell) => ({
    label: translate(locale, `review.rows.${key}`),
    cells: spouses.map((spouse) => ({ ...of(spouse), who: translate(locale, `review.${spouse}`) })),
  });
  const fact = (path: string, value: unknown) => ({ label: fieldLabel(locale, path), ...cell(path, value) });
  return {
    people: [
      bothOf('name', (spouse) => cell(`${spouse}.name`, data[spouse].name)),
      bothOf('idNumber', (spouse) => {
        const { idNumber } = data[spouse];
        return cell(`${spouse}.idNumber`, idNumber, reader.masked ? undefined : birthNote(reader, idNumber, today));
      }),
      bothOf('household', (spouse) => address(spouse, 'Household')),
      bothOf('residence', (spouse) => address(spouse, 'Residence')),
    ],
    marriage: [
      fact('marriage.registeredOn', data.marriage.registeredOn),
      fact('marriage.certificateNumber', data.marriage.certificateNumber),
      fact('marriage.authority', data.marriage.authority),
    ],
    children: data.children.map((child, index) => ({
      cells: (['name', 'sex', 'bornOn', 'parentage', 'living'] as const).map((name) => ({
        label: translate(locale, `fields.short.child.${name}`),
        ...cell(`children.${index}.${name}`, child[name]),
      })),
    })),
    application: [fact('application.parity', data.application.parity)],
    declaration: [
      fact('declaration.place', data.declaration.place),
      fact('declaration.mobile', data.declaration.mobile),
    ],
  };
};
