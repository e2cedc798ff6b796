import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuildView } from '#application/rebuildView.ts';
import { inboxStatuses } from '#application/staffQueries.ts';
import { upcast } from '#application/upcast.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { projections } from '#projections/index.ts';
import { idsOf } from '#projections/projection.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { type Running, startApplication } from '../support/application.ts';
import { applicantActs } from './model/applicantActs.ts';
import { compare } from './model/compare.ts';
import { onSiteActs } from './model/onSiteActs.ts';
import { staffActs } from './model/staffActs.ts';
import { freshWorld, type Model, type World } from './model/world.ts';

let app: Running;
const statuses = new Set<string>();

beforeAll(async () => {
  app = await startApplication(undefined, demoOrganisations(loadDivisions()));
  await seedAccounts(app.services.deps, undefined, demoAccounts(app.services.deps.offices.children('520111')));
});
afterAll(() => app.stop());

/** Checkpoints are signed beside the application, stock is moved and institutions check by other acts: none of the model leads to these. */
const unfed: readonly string[] = [
  'logCheckpoint',
  'voidedCertificate',
  'stock',
  'shipment',
  'check',
  'institutionMonth',
];
const fed = projections.filter(({ name }) => !unfed.includes(name));

const acts = fc.commands<Model, World, false>([...applicantActs, ...onSiteActs, ...staffActs], {
  maxCommands: 50,
  size: 'max',
});

const rows = async (projection: (typeof projections)[number]) => {
  const { eventStore, viewStore } = app.stores;
  const events = (await eventStore.readAll(0, 100_000)).map(upcast);
  return viewStore.get(projection.name, idsOf(projection, events));
};

describe('the whole application', () => {
  it('shows everyone what a small model says, whatever couples and offices do', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (commands) => {
        const world = freshWorld(app);
        await fc.asyncModelRun(() => world, commands);
        await compare(world.model, world.real);
        for (const { status, erased } of world.model.registrations) statuses.add(erased ? 'erased' : status);
      }),
      { numRuns: 60 },
    );
    expect([...statuses].toSorted()).toEqual([...inboxStatuses, 'erased'].toSorted());
  });

  it.each(fed.map((projection) => [projection.name, projection] as const))(
    'keeps in the view %s what a rebuild from zero gives',
    async (_, projection) => {
      const { eventStore, viewStore } = app.stores;
      const before = await rows(projection);
      expect(before.length).toBeGreaterThan(0);
      await rebuildView(projection, { eventStore, viewStore, upcast, onProgress: () => undefined });
      expect(await rows(projection)).toEqual(before);
    },
  );
});
