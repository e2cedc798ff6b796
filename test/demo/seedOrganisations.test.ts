import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { seedOrganisations } from '../../src/demo/seedOrganisations.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

const all = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || code.startsWith('520111'),
);
let app: Running;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const made = async () => {
  const events = await app.stores.eventStore.readAll(0, 10_000);
  return events.filter(({ stream }) => stream.startsWith('organisation-'));
};

describe('the organisations of the demo', () => {
  test('are established over a log from before there were any, as of now', async () => {
    const { applicant, deps } = app.services;
    await applicant.submit(deps.ids(), declarationOf('520111004005'), { commandId: deps.ids() });
    await seedOrganisations(deps, all.slice(0, 5));
    await seedOrganisations(deps, all);
    const events = await made();
    const count = (type: string) => events.filter((event) => event.type === `${type}.v1`).length;
    expect(count('OrganisationEstablished')).toBe(all.length);
    expect(count('OrganisationRecordCompleted')).toBe(all.filter(({ record }) => record !== undefined).length);
    expect(new Set(events.map(({ meta }) => meta['at']))).toEqual(new Set(['2026-11-24T02:00:00.000Z']));
  });

  test('are established once: a seed that goes on, or starts again, doubles nothing', async () => {
    const before = (await made()).length;
    await seedOrganisations(app.services.deps, all);
    await seedOrganisations(app.services.deps, [...all.slice(0, 3), ...all.slice(0, 2)]);
    expect(await made()).toHaveLength(before);
  });

  test('are in the view that the directory reads, whose names they have', async () => {
    const rows = await app.stores.viewStore.get(
      'organisation',
      all.map(({ code }) => code),
    );
    expect(rows).toHaveLength(all.length);
    expect(rows.find(({ id }) => id === '520111004')).toMatchObject({
      names: [{ name: '贵阳市花溪区贵筑社区服务中心' }, { name: '贵阳市花溪区贵筑街道办事处' }],
    });
  });
});
