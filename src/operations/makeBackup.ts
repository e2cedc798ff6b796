import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyDatabase, copyDurably, digestOf, inCopy, type Progress } from './copiedFiles.ts';
import { writeManifest } from './manifest.ts';
import { OperationError } from './program.ts';

/** What to copy, where to, and who is told of each file's progress. */
export type Backup = {
  directory: string;
  folder: string;
  /** The embedded stores among log, data keys and views; what lies on servers is backed up there. */
  stores: readonly ('events.sqlite' | 'scans.sqlite' | 'keys.sqlite' | 'views.sqlite')[];
  withKeys: boolean;
  madeAt: string;
  progressOf: (file: string) => Progress;
};

const keyFiles = ['master.key', 'lookup.key', 'certificate.jwk'];

/** Files below a folder of the data directory, as paths from that directory; folders in it are not entered. */
const filesIn = (directory: string, folder: string): readonly string[] =>
  existsSync(join(directory, folder))
    ? readdirSync(join(directory, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && /^[\w-][\w.-]*\.(json|key|jwk)$/.test(entry.name))
        .map(({ name }) => `${folder}/${name}`)
    : [];

const refuse = (chinese: string, english: string): never => {
  throw new OperationError(`${chinese} ${english}`);
};

/** What a platform that has just begun, or one of an older version, does not have. */
const mayLack: ReadonlySet<string> = new Set(['views.sqlite', 'scans.sqlite']);

const present = ({ directory, stores, withKeys }: Backup): void => {
  const needed = [...stores, ...(withKeys ? keyFiles.map((file) => `keys/${file}`) : [])];
  const missing = needed.find((file) => !mayLack.has(file) && !existsSync(join(directory, file)));
  if (missing !== undefined) refuse(`${directory} 里没有 ${missing}。`, `There is no ${missing} in ${directory}.`);
};

/** Views before the log, so that they never are ahead of it; scans and data keys after it, so that none of it lacks one. */
const order = ['views.sqlite', 'events.sqlite', 'scans.sqlite', 'keys.sqlite'] as const;

const copyInto = async (draft: string, { directory, stores, withKeys, progressOf }: Backup) => {
  const copied: string[] = [];
  for (const file of order.filter((one) => stores.includes(one) && existsSync(join(directory, one)))) {
    await copyDatabase(join(directory, file), join(draft, file), progressOf(file));
    copied.push(file);
  }
  const folders = ['holidays', ...(withKeys ? ['keys', 'keys/retired'] : [])];
  for (const file of folders.flatMap((folder) => filesIn(directory, folder))) {
    mkdirSync(join(draft, dirname(file)), { recursive: true, mode: 0o700 });
    await copyDurably(join(directory, file), join(draft, file));
    copied.push(file);
  }
  return copied;
};

const lastPositionIn = (file: string): number =>
  inCopy(file, (copy) => Number(copy.prepare('select max(position) as last from events').get()?.['last'] ?? 0));

/**
 * Copies the embedded stores of a running platform into a new folder, which appears whole or not at all. Throws
 * `OperationError` where the folder exists or a store is missing or damaged.
 */
export const makeBackup = async (backup: Backup): Promise<{ lastPosition: number | undefined; bytes: number }> => {
  const { folder, withKeys, madeAt } = backup;
  if (existsSync(folder)) refuse(`${folder} 已存在，请换一个新文件夹。`, `${folder} exists: name a new folder.`);
  present(backup);
  const draft = `${folder}.partial-${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    const copied = await copyInto(draft, backup);
    const lastPosition = copied.includes('events.sqlite') ? lastPositionIn(join(draft, 'events.sqlite')) : undefined;
    const files = [];
    for (const path of copied) files.push({ path, ...(await digestOf(join(draft, path))) });
    writeManifest(draft, { madeAt, ...(lastPosition === undefined ? {} : { lastPosition }), withKeys, files });
    renameSync(draft, folder);
    return { lastPosition, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};
