import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/**
 * Bytes of the system's random generator for ids and initialisation vectors, drawn many at a time; none is handed out
 * twice, and none stays behind. Keys are drawn by themselves.
 */
export const pooledRandom = (length: number): Buffer => {
  if (length > pool.length) return randomFillSync(Buffer.alloc(length));
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
};
