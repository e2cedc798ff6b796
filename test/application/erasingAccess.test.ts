import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueAccessKeys, eraseAccessRecords, finishAccessErasures } from '#application/eraseAccessRecords.ts';
import { decode } from '#application/eventCodec.ts';
import type { PersonalDataViewed } from '#domain/access/events.ts';
import { projections } from '#projections/index.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';

const village = '520111004001';
const staff = operator('520111004');
const today = Date.parse('2026-11-24T02:00:00Z');
let app: Running;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const act = () => ({ commandId: app.services.deps.ids() });
const shown = async () => {
  const { deps } = app.services;
  const names = projections.map(({ name }) => name);
  expect(await deps.awaitViews(names, await deps.eventStore.lastPosition())).toBe(true);
};

describe('records of who looked at personal data', () => {
  const looks = async () =>
    (await app.stores.eventStore.readAll(0, 100_000)).filter(
      ({ type, meta }) => type === 'PersonalDataViewed.v1' && String(meta['at']).startsWith('2026'),
    );
  const opened = async () => Promise.all((await looks()).map((event) => decode(event, app.services.deps.sealing)));
  const due = async () => (await dueAccessKeys(app.services.deps)).keys.map(({ id }) => id);

  it('keep addresses and what was searched for three years, and who looked at what for ever', async () => {
    const { deps } = app.services;
    app.clock.now = today;
    const data = coupleOf(50, village);
    await app.services.applicant.submit(deps.ids(), data, act());
    await app.services.staff.search(staff, data.wife.name);
    await shown();
    const before = await opened();
    expect(JSON.stringify(before)).toContain(data.wife.name);

    app.clock.now = Date.parse('2029-11-24T02:00:00Z');
    expect(await due()).toEqual([]);
    app.clock.now = Date.parse('2029-11-25T02:00:00Z');
    const { keys } = await dueAccessKeys(deps);
    expect(keys.length).toBeGreaterThan(0);
    await eraseAccessRecords(deps, keys, () => undefined);
    await shown();
    expect(await due()).toEqual([]);

    const after = await opened();
    expect(JSON.stringify(after)).not.toContain(data.wife.name);
    expect(after.every(({ erased }) => erased)).toBe(true);
    const lines = (events: typeof after) =>
      events.map(({ data }) => [
        (data as PersonalDataViewed['data']).what,
        (data as PersonalDataViewed['data']).subject,
      ]);
    expect(lines(after)).toEqual(lines(before));
    app.clock.now = today;
  });

  it('are finished by the reaction where the process died, and again where older keys came back', async () => {
    const { deps } = app.services;
    await app.services.staff.search(staff, coupleOf(51, village).wife.name);
    await shown();
    app.clock.now = Date.parse('2029-11-25T02:00:00Z');
    const { keys } = await dueAccessKeys(deps);
    const dying = { ...deps, dataKeys: { ...deps.dataKeys, destroy: async () => undefined } };
    await eraseAccessRecords(dying, keys, () => undefined);
    await shown();
    await finishAccessErasures(deps);
    for (const { id } of keys) expect(await app.stores.dataKeys.find(id)).toBeUndefined();
    app.clock.now = today;
  });
});
