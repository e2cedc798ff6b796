import type { Clock, Ids } from '#application/ports.ts';
import { uuidV7 } from '#application/uuidV7.ts';
import { pooledRandom } from './pooledRandom.ts';

/** UUIDv7 by a clock, its last byte zero: the events of one command number themselves in it. */
export const uuids =
  (clock: Clock, random: (length: number) => Uint8Array = pooledRandom): Ids =>
  () =>
    uuidV7(Buffer.from(random(16)), clock());
