import type { NewEvent } from '#application/ports.ts';
import { readFile } from '#infrastructure/spreadsheet/readFile.ts';
import { admin, personNumbered } from '../support/accountScene.ts';
import { startApplication } from '../support/application.ts';
import { printedRows, written } from '../support/rosters.ts';
import { workbookOf } from '../support/workbooks.ts';
import { atOnce, type Extent, perSecond, shown, table, telling } from './measure.ts';

/** Milliseconds for one roster of so many people, each beside its floor, where it has one. */
export type RosterFigures = {
  people: number;
  readMs: number;
  previewMs: number;
  againMs: number;
  importMs: number;
  appendsMs: number;
  exportMs: number;
};

const office = '520111';
const appendsAtOnce = 100;

const rosterOf = (people: number): Uint8Array => {
  const all = Array.from({ length: people }, (_, n) => ({ ...written, ...personNumbered(n + 1), township: '' }));
  return workbookOf({ rows: printedRows(all) });
};

const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> => {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
};

const bareEvent = (id: string): NewEvent => ({ id, type: 'Bare.v1', data: { sealed: 'x'.repeat(400) }, meta: {} });

/** What the log alone takes for as many streams and events as an import writes. */
const bareAppends = async (people: number): Promise<number> => {
  const { services, stop } = await startApplication();
  const { eventStore, ids } = services.deps;
  const { ms } = await timed(async () => {
    await atOnce(appendsAtOnce, people, async (n) => {
      await eventStore.append(`reserved-${n}`, 'none', [bareEvent(ids())]);
    });
    await atOnce(appendsAtOnce, people, async (n) => {
      await eventStore.append(`made-${n}`, 'none', [bareEvent(ids()), bareEvent(ids())]);
    });
  });
  await stop();
  return ms;
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
  const { ms: readMs } = await timed(() => readFile(file.bytes));
  const { ms: previewMs, result: upload } = await timed(() => rosters.upload(staff, file));
  if (upload.outcome !== 'previewed' || upload.preview.entries.length !== people) throw new Error('Rows are faulty.');
  const id = upload.id ?? '';
  telling(`Registering ${shown(people)} people`);
  const { ms: importMs } = await timed(async () => {
    await rosters.confirm(staff, id);
    await rosters.settled(id);
  });
  const job = await rosters.job(staff, id);
  if (job?.registered !== people) throw new Error(`Registered ${job?.registered} of ${people}.`);
  const { ms: againMs } = await timed(() => rosters.upload(staff, file));
  const { ms: exportMs } = await timed(() => rosters.exported(staff));
  await stop();
  return { people, readMs, previewMs, againMs, importMs, exportMs, appendsMs: await bareAppends(people) };
};

const rate = (people: number, ms: number): string => shown(perSecond(people, performance.now() - ms));

/** The figures as Markdown. */
export const rosterTable = ({ people, ...figures }: RosterFigures): string => {
  const { readMs, previewMs, againMs, importMs, appendsMs, exportMs } = figures;
  const line = (what: string, ms: number, floor?: number) => [
    what,
    shown(ms),
    rate(people, ms),
    floor === undefined ? '' : shown(floor),
  ];
  return table(
    [`${shown(people)} people, one roster`, 'ms', 'people a second', 'floor, ms'],
    [
      line('upload to preview, nobody known', previewMs, readMs),
      line('upload to preview, everybody known', againMs, readMs),
      line('confirmation to the last account in the views', importMs, appendsMs),
      line('export, opened and recorded', exportMs),
    ],
  );
};
