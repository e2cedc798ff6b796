import type { ScanMediaType } from '#domain/registration/scans.ts';

/** Why a file is no scan: of another kind, damaged or not what it says, with a script or the like in it, too large. */
export const scanRefusals = ['kind', 'unreadable', 'active', 'dimensions', 'tooLarge', 'empty'] as const;
export type ScanRefusal = (typeof scanRefusals)[number];

/** Tells by its bytes what a file is; what comes back is what may be kept: pictures without their hidden parts. */
export type ReadScan = (
  bytes: Uint8Array,
) => { outcome: 'read'; mediaType: ScanMediaType; bytes: Uint8Array } | { outcome: 'refused'; reason: ScanRefusal };
