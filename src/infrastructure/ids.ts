import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from '#application/ports.ts';

/** UUIDv7 by a clock, its last byte zero: the events of one command number themselves in it. */
export const uuids = (clock: Clock, random: (length: number) => Uint8Array = randomBytes): Ids => {
  return () => {
    const bytes = Buffer.from(random(16));
    bytes.writeUIntBE(clock(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    bytes[15] = 0;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
};
