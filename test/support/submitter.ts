import type { Deps } from '#application/deps.ts';
import type { Clock, EventStore } from '#application/ports.ts';
import { createServices, type Services } from '#application/services.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { platformDeps } from '../../src/platform.ts';
import { openStores, type Stores } from '../../src/stores.ts';
import { noStaff, scripted, testSignIn } from './application.ts';
import { demoOffices } from './offices.ts';

/** What couples submit through, over a log of the test's choosing; views stay empty. */
export type Submitter = {
  services: Services;
  log: EventStore;
  /** The same with other parts, such as a log that fails. */
  over: (differing: Partial<Deps>) => Services;
  close: () => Promise<void>;
};

/** What commands need over opened stores, with the demo's offices in memory and nobody to wait for views. */
export const commandDeps = (stores: Stores, dataDir: string, clock: Clock): Promise<Deps> => {
  const divisions = loadDivisions();
  return platformDeps(stores, {
    dataDir,
    divisions,
    offices: demoOffices(divisions),
    clock,
    staff: noStaff,
    signIn: testSignIn(),
    documents: {
      pdf: async () => ({ outcome: 'unavailable', reason: 'noBrowser' }),
      canPrint: () => true,
      close: async () => undefined,
    },
    population: scripted(() => ({ outcome: 'absent' })),
    identity: { check: async () => 'matches' },
    publicUrl: 'https://registration.test',
    demo: true,
    awaitViews: async () => true,
  });
};

/** Opens the commands over the stores of a directory, the clock standing; `eventStore` instead of the embedded log. */
export const openSubmitter = async (directory: string, eventStore?: EventStore): Promise<Submitter> => {
  const stores = await openStores({ directory });
  const log = eventStore ?? stores.eventStore;
  const standing = () => Date.parse('2026-11-24T02:00:00Z');
  const deps = await commandDeps({ ...stores, eventStore: log }, directory, standing);
  const over: Submitter['over'] = (differing) => createServices({ ...deps, ...differing });
  return { services: over({}), log, over, close: stores.close };
};
