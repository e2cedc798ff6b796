import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { handleCommand } from '#application/handleCommand.ts';
import type { Hashed } from '#application/log/canonical.ts';
import type { Json } from '#application/ports.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { makeBackup } from '../../src/operations/makeBackup.ts';
import { type Running, startApplication } from './application.ts';
import { checkpointed } from './checkpoints.ts';
import { commands } from './registrations.ts';

/** Registrations that are submitted, taken and amended: three events or more each, in turn. */
const happened = async (app: Running, count: number): Promise<readonly string[]> => {
  const { deps } = app.services;
  const ids = Array.from({ length: count }, () => deps.ids());
  for (const command of [commands.Submit, { type: 'ReceiveTask', handler: 'czy' } as const, commands.Amend]) {
    for (const id of ids) {
      app.clock.now += 1000;
      const act = { commandId: deps.ids(), actor: { kind: 'applicant' } as const };
      await handleCommand(deps, registrationDecider, id, command, act);
    }
  }
  return ids;
};

/** A platform that signed two checkpoints and was stopped, as a folder to make copies of. */
export const openScene = async () => {
  const app = await startApplication();
  const folder = mkdtempSync(join(tmpdir(), 'scene-'));
  for (const count of [4, 3]) {
    await happened(app, count);
    await checkpointed(app);
  }
  await happened(app, 2);
  await app.services.deps.awaitViews(['registration'], await app.services.deps.eventStore.lastPosition());
  const base = join(folder, 'base');
  await copyOf(app, base);
  await app.stop();
  let copies = 0;
  return {
    /** A copy to do harm to. */
    copy: (): string => {
      copies += 1;
      const copy = join(folder, `copy-${copies}`);
      cpSync(base, copy, { recursive: true });
      return copy;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};

/** Copies everything that a running platform keeps. */
const copyOf = (app: Running, folder: string) =>
  makeBackup({
    directory: app.directory,
    folder,
    stores: ['events.sqlite', 'keys.sqlite', 'views.sqlite'],
    withKeys: true,
    madeAt: '2026-11-24T02:00:00.000Z',
    progressOf: () => () => undefined,
  });

/** An event as its row in the file holds it. */
export type StoredEvent = Hashed & { position: number };

/** Opens a store of a folder to do harm to its rows. */
export const inFile = <T>(directory: string, file: string, harm: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(join(directory, file));
  try {
    return harm(database);
  } finally {
    database.close();
  }
};

const idOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-').toLowerCase();

/** Every event of a log's file. */
export const storedEvents = (directory: string): readonly StoredEvent[] =>
  inFile(directory, 'events.sqlite', (database) =>
    database
      .prepare(
        'select position, s.name as stream, version as revision, hex(event_id) as id, type, data, meta from events e join streams s on s.id = e.stream order by position',
      )
      .all()
      .map((row) => ({
        position: Number(row['position']),
        stream: String(row['stream']),
        revision: Number(row['revision']),
        id: idOf(String(row['id'])),
        type: String(row['type']),
        data: JSON.parse(String(row['data'])) as Json,
        meta: JSON.parse(String(row['meta'])) as Json,
      })),
  );

/** How findings name an event. */
export const named = ({ position, stream, revision, type }: StoredEvent): string =>
  `${position} (${stream} @${revision}, ${type})`;

/** What an event says, with members of its data or meta changed, written over its row. */
export const rewrite = (directory: string, event: StoredEvent, change: { data?: Json; meta?: Json }): void =>
  inFile(directory, 'events.sqlite', (database) => {
    const { data = {}, meta = {} } = change;
    database
      .prepare('update events set data = ?, meta = ? where position = ?')
      .run(JSON.stringify({ ...event.data, ...data }), JSON.stringify({ ...event.meta, ...meta }), event.position);
  });
