// Writes src/infrastructure/calendar/holidays.json from the table of the package chinese-days:
//   node scripts/extractHolidays.ts
// Only its data file is read: its functions answer for years that it does not have.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const firstYear = 2016;

type Table = { holidays: Record<string, string>; workdays: Record<string, string> };

const table: Table = JSON.parse(
  readFileSync(new URL('../node_modules/chinese-days/dist/chinese-days.json', import.meta.url), 'utf8'),
);
const target = fileURLToPath(new URL('../src/infrastructure/calendar/holidays.json', import.meta.url));

const yearOf = (day: string): number => Number(day.slice(0, 4));
const daysIn = (days: Record<string, string>, year: number): readonly string[] =>
  Object.keys(days)
    .filter((day) => yearOf(day) === year)
    .sort();

const years = [...new Set(Object.keys(table.holidays).map(yearOf))].filter((year) => year >= firstYear).sort();
const lines = years.map((year) => {
  const list = { off: daysIn(table.holidays, year), work: daysIn(table.workdays, year) };
  if (list.off.length < 7 || list.work.length === 0) throw new Error(`chinese-days has no whole year ${year}`);
  return `"${year}":${JSON.stringify(list)}`;
});

writeFileSync(target, `{\n${lines.join(',\n')}\n}\n`);
process.stdout.write(`${target}: ${years.join(' ')}\n`);
