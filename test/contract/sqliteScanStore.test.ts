import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ScanStore } from '#application/ports.ts';
import { openScanStore } from '#infrastructure/sqlite/scanStore.ts';
import { scanStoreContract } from './scanStore.contract.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'scans-'));

scanStoreContract('the embedded store', async () => {
  const directory = temporary();
  const handles: ScanStore[] = [];
  const another = async () => {
    const scans = await openScanStore({ directory });
    handles.push(scans);
    return scans;
  };
  return {
    scans: await another(),
    another,
    dispose: async () => {
      await Promise.all(handles.map((scans) => scans.close()));
      rmSync(directory, { recursive: true });
    },
  };
});

it('keeps scans in a file for this user alone', async () => {
  const directory = temporary();
  const scans = await openScanStore({ directory });
  await scans.put('a', Buffer.from('b'));
  expect(statSync(join(directory, 'scans.sqlite')).mode & 0o777).toBe(0o600);
  await scans.close();
  rmSync(directory, { recursive: true });
});
