import { type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DataKeys } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { KeyFileError, keyLength, nextMasterFile, secretKey } from './keys.ts';
import { destroyed, masterProof, wrapKey } from './wrappedKeys.ts';

const filesOf = (directory: string) => ({
  folder: join(directory, 'keys'),
  present: join(directory, 'keys', 'master.key'),
  next: join(directory, 'keys', nextMasterFile),
});

/** The master key in force and the one that shall take its place. */
export type MasterKeys = { present: KeyObject; next: KeyObject };

/** Begins to replace a master key, or goes on with what was begun: until the end, no platform starts with these keys. */
export const beginRotation = (directory: string): MasterKeys => {
  const { present, next } = filesOf(directory);
  if (!existsSync(present)) throw new KeyFileError(`${present} is missing; restore it from your backup.`);
  return { present: secretKey(present), next: secretKey(next) };
};

/** Lets the next master key take the place of the present one, whose bytes are written over first. */
export const endRotation = (directory: string): void => {
  const { folder, present, next } = filesOf(directory);
  const file = openSync(present, 'r+');
  try {
    writeSync(file, randomBytes(keyLength), 0, keyLength, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, present);
  // The name is durable once its folder is; where folders cannot be opened (Windows), the file system sees to it.
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
};

const firstLiving = 50;

/**
 * Sees that data keys are wrapped by this master key and by no other, before anything is read or made with it. Throws
 * `KeyFileError`.
 */
export const requireMaster = async (dataKeys: DataKeys, master: KeyObject): Promise<void> => {
  try {
    if ((await dataKeys.find(masterProof)) !== undefined) return;
    // Keys from before there was a proof: any of them proves as much.
    const living = (await dataKeys.kept('', firstLiving)).find(({ wrapped }) => wrapped !== destroyed);
    if (living !== undefined) await dataKeys.find(living.id);
    await dataKeys.keep([wrapKey(master, masterProof, randomBytes(keyLength))]);
    await dataKeys.find(masterProof);
  } catch (cause) {
    if (!(cause instanceof SealBroken)) throw cause;
    throw new KeyFileError(
      '数据密钥不是用这里的 keys/master.key 封装的：换过主密钥的，请把新的 keys/master.key 复制到每个实例；恢复旧数据的，请放回与它同时的 keys/。\n' +
        'The data keys were not wrapped by the keys/master.key that stands here. After a rotation, copy the new keys/master.key to ' +
        'every instance; with restored data, put back the keys/ of the same time.',
      { cause },
    );
  }
};
