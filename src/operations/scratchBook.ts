import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// One transaction that nobody will ever commit: the book ends with the walk.
const schema = `
  pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;
  create table streams (name text primary key, revision integer not null) strict, without rowid;
  create table codes (code text primary key, registration text not null) strict, without rowid;
  create table holders (couple text primary key, registration text not null) strict, without rowid;
  create table registrations (id text primary key, couple text not null, live integer not null) strict, without rowid;
  create index live_couples on registrations (couple) where live = 1;
  begin exclusive;
`;

const sql = {
  next: `insert into streams (name, revision) values (?, ?)
    on conflict do update set revision = excluded.revision returning revision`,
  revision: 'select revision from streams where name = ?',
  code: 'insert into codes (code, registration) values (?, ?) on conflict do nothing',
  codeOf: 'select registration from codes where code = ?',
  hold: 'insert into holders (couple, registration) values (?, ?) on conflict do update set registration = excluded.registration',
  begin: 'insert or replace into registrations (id, couple, live) values (?, ?, 1)',
  end: 'update registrations set live = 0 where id = ?',
  doubled: `select couple, group_concat(id, ', ') as ids from registrations where live = 1
    group by couple having count(*) > 1 limit 20`,
  unheld: `select r.id, h.registration as holder from registrations r left join holders h on h.couple = r.couple
    where live = 1 and h.registration is not r.id limit 20`,
  streams: 'select count(*) as n from streams',
};

/** What is remembered of a log while it is walked through, on disk: a log of any length needs little memory. */
export const openScratchBook = (directory: string) => {
  const database = new DatabaseSync(join(directory, 'book.sqlite'));
  database.exec(schema);
  const prepared = <K extends keyof typeof sql>(name: K) => database.prepare(sql[name]);
  const [next, revision, code, codeOf, hold, begin, end] = [
    prepared('next'),
    prepared('revision'),
    prepared('code'),
    prepared('codeOf'),
    prepared('hold'),
    prepared('begin'),
    prepared('end'),
  ];
  return {
    /** Notes the revision of a stream's next event; the one before, -1 for none. */
    advance: (stream: string, to: number): number => {
      const before = Number(revision.get(stream)?.['revision'] ?? -1);
      next.get(stream, to);
      return before;
    },
    /** Gives a query code to a registration; the one that already has it, if another does. */
    giveCode: (given: string, registration: string): string | undefined => {
      if (Number(code.run(given, registration).changes) === 1) return undefined;
      const holder = String(codeOf.get(given)?.['registration']);
      return holder === registration ? undefined : holder;
    },
    hold: (couple: string, registration: string): void => void hold.run(couple, registration),
    begin: (id: string, couple: string): void => void begin.run(id, couple),
    end: (id: string): void => void end.run(id),
    /** Couples with several live registrations, and live registrations that their couple is not held by (R9). */
    doubled: () => prepared('doubled').all() as { couple: string; ids: string }[],
    unheld: () => prepared('unheld').all() as { id: string; holder: string | null }[],
    streams: (): number => Number(prepared('streams').get()?.['n']),
    close: (): void => database.close(),
  };
};

export type ScratchBook = ReturnType<typeof openScratchBook>;
