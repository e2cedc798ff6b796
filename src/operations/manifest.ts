import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOf, type Progress } from './copiedFiles.ts';
import { OperationError } from './program.ts';

/** Written last: a folder without it is no whole backup. */
const manifestFile = 'manifest.json';

// Nothing but these names is ever written below the data directory.
const path = z.string().regex(/^((events|scans|keys|views)\.sqlite|(keys|keys\/retired|holidays)\/[\w-][\w.-]*)$/);

const schema = z.strictObject({
  form: z.literal('birth-registration backup 1'),
  madeAt: z.iso.datetime(),
  /** Position of the last event in the copy of the log; absent where the log is on a server. */
  lastPosition: z.int().min(0).optional(),
  withKeys: z.boolean(),
  files: z.array(z.strictObject({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
});

/** What a backup holds: sizes, SHA-256 and the last position. */
export type Manifest = z.infer<typeof schema>;

/** Writes the manifest of a folder. */
export const writeManifest = (folder: string, manifest: Omit<Manifest, 'form'>): void => {
  const text = JSON.stringify({ form: 'birth-registration backup 1', ...manifest }, null, 2);
  writeFileSync(join(folder, manifestFile), `${text}\n`, { flush: true, flag: 'wx', mode: 0o600 });
};

/** Reads the manifest of a folder. Throws `OperationError` where there is none that can be used. */
export const readManifest = (folder: string): Manifest => {
  const file = join(folder, manifestFile);
  if (!existsSync(file)) {
    throw new OperationError(
      `${folder} 里没有 ${manifestFile}，不是完整的备份。 ${folder} has no ${manifestFile}: it is no whole backup.`,
    );
  }
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new OperationError(`${file} 无法识别。 ${file} is not the manifest of a backup.`, { cause });
  }
};

/** Compares every file of a backup with its manifest. Throws `OperationError` naming the first that differs. */
export const verifyFiles = async (folder: string, { files }: Manifest, onProgress: Progress): Promise<void> => {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, bytes, sha256 } of files) {
    const file = join(folder, path);
    if (!existsSync(file)) throw new OperationError(`缺少 ${file}。 ${file} is missing.`);
    const found = await digestOf(file);
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw new OperationError(
        `${file} 与备份清单不符（应为 ${bytes} 字节，实为 ${found.bytes}），什么也没有恢复。\n` +
          `${file} differs from the manifest (${bytes} bytes expected, ${found.bytes} found): nothing was restored.`,
      );
    }
    done += bytes;
    onProgress(done, total);
  }
};
