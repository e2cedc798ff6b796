import type { Sealing } from './sealing.ts';
import { uuidV7 } from './uuidV7.ts';

/** The same id whenever something is done for the same reason, such as an event that is followed again. */
export const derivedId = (sealing: Sealing, act: string, of: string): string =>
  uuidV7(Buffer.from(sealing.lookupKey(act, of), 'base64url').subarray(0, 16));
