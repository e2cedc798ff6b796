import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { accessRecords, applicantFrom } from '#application/access.ts';
import type { Staff } from '#application/actor.ts';
import { viewProgress } from '#application/awaitViews.ts';
import type { DocumentRenderer } from '#application/documents.ts';
import { type KeptTree, keepTree } from '#application/log/keepTree.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import type { PopulationAnswer, PopulationSystem } from '#application/population.ts';
import { ordinaryCarriedOut } from '#application/reactions/carryOutOrdinary.ts';
import { destroyDataKey } from '#application/reactions/destroyDataKey.ts';
import { endSessions } from '#application/reactions/endSessions.ts';
import { followMerger } from '#application/reactions/followMerger.ts';
import { issueCertificate } from '#application/reactions/issueCertificate.ts';
import { arrivalsTakenIn } from '#application/reactions/takeInArrivals.ts';
import { runProjections } from '#application/runProjections.ts';
import { runReactions } from '#application/runReactions.ts';
import { createServices, type Services } from '#application/services.ts';
import type { SignInMeans } from '#application/signInMeans.ts';
import type { StaffDirectory } from '#application/staff.ts';
import { upcast } from '#application/upcast.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import type { IdentityOutcome } from '#domain/account/events.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { signInMeans } from '#infrastructure/signInMeans.ts';
import { projections } from '#projections/index.ts';
import type { DemoOrganisation } from '../../src/demo/organisations.ts';
import { seedOrganisations } from '../../src/demo/seedOrganisations.ts';
import { platformDeps } from '../../src/platform.ts';
import { openStores, type Stores } from '../../src/stores.ts';
import { demoOffices } from './offices.ts';

const unhurried = (ms: number) => wait(ms, undefined, { ref: false });
const silent = { warn: () => undefined, error: () => undefined };

/** Staff of an office with the authorisations of a registering operator. */
export const operator = (office: string, account = `czy-${office}`): Staff => ({
  account,
  name: account,
  role: 'operator',
  office,
  authorisations: ['review', 'register'] satisfies Authorisation[],
  verified: true,
  person: `person of ${account}`,
});

/** The couple at home, and staff who say why they look. */
export const couple = applicantFrom(undefined);
export const asked = (staff: Staff): Staff => ({ ...staff, stated: { code: 'supervision', text: '' } });

/** A directory without anyone in it. */
export const noStaff: StaffDirectory = {
  find: async () => undefined,
  account: async () => undefined,
  identify: async (typed) => typed,
  nameOf: async (account) => account,
  verify: async () => false,
};

/** Signing in at the address that tests name; a second factor is asked of those who have one. */
export const testSignIn = (): SignInMeans =>
  signInMeans({ siteUrl: () => 'http://localhost:8081', secondFactor: 'nobody' });

const documents: DocumentRenderer = {
  pdf: async () => ({ outcome: 'rendered', bytes: new Uint8Array([37, 80, 68, 70]), sha256: '00' }),
  canPrint: () => true,
  close: async () => undefined,
};

/** A population system that answers what the test says. */
export const scripted = (answer: () => PopulationAnswer): PopulationSystem => ({ lookUp: async () => answer() });

export type Running = {
  services: Services;
  stores: Stores;
  directory: string;
  clock: { now: number };
  population: { answer: PopulationAnswer };
  identity: { outcome: IdentityOutcome | 'malformed' };
  tree: KeptTree;
  stop: () => Promise<void>;
};

/**
 * The whole application over embedded stores in a folder of its own, its clock in the test's hand; over the demo's offices in
 * memory, or over organisations that it establishes.
 */
export const startApplication = async (
  startAt = '2026-11-24T02:00:00Z',
  establishing: readonly DemoOrganisation[] = [],
): Promise<Running> => {
  const directory = mkdtempSync(join(tmpdir(), 'registration-'));
  const stores = await openStores({ directory });
  const clock = { now: Date.parse(startAt) };
  const population: { answer: PopulationAnswer } = { answer: { outcome: 'absent' } };
  const identity: { outcome: IdentityOutcome | 'malformed' } = { outcome: 'matches' };
  const progress = viewProgress(unhurried, 5000);
  const established = await openOfficeDirectory({ viewStore: stores.viewStore, wait: unhurried });
  const divisions = loadDivisions(established);
  const deps = await platformDeps(stores, {
    dataDir: directory,
    divisions,
    offices: establishing.length > 0 ? established : demoOffices(divisions),
    clock: () => clock.now,
    staff: noStaff,
    signIn: testSignIn(),
    documents,
    population: scripted(() => population.answer),
    identity: { check: async () => identity.outcome },
    publicUrl: 'https://registration.test',
    demo: true,
    awaitViews: progress.until,
  });
  const { eventStore, viewStore } = stores;
  const running = { eventStore, viewStore, upcast, wait: (ms: number) => wait(ms), log: silent };
  const tree = keepTree(stores);
  const views = runProjections({ ...running, projections, beside: [tree.follower], onProgress: progress.moved });
  const reactions = runReactions({
    ...running,
    reactions: [
      issueCertificate(deps),
      destroyDataKey(deps),
      endSessions(deps, accessRecords(deps)),
      followMerger(deps),
      arrivalsTakenIn(deps),
      ordinaryCarriedOut(deps),
    ],
  });
  if (establishing.length > 0) await seedOrganisations(deps, establishing);
  const stop = async () => {
    established.stop();
    await reactions.stop();
    await views.stop();
    await stores.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { services: createServices(deps), stores, directory, clock, population, identity, tree, stop };
};
