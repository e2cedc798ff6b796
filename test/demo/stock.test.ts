import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officesBelow } from '#application/offices.ts';
import { printedParities } from '#domain/stock/serial.ts';
import { seedStock } from '../../src/demo/seedStock.ts';
import { demoStaffOf, featuredAccounts } from '../../src/demo/staff.ts';
import { type Running, startApplication } from '../support/application.ts';

let app: Running;

beforeAll(async () => {
  app = await startApplication();
  await seedStock(app.services.deps);
  await app.services.deps.awaitViews(['stock', 'shipment'], await app.stores.eventStore.lastPosition());
});
afterAll(() => app.stop());

const staff = (account: string) => {
  const found = demoStaffOf(account, app.services.deps.offices);
  if (found === undefined) throw new Error(account);
  return found;
};
const waiting = async (account: string) => {
  const found = await app.services.stock.waiting(staff(account));
  if (found.outcome !== 'found') throw new Error(found.reason);
  return found;
};

describe('the stock of the demo', () => {
  it.each(printedParities)('of parity %i lies at every level, and adds up to what was printed', async (parity) => {
    const found = await app.services.stock.totals(staff('guizhou-zhengjian'), '52', parity);
    if (found.outcome !== 'found') throw new Error(found.reason);
    const { printed, ...places } = found.total.counts;
    expect(printed).toBeGreaterThan(100_000);
    expect(Object.values(places).reduce((sum, n) => sum + n, 0)).toBe(printed);
    expect(found.below.filter(({ view }) => view.counts.held === 0)).toEqual([]);
    const ours = await app.services.stock.view(staff('guizhu-yang'), { office: '520111004', parity });
    expect(ours).toMatchObject({ view: { counts: { held: expect.any(Number) }, row: { threshold: 15 } } });
    const { deps } = app.services;
    for (const { code } of officesBelow(deps.offices, '520111')) {
      const [row] = await deps.viewStore.get('stock', [`${code}-${parity}`]);
      expect(row?.['held']).toHaveLength(1);
    }
  });

  it('leaves 贵筑街道 a shipment to receive, low in the second parity, and 花溪区 a request to decide', async () => {
    for (const account of ['guizhu-yang', 'guizhu-wu']) {
      expect(await waiting(account)).toMatchObject({
        toReceive: [{ to: '520111004', parity: 2, inTransit: 40, handedOverBy: 'huaxi' }],
        low: [{ parity: 2, counts: { held: 12 }, coming: 40 }],
      });
    }
    expect(await waiting('huaxi')).toMatchObject({ toDecide: [{ office: '520111005', parity: 1, count: 50 }] });
  });

  it('is kept by people whom the sign-in page shows, at every level', () => {
    const levels = ['52', '5201', '520111', '520111004'];
    const kept = featuredAccounts.filter(({ account, role }) => {
      return role === 'operator' && staff(account).authorisations.includes('manageStock');
    });
    expect(levels.filter((office) => !kept.some((one) => one.office === office))).toEqual([]);
    expect(kept.filter(({ office }) => office === '520111004')).toHaveLength(2);
  });

  it('is told once', async () => {
    const before = await app.stores.eventStore.lastPosition();
    await seedStock(app.services.deps);
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });
});
