import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The directory of the embedded stores cannot be written to; the message names it, says why, and what to do. */
class UnwritableFileError extends Error {
  override name = 'UnwritableFileError';
}

const probeBytes = 64 * 1024;

const reasons: Readonly<Record<string, readonly [chinese: string, english: string]>> = {
  EROFS: ['所在磁盘是只读的', 'its disk is mounted read-only'],
  EACCES: ['没有写入权限', 'this user may not write there'],
  EPERM: ['没有写入权限', 'this user may not write there'],
  ENOSPC: ['磁盘已满', 'the disk is full'],
  EDQUOT: ['磁盘配额已用完', 'the disk quota is used up'],
  ENOTDIR: ['它不是目录', 'it is not a directory'],
};

/** One level after the other, each for this user alone: of several levels at once the system does not tell what is in the way. */
const make = (directory: string): void => {
  if (existsSync(directory)) return;
  make(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (fault) {
    if ((fault as { code?: string }).code !== 'EEXIST') throw fault;
  }
};

/** Makes the directory where it is missing, and sees that there is room to begin in. Throws `UnwritableFileError`. */
export const requireWritable = (directory: string): void => {
  const probe = join(resolve(directory), `.room-${process.pid}`);
  try {
    make(dirname(probe));
    writeFileSync(probe, Buffer.alloc(probeBytes, 1), { flush: true });
  } catch (cause) {
    const { code = '', message } = cause as { code?: string; message: string };
    const [chinese, english] = reasons[code] ?? [message, message];
    throw new UnwritableFileError(
      `数据目录 ${directory} 不能写入：${chinese}。请处理后重新启动，或用 DATA_DIR 另选目录。\n` +
        `The data directory ${directory} cannot be written to: ${english}. Mend that and start again, or choose another with DATA_DIR.`,
      { cause },
    );
  } finally {
    try {
      rmSync(probe, { force: true });
    } catch {
      // On a disk that takes no write there is nothing to remove either.
    }
  }
};
