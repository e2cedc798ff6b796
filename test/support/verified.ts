import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFindings } from '../../src/operations/findings.ts';
import { verifyWholeLog } from '../../src/operations/verifyWholeLog.ts';
import type { StorePlaces } from '../../src/stores.ts';

/** All that verify-log finds wrong in a log and its kept hashes. */
export const verified = async (places: StorePlaces, note?: string): Promise<readonly string[]> => {
  const findings = createFindings();
  const scratch = mkdtempSync(join(tmpdir(), 'verifying-'));
  try {
    await verifyWholeLog({ places, scratch, note }, { findings, onProgress: () => undefined });
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return findings.shown();
};
