import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressText } from '#application/addressText.ts';
import type { OrganisationAct } from '#application/organisationCommands.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { divisionPicker } from '#web/forms/divisionPicker.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

const county = '520111';
const created = '520111013';
const village = '520111013001';
const neighbour = '520111204';
const some = demoOrganisations(loadDivisions()).filter(({ code }) => ['52', '5201', county, neighbour].includes(code));
let app: Running;

beforeAll(async () => {
  app = await startApplication(undefined, some);
});
afterAll(() => app.stop());

const act = (): OrganisationAct => ({
  staff: { ...operator(county, 'gly'), role: 'admin' },
  commandId: app.services.deps.ids(),
});

/** What becomes of the n-th couple's registration from a place, and which office has it then. */
const submitted = async (place: string, n: number) => {
  const { applicant, deps } = app.services;
  const id = deps.ids();
  const { outcome } = await applicant.submit(id, declarationOf(place, n), { commandId: deps.ids() });
  const [row] = await deps.viewStore.get('registration', [id]);
  return { outcome, office: row?.['office'] };
};
const choices = (text: string) =>
  divisionPicker(app.services.deps.divisions, 'place', { 'place-search': text }).options;

test('a place that was just established is chosen, handled by its own office and, once that merged, by its successor', async () => {
  const { organisations, deps } = app.services;
  expect(choices('新名街道')).toEqual([]);
  expect(await submitted(created, 0)).toMatchObject({ outcome: 'rejected' });

  const township = { kind: 'administration', level: 'township', parent: county } as const;
  await organisations.establish(act(), { code: created, name: '贵阳市花溪区新名街道办事处', ...township });
  expect(choices('新名街道')).toMatchObject([{ code: created, label: '贵州省 贵阳市 花溪区 新名街道' }]);
  expect(await submitted(created, 1)).toEqual({ outcome: 'done', office: created });

  const committee = { kind: 'committee', level: 'village', parent: created } as const;
  await organisations.establish(act(), { code: village, name: '清溪社区居民委员会', ...committee });
  expect(choices('新名 清溪社区')).toMatchObject([{ code: village }]);
  expect(await submitted(created, 2)).toMatchObject({ outcome: 'rejected' });
  expect(await submitted(village, 3)).toEqual({ outcome: 'done', office: created });

  await organisations.rename(created, act(), '贵阳市花溪区又名街道办事处');
  const { wifeHousehold } = declarationOf(village);
  expect(addressText(deps.divisions, wifeHousehold)).toMatch(/^贵州省贵阳市花溪区又名街道清溪社区/);

  await organisations.merge(created, act(), neighbour);
  expect(choices('又名 清溪社区')).toMatchObject([{ code: village }]);
  expect(await submitted(village, 4)).toEqual({ outcome: 'done', office: neighbour });
});
