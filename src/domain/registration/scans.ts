import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import { isTelling } from './documents.ts';
import type { ScanAttached } from './events.ts';
import type { MadeRegistration } from './state.ts';

/** What kinds of files scans are. */
export const scanMediaTypes = ['image/jpeg', 'image/png', 'application/pdf'] as const;
export type ScanMediaType = (typeof scanMediaTypes)[number];

/** How many scans a registration takes, how large each may be as sent, and all of them together, in bytes. */
export const scanLimits = { count: 12, bytes: 5 * 1024 * 1024, together: 30 * 1024 * 1024 } as const;

/** A scan of a registration, as its events tell. */
export type AttachedScan = Omit<ScanAttached['data'], 'office'>;

type Outcome = Decision<RegistrationKind>;

/** Attached to a registration, while there is room (R8). */
export const attachScan = (scan: AttachedScan, { office, scans }: MadeRegistration): Outcome => {
  const size = scans.reduce((sum, one) => sum + one.size, scan.size);
  if (scans.length >= scanLimits.count || size > scanLimits.together) return rejected({ type: 'scansFull' });
  return accepted({ type: 'ScanAttached', data: { office, ...scan } });
};

/** Taken away again, with a reason: its bytes are deleted, the fact stays (R8). */
export const removeScan = (
  { scan, reason }: { scan: string; reason: string },
  { office, scans }: MadeRegistration,
): Outcome => {
  if (!scans.some((one) => one.scan === scan)) return rejected({ type: 'scanAbsent' });
  if (!isTelling(reason)) return rejected({ type: 'unreasoned' });
  return accepted({ type: 'ScanRemoved', data: { office, scan, personal: { reason: reason.trim() } } });
};
