import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OfficeDirectory, openOfficeDirectory } from '#application/officeDirectory.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import type { OrganisationRow } from '#projections/organisation.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator, type Running, startApplication } from '../support/application.ts';

const county = '520111';
const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || (code.startsWith(county) && code.length < 10),
);
let app: Running;
let elsewhere: OfficeDirectory;

beforeAll(async () => {
  app = await startApplication(undefined, some);
  elsewhere = await openOfficeDirectory({ viewStore: app.stores.viewStore, wait: (ms) => wait(ms) });
});
afterAll(async () => {
  elsewhere.stop();
  await app.stop();
});

const rename = (name: string, code = '520111005') => {
  const staff = { ...operator(county), role: 'admin' as const };
  return app.services.organisations.rename(code, { staff, commandId: app.services.deps.ids() }, name);
};

describe('the tree of offices in memory', () => {
  test('holds what was established, from the start on', () => {
    expect(elsewhere.find('520111004')?.name).toBe('贵阳市花溪区贵筑街道办事处');
    expect(elsewhere.within('52')).toHaveLength(some.length);
  });

  test('knows a change at once where it was made, and by itself on every other instance', async () => {
    await rename('阳光街道服务中心');
    expect(app.services.deps.offices.find('520111005')?.name).toBe('阳光街道服务中心');
    await vi.waitFor(() => expect(elsewhere.find('520111005')?.name).toBe('阳光街道服务中心'), { timeout: 10_000 });
  });

  test('misses no row that becomes readable after a newer one', async () => {
    const rows: OrganisationRow[] = [];
    let checkpoint = 0;
    const viewStore = {
      ...app.stores.viewStore,
      checkpoint: async () => checkpoint,
      find: async (_: string, { from = 0 }: { from?: string | number }) => ({
        rows: rows.filter(({ changed }) => changed >= Number(from)),
        next: undefined,
      }),
    };
    const late = await openOfficeDirectory({ viewStore, wait: () => new Promise(() => undefined) });
    const [older, newer] = (await app.stores.viewStore.get('organisation', [
      '520111004',
      '520111005',
    ])) as OrganisationRow[];
    if (older === undefined || newer === undefined) throw new Error('Two organisations are missing.');
    rows.push({ ...newer, changed: 8 });
    await late.refresh();
    rows.push({ ...older, changed: 7 });
    checkpoint = 8;
    await late.refresh();
    expect([late.find(newer.id)?.code, late.find(older.id)?.code]).toEqual([newer.id, older.id]);
    late.stop();
  });

  test('stays as it is while the views do not answer', async () => {
    let away = false;
    const viewStore = {
      ...app.stores.viewStore,
      checkpoint: async (name: { view: string }) => {
        if (away) throw new Error('away');
        return app.stores.viewStore.checkpoint(name);
      },
    };
    const directory = await openOfficeDirectory({ viewStore, wait: () => new Promise(() => undefined) });
    away = true;
    await expect(directory.refresh()).rejects.toThrow('away');
    expect(directory.find('52')?.code).toBe('52');
    away = false;
    await directory.refresh();
    directory.stop();
  });
});
