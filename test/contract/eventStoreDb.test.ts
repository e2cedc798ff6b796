import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { eventStoreContract } from './eventStore.contract.ts';

const realServer = process.env['EVENT_STORE_URL'];

eventStoreContract(realServer === undefined ? 'EventStoreDB, its stand-in' : 'EventStoreDB', async () => {
  const server = realServer === undefined ? await startEventStoreDbServer() : undefined;
  const url = realServer ?? server?.url ?? '';
  let store = await openEventStoreDb({ url });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openEventStoreDb({ url });
      return store;
    },
    dispose: async () => {
      await store.close();
      await server?.close();
    },
  };
});
