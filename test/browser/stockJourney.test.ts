import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueSerial } from '#application/stockCommands.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator } from '../support/application.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { type Desk, openDesk, type Setup } from '../support/managementPages.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

const [province, prefecture, county, township] = ['52', '5201', '520111', '520111004'] as const;
const journeys: readonly (Setup & { parity: PrintedParity })[] = [
  { width: 1280, scripts: true, parity: 1 },
  { width: 390, scripts: false, parity: 2 },
];
const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => [province, prefecture].some((one) => one === code) || code.startsWith(county),
);
const lastSerial = 202_600_000_002;

describe.skipIf(await browserMissing())('stock in a browser', () => {
  let browser: Browser;
  let scene: Scene;

  beforeAll(async () => {
    [browser, scene] = await Promise.all([launchBrowser(), startScene(undefined, some)]);
    for (const office of [province, prefecture, county, township]) {
      for (const who of ['a', 'b']) {
        scene.directory.add({ ...operator(office, `${who}-${office}`), authorisations: ['manageStock'] });
      }
    }
    await scene.sites.managementSite.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
  });

  /** What a person and a machine see of a page: nothing runs out of it, axe finds no barrier. */
  const inOrder = async (desk: Desk) => {
    expect(await desk.overflows()).toBe(false);
    expect(await desk.barriers()).toEqual([]);
  };
  const fill = async (desk: Desk, fields: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(fields)) await desk.page.type(`#${name}`, value);
  };

  test.each(journeys)(
    'goes from the press to an office that issues its last serial and is supplied again ($width px, scripts $scripts)',
    async ({ parity, ...setup }) => {
      const at = (account: string) => openDesk(browser, scene, account, setup);
      const ranges = (from: number, to: number) =>
        `GZ${parity}-2026-${String(from).padStart(8, '0')} – ${String(to).padStart(8, '0')}`;
      const dispatch = async (desk: Desk, from: string, to: string, serials: string) => {
        await desk.open(`/stock/${from}/${parity}/dispatch`);
        await desk.page.select('#to', to);
        await fill(desk, { ranges: serials });
        await inOrder(desk);
        await desk.press('form.card .button');
        expect(await desk.text()).toContain('已派发');
        await inOrder(desk);
        return new URL(desk.page.url()).pathname;
      };
      const receive = async (desk: Desk, shipment: string, serials: string, count: number) => {
        await desk.open(`${shipment}/receive`);
        await fill(desk, { ranges: serials, count: String(count) });
        await desk.press('form.card .button');
      };

      const press = await at(`a-${province}`);
      await press.open(`/stock/${province}/${parity}/print-run`);
      await fill(press, { ranges: ranges(1, 1000) });
      await press.press('form.card .button');
      expect(await press.text()).toContain('已入账');
      const first = await dispatch(press, province, prefecture, ranges(1, 500));
      await press.open(`${first}/slip`);
      expect(await press.text()).toContain('领取人签字');
      await inOrder(press);

      const city = await at(`a-${prefecture}`);
      await receive(city, first, ranges(1, 499), 499);
      expect(await city.text()).toContain('账上有，没有看到');
      await inOrder(city);
      await city.press('button[value="confirm"]');
      expect(await city.text()).toContain('途中缺失 1 份');

      const huaxi = await at(`a-${county}`);
      await receive(huaxi, await dispatch(city, prefecture, county, ranges(1, 300)), ranges(1, 300), 300);
      const giver = await at(`b-${county}`);
      const desk = await at(`a-${township}`);
      await receive(desk, await dispatch(giver, county, township, ranges(1, 2)), ranges(1, 2), 2);
      expect(await desk.text()).toContain('已领取入库');

      await desk.open(`/stock/${township}/${parity}/threshold`);
      await desk.page.$eval('#count', (input) => ((input as unknown as { value: string }).value = ''));
      await fill(desk, { count: '1' });
      await desk.press('form.card .button');
      const { deps } = scene.app.services;
      for (const serial of [lastSerial - 1, lastSerial]) {
        const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'issuing' } as const };
        const issued = await issueSerial(
          deps,
          { office: township, parity },
          { serial, registrationId: deps.ids() },
          act,
        );
        if (issued.outcome !== 'done') throw new Error(issued.outcome);
        await deps.awaitViews(['stock'], issued.position);
      }

      await desk.open(`/stock/${township}`);
      expect(await desk.text()).toContain('证件只剩 0 份');
      await inOrder(desk);
      await desk.open(`/stock/${township}/${parity}`);
      await inOrder(desk);
      await desk.press('.stock-ask .button');
      expect(await desk.text()).toContain('已申请');

      await huaxi.open(`/stock/${county}`);
      await inOrder(huaxi);
      await huaxi.press(`a[href="/stock/${township}/${parity}/approve"]`);
      await inOrder(huaxi);
      await huaxi.press('form.card .button');
      expect(await huaxi.text()).toContain('已同意');
      await giver.open(`/stock/${county}`);
      await giver.press(`a[href*="/${parity}/dispatch?order="]`);
      await giver.press('form.card .button');
      expect(await giver.text()).toContain('已派发');

      const second = await at(`b-${township}`);
      await receive(second, new URL(giver.page.url()).pathname, ranges(3, 32), 30);
      expect(await second.text()).toContain('已领取入库');
      await second.open(`/stock/${township}/${parity}`);
      expect(await second.text()).toMatch(/在库 30/);
      await inOrder(second);
      await press.open(`/stock/${province}`);
      expect(await press.text()).toContain('账目相符：各处合计 1000 份，已印制 1000 份');
      await inOrder(press);
      for (const one of [press, city, huaxi, giver, desk, second]) await one.close();
    },
    60_000,
  );
});
