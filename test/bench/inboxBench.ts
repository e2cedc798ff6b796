import { createServices, type Services } from '#application/services.ts';
import { projections } from '#projections/index.ts';
import { operator, startApplication } from '../support/application.ts';
import { coupleOf } from './couples.ts';
import { firstToShow, rowMaker, type ViewRows } from './inboxRows.ts';
import { type Extent, median, percentile, shown, table, telling } from './measure.ts';

/** Microseconds, median and 99th percentile, of what pages ask at one size. */
export type InboxFigures = { registrations: number; fillPerSecond: number } & Record<
  Question,
  readonly [number, number]
>;

type Question = 'inbox' | 'code' | 'idNumber' | 'name';

const offices = 50;
const now = '2026-11-24T02:00:00Z';
const batch = 2000;

const views = ['inbox', 'registration', 'search', 'queryCode'] as const;

const villagesOf = ({ deps }: Services): readonly string[] => {
  const counties = deps.divisions.children('52').flatMap(({ code }) => deps.divisions.children(code));
  const townships = counties.flatMap(({ code }) => deps.divisions.children(code));
  return townships.flatMap(({ code }) => deps.divisions.children(code).slice(0, 1)).map(({ code }) => code);
};

type Filled = { ids: string[]; villages: readonly string[]; next: number };

/** Fills the four views through their port up to so many registrations; how many a second. */
const fill = async (services: Services, filled: Filled, count: number): Promise<number> => {
  const { viewStore } = services.deps;
  const make = rowMaker(services, filled.villages, now.slice(0, 10));
  const [from, started] = [filled.next, performance.now()];
  while (filled.next < count) {
    const rows: ViewRows[] = [];
    for (const end = Math.min(filled.next + batch, count); filled.next < end; filled.next += 1) {
      const row = await make(filled.next);
      if (filled.next < offices * firstToShow) filled.ids.push(row.inbox.id);
      rows.push(row);
    }
    const commits = views.map((view) =>
      viewStore.commit(
        { view },
        rows.map((row) => row[view]),
        0,
      ),
    );
    await Promise.all(commits);
    telling(`Filling the views: ${shown(filled.next)} of ${shown(count)} registrations`);
  }
  return ((filled.next - from) * 1000) / (performance.now() - started);
};

const timed = async (times: number, ask: (n: number) => Promise<number>): Promise<readonly [number, number]> => {
  const figures: number[] = [];
  for (let n = -times / 4; n < times; n += 1) {
    const started = performance.now();
    const found = await ask(Math.abs(Math.round(n)));
    if (found === 0) throw new Error('A question of the benchmark found nothing.');
    if (n >= 0) figures.push((performance.now() - started) * 1000);
  }
  return [median(figures), percentile(figures, 0.99)];
};

/** What is asked; answers say how much was found, so that nothing empty is measured. */
const questions = (
  { applicant, staff }: Services,
  { ids, villages }: Filled,
): Record<Question, (n: number) => Promise<number>> => {
  const operatorOf = (n: number) => operator((villages[n % offices] ?? '').slice(0, 9));
  const province = { ...operator('52'), account: 'province' };
  return {
    inbox: async (n) => (await staff.inbox(operatorOf(n * 7), { status: 'submitted' })).lines.length,
    code: async (n) => {
      const id = ids[(n * 131) % ids.length] ?? '';
      return (await applicant.open(applicant.queryCode(id), coupleOf('', (n * 131) % ids.length).wife.name)) === id
        ? 1
        : 0;
    },
    idNumber: async (n) => (await staff.search(province, coupleOf('', (n * 131) % ids.length).wife.idNumber)).length,
    name: async (n) =>
      (await staff.search(operatorOf(n), coupleOf('', (n % offices) + offices * (n % 20)).wife.name)).length,
  };
};

/** Pages and look-ups at growing numbers of registrations, over 50 offices that share them evenly. */
export const benchInbox = async (extent: Extent): Promise<InboxFigures[]> => {
  const app = await startApplication(now);
  await app.stores.viewStore.prepare(projections);
  const filled: Filled = { ids: [], villages: villagesOf(app.services).slice(0, offices), next: 0 };
  const figures: InboxFigures[] = [];
  for (const registrations of extent === 'quick' ? [10_000, 50_000] : [10_000, 100_000, 1_000_000]) {
    const fillPerSecond = await fill(app.services, filled, registrations);
    telling(`Asking at ${shown(registrations)} registrations`);
    // Opening by code always takes a fixed time, whatever it finds: here without that pause.
    const unpaused = createServices({ ...app.services.deps, wait: async () => undefined });
    const { inbox, code, idNumber, name } = questions(unpaused, filled);
    const times = extent === 'quick' ? 300 : 1500;
    figures.push({
      registrations,
      fillPerSecond,
      inbox: await timed(times, inbox),
      code: await timed(times, code),
      idNumber: await timed(times, idNumber),
      name: await timed(times, name),
    });
  }
  await app.stop();
  return figures;
};

/** The figures as Markdown. */
export const inboxTable = (figures: readonly InboxFigures[]): string => {
  const pair = ([p50, p99]: readonly [number, number]) => `${shown(p50)} / ${shown(p99)}`;
  const rows = figures.map(({ registrations, inbox, code, idNumber, name }) => [
    shown(registrations),
    ...[inbox, code, idNumber, name].map(pair),
  ]);
  const [smallest, largest] = [figures[0], figures.at(-1)];
  const growth = (largest?.inbox[0] ?? 0) / (smallest?.inbox[0] ?? 1);
  const head = [
    'p50 / p99, µs, at registrations',
    'inbox page',
    'open by query code',
    'search by ID number',
    'search by name',
  ];
  return `${table(head, rows)}\n\nInbox page at the largest ÷ at the smallest size: ${growth.toFixed(2)}`;
};
