import type { Clock, Ids } from '#application/ports.ts';
import { pooledRandom } from './pooledRandom.ts';

/** UUIDv7 by a clock, its last byte zero: the events of one command number themselves in it. */
export const uuids = (clock: Clock, random: (length: number) => Uint8Array = pooledRandom): Ids => {
  return () => {
    const bytes = Buffer.from(random(16));
    bytes.writeUIntBE(clock(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    bytes[15] = 0;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
};
