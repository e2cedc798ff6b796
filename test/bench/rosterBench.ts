import type { NewEvent } from '#application/ports.ts';
import { readFile } from '#infrastructure/spreadsheet/readFile.ts';
import { admin, personNumbered } from '../support/accountScene.ts';
import { startApplication } from '../support/application.ts';
import { printedRows, written } from '../support/rosters.ts';
import { workbookOf } from '../support/workbooks.ts';
import { atOnce, type Extent, shown, table, telling } from './measure.ts';

/** Milliseconds on the clock, and of all threads' processor time. */
type Spent = { ms: number; cpuMs: number };

/** What one roster of so many people takes, and the floors: reading the file alone, and the log's appends alone. */
export type RosterFigures = { people: number } & Record<
  'read' | 'preview' | 'again' | 'imported' | 'appends' | 'exported',
  Spent
>;

const office = '520111';
const appendsAtOnce = 100;

const rosterOf = (people: number): Uint8Array => {
  const all = Array.from({ length: people }, (_, n) => ({ ...written, ...personNumbered(n + 1), township: '' }));
  return workbookOf({ rows: printedRows(all) });
};

const timed = async <T>(work: () => Promise<T>): Promise<{ spent: Spent; result: T }> => {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { spent: { ms: performance.now() - started, cpuMs: (user + system) / 1000 }, result };
};

const bareEvent = (id: string): NewEvent => ({ id, type: 'Bare.v1', data: { sealed: 'x'.repeat(400) }, meta: {} });

/** What the log alone takes for as many streams and events as an import writes. */
const bareAppends = async (people: number): Promise<Spent> => {
  const { services, stop } = await startApplication();
  const { eventStore, ids } = services.deps;
  const { spent } = await timed(async () => {
    await atOnce(appendsAtOnce, people, async (n) => {
      await eventStore.append(`reserved-${n}`, 'none', [bareEvent(ids())]);
    });
    await atOnce(appendsAtOnce, people, async (n) => {
      await eventStore.append(`made-${n}`, 'none', [bareEvent(ids()), bareEvent(ids())]);
    });
  });
  await stop();
  return spent;
};

/** One roster, from the file to the last account and back: O6 promises 5 000 in seconds. */
export const benchRoster = async (extent: Extent): Promise<RosterFigures> => {
  const people = extent === 'quick' ? 500 : 5000;
  const staff = admin(office);
  const file = { name: 'roster.xlsx', bytes: rosterOf(people) };
  const { services, stop } = await startApplication();
  const { rosters } = services;
  telling(`Reading a roster of ${shown(people)}`);
  await readFile(rosterOf(50));
  const { spent: read } = await timed(() => readFile(file.bytes));
  const { spent: preview, result: upload } = await timed(() => rosters.upload(staff, file));
  if (upload.outcome !== 'previewed' || upload.preview.entries.length !== people) throw new Error('Rows are faulty.');
  const id = upload.id ?? '';
  telling(`Registering ${shown(people)} people`);
  const { spent: imported } = await timed(async () => {
    await rosters.confirm(staff, id);
    await rosters.settled(id);
  });
  const job = await rosters.job(staff, id);
  if (job?.registered !== people) throw new Error(`Registered ${job?.registered} of ${people}.`);
  const { spent: again } = await timed(() => rosters.upload(staff, file));
  const { spent: exported } = await timed(() => rosters.exported(staff));
  await stop();
  return { people, read, preview, again, imported, exported, appends: await bareAppends(people) };
};

/** The figures as Markdown. */
export const rosterTable = ({ people, ...figures }: RosterFigures): string => {
  const { read, preview, again, imported, appends, exported } = figures;
  const line = (what: string, { ms, cpuMs }: Spent, floor?: Spent) => [
    what,
    shown(ms),
    shown(cpuMs),
    floor === undefined ? '' : `${shown(floor.ms)} / ${shown(floor.cpuMs)}`,
  ];
  return table(
    [`${shown(people)} people, one roster`, 'ms', 'processor, ms', 'floor, both'],
    [
      line('upload to preview, nobody known', preview, read),
      line('upload to preview, everybody known', again, read),
      line('confirmation to the last account in the views', imported, appends),
      line('export, opened and recorded', exported),
    ],
  );
};
