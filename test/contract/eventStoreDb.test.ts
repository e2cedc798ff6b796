import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { eventStoreContract, type OpenedEventStore } from './eventStore.contract.ts';
import { reservationContract } from './reservation.contract.ts';
import { stockContract } from './stock.contract.ts';

// With EVENT_STORE_URL the same contracts run against that server, whatever its log holds already.
const realServer = process.env['EVENT_STORE_URL'];
const name = realServer === undefined ? 'EventStoreDB, its stand-in' : 'EventStoreDB';

const open = async (): Promise<OpenedEventStore> => {
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
};

eventStoreContract(name, open);
reservationContract(name, open);
stockContract(name, open);
