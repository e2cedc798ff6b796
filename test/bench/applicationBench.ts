import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '#application/ports.ts';
import { projections } from '#projections/index.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from './couples.ts';
import { atOnce, type Extent, inTemporary, median, perSecond, shown, table, telling } from './measure.ts';

/** Commands per second beside the floor, for one kind of command at one concurrency; `cpu` is µs of all threads for one. */
export type CommandsRow = {
  kind: 'submission' | 'staff';
  concurrency: number;
  commands: number;
  floor: number;
  cpu: number;
};

const startAt = Date.parse('2026-11-24T02:00:00Z');
const views = projections.map(({ name }) => name);

type Office = { app: Running; village: string; made: number };

/** The clock goes on, so that ids are ordered by time as they are in life. */
const tick = ({ clock }: Running): void => {
  clock.now = startAt + Math.floor(performance.now());
};

/** Submissions, from the declared data to the views that show them; ends once all six views have come along. */
const submissions = async (office: Office, concurrency: number, count: number): Promise<string[]> => {
  const { app, village } = office;
  const { applicant, deps } = app.services;
  const ids: string[] = [];
  const first = office.made;
  office.made += count;
  await atOnce(concurrency, count, async (n) => {
    tick(app);
    const id = deps.ids();
    const done = await applicant.submit(id, coupleOf(village, first + n), { commandId: deps.ids() });
    if (done.outcome !== 'done') throw new Error(`A submission ended with ${JSON.stringify(done)}.`);
    ids.push(id);
  });
  await deps.awaitViews(views, await deps.eventStore.lastPosition());
  return ids;
};

/** Two commands per registration: an operator receives the task, then accepts it. */
const staffCommands = async ({ app, village }: Office, concurrency: number, ids: readonly string[]): Promise<void> => {
  const { deps, staff: commands } = app.services;
  const staff = operator(village.slice(0, 9));
  const checked = (done: { outcome: string }): void => {
    if (done.outcome !== 'done') throw new Error(`A staff command ended with ${JSON.stringify(done)}.`);
  };
  await atOnce(concurrency, ids.length, async (n) => {
    const id = ids[n] ?? '';
    tick(app);
    checked(await commands.receiveTask(id, { staff, commandId: deps.ids(), basedOn: 0 }));
    checked(await commands.accept(id, { staff, commandId: deps.ids(), basedOn: 1 }));
  });
  await deps.awaitViews(views, await deps.eventStore.lastPosition());
};

type Floor = (events: readonly RecordedEvent[], concurrency: number) => number;

/** The same bytes by bare statements into one table without index: durable, as many events per commit as ask at once. */
const openFloor = (directory: string): { write: Floor; close: () => void } => {
  const database = new DatabaseSync(join(directory, 'floor.sqlite'));
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536;
    create table events (position integer primary key, stream text, version integer, type text, event_id text,
      at text, data text, meta text) strict`);
  const add = database.prepare('insert into events values (null, ?, ?, ?, ?, ?, ?, ?)');
  return {
    write: (events, concurrency) => {
      const texts = events.map((event) => [JSON.stringify(event.data), JSON.stringify(event.meta)] as const);
      const started = performance.now();
      for (let done = 0; done < events.length; done += concurrency) {
        database.exec('begin immediate');
        for (let n = done; n < Math.min(done + concurrency, events.length); n += 1) {
          const [event, [data, meta]] = [events[n] as RecordedEvent, texts[n] as readonly [string, string]];
          add.run(event.stream, event.revision, event.type, event.id, event.at, data, meta);
        }
        database.exec('commit');
      }
      return perSecond(events.length, started);
    },
    close: () => database.close(),
  };
};

type Measured = { perSecond: number; cpu: number };

const measured = async (count: number, work: () => Promise<void>): Promise<Measured> => {
  const [cpuBefore, started] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: perSecond(count, started), cpu: (user + system) / count };
};

/** One round: so many submissions, two staff commands on each, and the floor of the bytes that they wrote. */
const round = async (office: Office, floor: Floor, concurrency: number, count: number) => {
  const { eventStore } = office.app.stores;
  let ids: string[] = [];
  const before = await eventStore.lastPosition();
  const submission = await measured(count, async () => {
    ids = await submissions(office, concurrency, count);
  });
  const between = await eventStore.lastPosition();
  const staff = await measured(count * 2, () => staffCommands(office, concurrency, ids));
  const submitted = await eventStore.readAll(before, between - before);
  const decided = await eventStore.readAll(between, count * 2);
  // A submission is two events, reservation and registration; a staff command is one.
  const submissionFloor = (floor(submitted, concurrency) * count) / submitted.length;
  return { submission, staff, submissionFloor, staffFloor: floor(decided, concurrency) };
};

const compare = async (office: Office, floor: Floor, concurrency: number, count: number, rounds: number) => {
  const all: Awaited<ReturnType<typeof round>>[] = [];
  await round(office, floor, concurrency, count);
  for (let n = 0; n < rounds; n += 1) all.push(await round(office, floor, concurrency, count));
  const row = (kind: 'submission' | 'staff'): CommandsRow => ({
    kind,
    concurrency,
    commands: median(all.map((one) => one[kind].perSecond)),
    cpu: median(all.map((one) => one[kind].cpu)),
    floor: median(all.map((one) => one[`${kind}Floor`])),
  });
  return [row('submission'), row('staff')];
};

/** Commands per second through the whole application beside a bare group-committed append of the same bytes. */
export const benchApplication = (extent: Extent): Promise<CommandsRow[]> =>
  inTemporary(async (directory) => {
    const app = await startApplication(new Date(startAt).toISOString());
    const [village] = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 });
    const office = { app, village: village?.code ?? '', made: 0 };
    const floor = openFloor(directory);
    const rows: CommandsRow[] = [];
    for (const concurrency of [1, 16, 64]) {
      telling(`Commands through the whole application, ${concurrency} at once`);
      const count = (extent === 'quick' ? 400 : 1500) * (concurrency === 1 ? 1 : 3);
      rows.push(...(await compare(office, floor.write, concurrency, count, extent === 'quick' ? 2 : 5)));
    }
    floor.close();
    await app.stop();
    return rows;
  });

/** The rows as Markdown. */
export const commandsTable = (rows: readonly CommandsRow[]): string =>
  table(
    ['commands', 'at once', 'a second', 'floor', 'share', 'processor time for one'],
    rows.map(({ kind, concurrency, commands, floor, cpu }) => [
      kind === 'submission' ? 'submission (2 durable appends)' : 'staff command (1 durable append)',
      String(concurrency),
      shown(commands),
      shown(floor),
      `${Math.round((commands / floor) * 100)} %`,
      `${shown(cpu)} µs`,
    ]),
  );
