import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { stockContract } from './stock.contract.ts';

stockContract('the embedded store', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-'));
  const store = await openEventStore({ directory });
  return {
    store,
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
