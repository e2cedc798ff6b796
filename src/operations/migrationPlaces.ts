import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hasKeys } from '#infrastructure/sealing/keys.ts';
import type { StorePlaces } from '../stores.ts';
import { OperationError, UsageError } from './program.ts';

/** One side of a migration: where its log is, and where its data keys are, if that was told. */
export type Side = { log: StorePlaces; keys: StorePlaces | undefined; directory: string | undefined };

const isLogUrl = (place: string): boolean => /^esdb(\+discover)?:\/\//.test(place);
const isKeysUrl = (place: string): boolean => /^mongodb(\+srv)?:\/\//.test(place);

/** Reads the places of one side: a directory holds both, `esdb://` the log, `mongodb://` the data keys. Throws `UsageError`. */
export const sideOf = (name: string, places: readonly string[]): Side => {
  const logUrl = places.find(isLogUrl);
  const keysUrl = places.find(isKeysUrl);
  const directories = places.filter((place) => !isLogUrl(place) && !isKeysUrl(place));
  const [first] = directories;
  const directory = first === undefined ? undefined : resolve(first);
  const known = directories.length + (logUrl === undefined ? 0 : 1) + (keysUrl === undefined ? 0 : 1);
  if (known !== places.length || directories.length > 1 || (logUrl ?? directory) === undefined) {
    throw new UsageError(
      `${name} 应为一个目录或 esdb:// 地址，另可加一个 mongodb:// 地址。\n` +
        `${name} takes a directory or an esdb:// address, and besides at most one mongodb:// address.`,
    );
  }
  const embedded = directory ?? '';
  return {
    log: { directory: embedded, eventStoreUrl: logUrl },
    keys: (keysUrl ?? directory) === undefined ? undefined : { directory: embedded, viewStoreUrl: keysUrl },
    directory,
  };
};

const samePlace = (one: StorePlaces, other: StorePlaces, url: 'eventStoreUrl' | 'viewStoreUrl'): boolean =>
  one[url] === other[url] && (one[url] !== undefined || one.directory === other.directory);

/** Whether both sides keep their data keys in one place, so that none has to move. */
export const shareKeys = ({ keys: from }: Side, { keys: to }: Side): boolean =>
  from !== undefined && to !== undefined && samePlace(from, to, 'viewStoreUrl');

/** Refuses what could only go wrong: a log onto itself, keys from nowhere, two platforms with keys of their own. */
export const requireSensible = (from: Side, to: Side): void => {
  if (samePlace(from.log, to.log, 'eventStoreUrl')) {
    throw new UsageError('--from 和 --to 是同一个事件库。 --from and --to name the same log.');
  }
  if (to.keys !== undefined && from.keys === undefined) {
    throw new UsageError(
      '请再用一个 --from 说明数据密钥在哪里（目录或 mongodb://）。\n' +
        'Say with one more --from where the data keys are: a directory or mongodb://.',
    );
  }
  const directories = [from.directory, to.directory].filter((one) => one !== undefined && hasKeys(one));
  const different = ['master.key', 'lookup.key'].some(
    (file) => new Set(directories.map((one) => readFileSync(join(one ?? '', 'keys', file), 'hex'))).size > 1,
  );
  if (!different) return;
  throw new OperationError(
    '两个目录的 keys/ 不同，不属于同一个平台。 The keys/ of the two directories differ: they are not of one platform.',
  );
};
