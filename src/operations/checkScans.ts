import { createHash } from 'node:crypto';
import type { OpenedEvent } from '#application/eventCodec.ts';
import { type ScanStore, StoreUnavailable } from '#application/ports.ts';
import { scanContext } from '#application/scans.ts';
import type { Sealing } from '#application/sealing.ts';
import type { ScanAttached, ScanRemoved } from '#domain/registration/events.ts';
import type { Checking, Findings } from './findings.ts';

/** A scan that has to be there: in which stream it was attached, and the hash of its sealed bytes. */
type Expected = { stream: string; sha256: string };

/** Scans as the log tells of them, noted event by event. */
export const expectedScans = () => {
  const expected = new Map<string, Expected>();
  return {
    note: (stream: string, { type, data }: OpenedEvent): void => {
      if (type === 'ScanAttached') {
        const { scan, sha256 } = data as ScanAttached['data'];
        expected.set(scan, { stream, sha256 });
      }
      if (type === 'ScanRemoved') expected.delete((data as ScanRemoved['data']).scan);
      if (type !== 'RegistrationErased') return;
      for (const [scan, one] of expected) if (one.stream === stream) expected.delete(scan);
    },
    all: (): ReadonlyMap<string, Expected> => expected,
  };
};

type Kept = { scans: ScanStore; sealing: Sealing };

const checkOne = async ({ scans, sealing }: Kept, scan: string, { stream, sha256 }: Expected, findings: Findings) => {
  const sealed = await scans.get(scan);
  if (sealed === undefined) {
    return findings.add(`缺少 ${stream} 的扫描件 ${scan}。`, `Scan ${scan} of ${stream} is missing.`);
  }
  if (createHash('sha256').update(sealed).digest('hex') !== sha256) {
    return findings.add(
      `${stream} 的扫描件 ${scan} 已改变。`,
      `Scan ${scan} of ${stream} is not the one that was attached.`,
    );
  }
  try {
    await sealing.openBytes(sealed, scanContext(scan));
  } catch (fault) {
    if (fault instanceof StoreUnavailable) throw fault;
    findings.add(
      `${stream} 的扫描件 ${scan} 打不开。`,
      `Scan ${scan} of ${stream} does not open: ${(fault as Error).message}`,
    );
  }
};

/** That every attached scan is there, is the one that was attached, and opens; how many, and how many no event tells of. */
export const checkScans = async (
  kept: Kept,
  expected: ReadonlyMap<string, Expected>,
  { findings, onProgress }: Checking,
): Promise<{ attached: number; unattached: number }> => {
  let done = 0;
  for (const [scan, one] of expected) {
    await checkOne(kept, scan, one, findings);
    done += 1;
    onProgress(done, expected.size);
  }
  let unattached = 0;
  for (let ids = await kept.scans.list('', 1000); ids.length > 0; ids = await kept.scans.list(ids.at(-1) ?? '', 1000)) {
    unattached += ids.filter((id) => !expected.has(id)).length;
  }
  return { attached: expected.size, unattached };
};
