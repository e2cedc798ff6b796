import { createSecretKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openKey } from '#infrastructure/sealing/wrappedKeys.ts';
import { copyDurably, inCopy, type Progress } from './copiedFiles.ts';
import { type Manifest, readManifest, verifyFiles } from './manifest.ts';
import { OperationError } from './program.ts';

/** A backup, the data directory that it goes to, and who is told of the progress. */
export type Restoring = { folder: string; directory: string; progressOf: (what: string) => Progress };

/** Throws unless nothing but perhaps `keys/` lies there: a restore never mixes with other data. */
const requireEmpty = (directory: string): void => {
  const found = existsSync(directory) ? readdirSync(directory).filter((name) => name !== 'keys') : [];
  if (found.length === 0) return;
  throw new OperationError(
    `${directory} 不是空的（${found.slice(0, 5).join('、')}），请先移走，或用 DATA_DIR 另指定一个。\n` +
      `${directory} is not empty (${found.slice(0, 5).join(', ')}): move that away, or name another DATA_DIR.`,
  );
};

/** Where the keys of this backup are: in it, or put into the data directory by hand. Throws where they are not in one of the two. */
const keysFolder = ({ folder, directory }: Restoring, { withKeys }: Manifest): string => {
  const placed = existsSync(join(directory, 'keys'));
  if (placed && withKeys) {
    throw new OperationError(
      `备份和 ${directory} 里都有 keys/，请移走一个。 Both the backup and ${directory} have keys/: move one away.`,
    );
  }
  const keys = join(withKeys ? folder : directory, 'keys');
  const missing = ['master.key', 'lookup.key', 'certificate.jwk'].find((file) => !existsSync(join(keys, file)));
  if (missing === undefined) return keys;
  throw new OperationError(
    `备份里没有密钥：请先把另行存放的 keys/ 放进 ${directory}（缺少 ${missing}）。\n` +
      `The backup holds no keys: first put the keys/ that you keep elsewhere into ${directory} (${missing} is missing).`,
  );
};

/** Throws `SealBroken` where the master key is not the one that wrapped the data keys of the backup. */
const requireMatch = (keys: string, keyring: string): void => {
  if (!existsSync(keyring)) return;
  const first = inCopy(keyring, (copy) =>
    copy.prepare(`select id, wrapped from data_keys where wrapped <> '' limit 1`).get(),
  );
  const master = createSecretKey(readFileSync(join(keys, 'master.key')));
  if (first !== undefined) openKey(master, first as { id: string; wrapped: string }, keyring);
};

/** The log comes last and under its own name only once it is whole: a half restored directory starts no platform. */
const copyAll = async ({ folder, directory }: Restoring, files: readonly string[], onProgress: Progress) => {
  const log = 'events.sqlite';
  const inOrder = [...files.filter((file) => file !== log), ...files.filter((file) => file === log)];
  for (const [n, file] of inOrder.entries()) {
    const to = join(directory, file);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    await copyDurably(join(folder, file), `${to}.part`);
    renameSync(`${to}.part`, to);
    onProgress(n + 1, inOrder.length);
  }
};

/**
 * Verifies a backup by its manifest and copies it into an empty data directory; whatever fails, the directory is left as
 * it was. Throws `OperationError`, and `SealBroken` where keys and data keys do not belong together.
 */
export const restoreBackup = async (restoring: Restoring): Promise<Manifest> => {
  const { folder, directory, progressOf } = restoring;
  const manifest = readManifest(folder);
  requireEmpty(directory);
  const keys = keysFolder(restoring, manifest);
  await verifyFiles(folder, manifest, progressOf('verify'));
  requireMatch(keys, join(folder, 'keys.sqlite'));
  const files = manifest.files.map(({ path }) => path);
  try {
    await copyAll(restoring, files, progressOf('restore'));
  } catch (fault) {
    const made = [
      ...files.flatMap((file) => [file, `${file}.part`]),
      'holidays',
      ...(manifest.withKeys ? ['keys'] : []),
    ];
    for (const one of made) rmSync(join(directory, one), { recursive: true, force: true });
    throw fault;
  }
  return manifest;
};
