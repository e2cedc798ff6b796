import type { Decider, Kind } from '#domain/decider.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { ScanAttached, ScanRemoved } from '#domain/registration/events.ts';

/** Every event by which scans come and go. */
type ScanSample = ScanAttached | ScanRemoved;

const stream = 'registration-019f0000-0000-7000-8000-000000000100';
const office = '520111004';
const scan = '019f0000-0000-7000-8000-000000000500';

/** One event of each of these types: what new golden files are made of. */
export const scanSamples: {
  readonly [T in ScanSample['type']]: { stream: string; data: Extract<ScanSample, { type: T }>['data'] };
} = {
  ScanAttached: {
    stream,
    data: {
      office,
      scan,
      document: 'marriageCertificate',
      mediaType: 'image/jpeg',
      size: 240_123,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      personal: { fileName: '王芳结婚证.jpg' },
    },
  },
  ScanRemoved: { stream, data: { office, scan, personal: { reason: '拍成了别人的结婚证，不是王芳的。' } } },
};

const decider = registrationDecider as unknown as Decider<Kind>;

/** What folding them makes. */
export const scanFolds = {
  ScanAttached: { decider, after: 'Submitted', into: { scans: [{ scan, document: 'marriageCertificate' }] } },
  ScanRemoved: { decider, after: ['Submitted', 'ScanAttached'], into: { scans: [] } },
} as const;
