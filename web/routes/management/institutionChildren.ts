import { isDay } from '#domain/calendar/day.ts';
import { type BornChild, mostChildren } from '#domain/registration/births.ts';
import { textIn } from './institutionModel.ts';
import type { Fault } from './refused.ts';

/** One row of the form as typed. */
export type ChildRow = { bornOn: string; sex: string; stillborn: boolean };

const typedRow = (body: unknown, n: number): ChildRow => ({
  bornOn: textIn(body, `bornOn${n}`, 20),
  sex: textIn(body, `sex${n}`, 10),
  stillborn: textIn(body, `stillborn${n}`, 1) === '1',
});

const rowOf = (child: BornChild | undefined): ChildRow => ({
  bornOn: child?.bornOn ?? '',
  sex: child?.sex ?? '',
  stillborn: child?.outcome === 'stillborn',
});

const rows = <T>(make: (n: number) => T): readonly T[] => Array.from({ length: mostChildren }, (_, n) => make(n));

/** All rows of the form: as typed, else as annotated before. */
export const rowsOf = (body: unknown, before: readonly BornChild[] = []): readonly ChildRow[] =>
  rows((n) => (body === undefined ? rowOf(before[n]) : typedRow(body, n)));

/** 2026/11/4, 2026年11月4日 and 20261104 mean the day as well. */
const dayIn = (text: string): string => {
  const plain = text.normalize('NFKC');
  const [, year = '', month = '', day = ''] =
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/.exec(plain) ?? [];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};

const childIn = ({ bornOn, sex, stillborn }: ChildRow, n: number): { child: BornChild } | { fault: Fault } => {
  const fault = (code: string) => ({ fault: { field: `child${n}`, code, fill: { count: n + 1 } } });
  const day = dayIn(bornOn);
  if (bornOn === '') return fault('bornOnMissing');
  if (!isDay(day)) return fault('bornOnBad');
  if (sex !== 'female' && sex !== 'male') return fault('sexMissing');
  return { child: { bornOn: day, sex, outcome: stillborn ? 'stillborn' : 'live' } };
};

/** The children that were typed, or what is wrong with which row; empty rows do not count. */
export const childrenIn = (body: unknown): { children: readonly BornChild[] } | { faults: readonly Fault[] } => {
  const typed = rows((n) => ({ n, row: typedRow(body, n) })).filter(
    ({ row }) => row.bornOn !== '' || row.sex !== '' || row.stillborn,
  );
  if (typed.length === 0) return { faults: [{ field: 'child0', code: 'childrenUncounted' }] };
  const read = typed.map(({ row, n }) => childIn(row, n));
  const faults = read.flatMap((one) => ('fault' in one ? [one.fault] : []));
  return faults.length > 0 ? { faults } : { children: read.flatMap((one) => ('child' in one ? [one.child] : [])) };
};
