import { afterAll, describe, expect, it, vi } from 'vitest';
import { type ScanStore, StoreUnavailable } from '#application/ports.ts';
import { openMongoScanStore } from '#infrastructure/mongoDb/scanStore.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { scanStoreContract } from './scanStore.contract.ts';

// FerretDB has no real indexes: with other tests beside it, it takes its time.
vi.setConfig({ testTimeout: 60_000 });

const server = await mongoServer();
const url = server?.url ?? '';
afterAll(() => server?.dispose());

if (server !== undefined) {
  scanStoreContract('MongoDB', async () => {
    const handles: ScanStore[] = [];
    const another = async () => {
      const scans = await openMongoScanStore({ url });
      handles.push(scans);
      return scans;
    };
    return {
      scans: await another(),
      another,
      dispose: async () => {
        await Promise.all(handles.map((scans) => scans.close()));
      },
    };
  });
}

describe('scans in MongoDB', () => {
  it('say that they cannot be reached where there is no server', async () => {
    const opening = openMongoScanStore({ url: 'mongodb://127.0.0.1:1/x', timeoutMs: 200 });
    await expect(opening).rejects.toThrow(StoreUnavailable);
  });
});
