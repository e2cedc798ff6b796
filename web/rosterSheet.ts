import type { Exported } from '#application/roster/people.ts';
import { type RosterColumn, type RosterFoot, rosterColumns } from '#domain/account/rosterSheet.ts';
import { translate } from './locale.ts';
import type { Cell, SheetFile } from './sheets.ts';

// The form is the notice's own (annex 2): it is Chinese in every language of the pages.
const word = (key: string, fill?: Readonly<Record<string, unknown>>) => translate('zh-CN', `roster.sheet.${key}`, fill);

const widths: Readonly<Record<RosterColumn, number>> = {
  prefecture: 14,
  county: 14,
  township: 18,
  name: 12,
  role: 16,
  workUnit: 30,
  idNumber: 22,
  mobile: 15,
  qq: 14,
  note: 24,
};

const head = () => [
  { title: word('number'), width: 6 },
  ...rosterColumns.map((column) => ({ title: word(`columns.${column}`), width: widths[column] })),
];

const footLines = ({ unit = '', person = '', day = '', phone = '' }: RosterFoot): readonly string[] => [
  word('unit', { unit }),
  word('person', { person }),
  word('day', { day }),
  word('phone', { phone }),
];

/** The annex-2 sheet around these rows, each without its running number. */
const annexTwo = (rows: readonly (readonly Cell[])[], foot: RosterFoot, notes: readonly string[] = []): SheetFile => ({
  sheet: word('name'),
  above: [word('annex'), word('title')],
  columns: head(),
  rows,
  below: ['', ...footLines(foot), ...notes],
});

/** Everybody as annex 2 has them, numbered. */
export const peopleSheet = (people: readonly Exported[], foot: RosterFoot): SheetFile =>
  annexTwo(
    people.map(({ role, details, places }, index) => [
      index + 1,
      places.prefecture,
      places.county,
      places.township,
      details.name,
      role === 'admin' ? '1' : '2',
      details.workUnit ?? '',
      details.idNumber,
      details.mobile,
      details.qq ?? '',
      details.note ?? '',
    ]),
    foot,
  );

const emptyRows = 200;

/** The empty sheet, with an example that is never imported and notes on how to fill it in. */
export const emptySheet = (foot: RosterFoot): SheetFile => {
  const example = rosterColumns.map((column) => word(`example.${column}`));
  const empty = Array.from({ length: emptyRows }, (_, index) => [index + 1, ...rosterColumns.map(() => '')]);
  const notes = ['roles', 'places', 'digits', 'once'].map((note) => word(`notes.${note}`));
  return annexTwo([[word('exampleNumber'), ...example], ...empty], foot, ['', ...notes]);
};
