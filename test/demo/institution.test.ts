import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpPopulationSystem } from '#infrastructure/population/httpPopulationSystem.ts';
import { startSandbox } from '#infrastructure/population/sandbox.ts';
import { seed } from '../../src/demo/seed.ts';
import { seedInstitution } from '../../src/demo/seedInstitution.ts';
import { demoStaffOf } from '../../src/demo/staff.ts';
import { seedStories } from '../../src/demo/stories.ts';
import { type Running, startApplication } from '../support/application.ts';
import { demoStaff } from '../support/staffDirectory.ts';

let app: Running;
beforeAll(async () => {
  app = await startApplication('2026-11-24T02:00:00Z');
});
afterAll(() => app.stop());

test('the hospital of the demo has annotated births and told women, once', async () => {
  const { deps, institutions } = app.services;
  const { stories, last } = seedStories(deps.divisions);
  const sandbox = await startSandbox({ couples: [...stories, last] });
  const population = httpPopulationSystem({ ...sandbox, timeoutMs: 10_000 });
  const over = { ...deps, staff: demoStaff(deps.offices), population };
  await seed({ deps: over });
  await sandbox.close();
  await seedInstitution(over);
  const nurse = demoStaffOf('huaxi-yiyuan', deps.offices);
  if (nurse === undefined) throw new Error('The demo has no nurse.');
  const months = await institutions.months(nurse);
  expect(months).toMatchObject([{ checks: 4, told: 2 }]);
  expect(months[0]?.annotations).toBeGreaterThan(2);
  expect(await institutions.followUps(nurse)).toHaveLength(2);
  await seedInstitution(over);
  expect(await institutions.months(nurse)).toEqual(months);
});
