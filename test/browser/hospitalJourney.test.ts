import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { declarationOf } from '../support/declarations.ts';
import { type Desk, openDesk } from '../support/managementPages.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

let browser: Browser;
let scene: Scene;

/** What no page may be: wider than its window, or hard to use. */
const wellMade = async (desk: Desk): Promise<void> => {
  expect(await desk.overflows()).toBe(false);
  expect(await desk.barriers()).toEqual([]);
};

/** As a hand-held scanner types it: Enter at the end. */
const scan = async ({ page, open }: Desk, text: string): Promise<void> => {
  await open('/institution');
  await page.type('#text', text);
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.keyboard.press('Enter')]);
};

describe.skipIf(await browserMissing())('a birth in hospital', () => {
  beforeAll(async () => {
    [browser, scene] = await Promise.all([launchBrowser(), startScene()]);
    const { managementSite, publicSite } = scene.sites;
    await Promise.all([managementSite, publicSite].map((site) => site.listen({ port: 0, host: '127.0.0.1' })));
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
  });

  test.each([
    ['with scripts on a desk', { width: 1100, scripts: true }, 701],
    ['without scripts on a phone', { width: 390, scripts: false }, 702],
  ])('goes from being told to twins on the certificate: %s', async (_, setup, couple) => {
    const data = declarationOf('520111004005', couple);
    const desk = await openDesk(browser, scene, 'huaxi-yiyuan', setup);
    await scan(desk, data.wife.idNumber);
    await wellMade(desk);
    expect(await desk.text()).toContain('没有查到登记');
    await desk.page.type('#find', '贵筑');
    await desk.press('button[value=find]');
    await desk.page.click('#office-list input[value="520111004"]');
    await desk.press('button[value=leaflet]');
    await wellMade(desk);
    expect(await desk.page.$('a[href$="/leaflet.pdf"]')).not.toBeNull();

    const { content } = await registeredCouple(scene.app, data);
    await scan(desk, content.code);
    await wellMade(desk);
    await desk.press('a[href$="/birth"]');
    await wellMade(desk);
    for (const [n, sex] of ['female', 'male'].entries()) {
      await desk.page.type(`#bornOn${n}`, '20261123');
      await desk.page.select(`#sex${n}`, sex);
    }
    await desk.press('button[value=preview]');
    await wellMade(desk);
    await desk.press('button[value=confirm]');
    expect(await desk.text()).toContain('出生已标注');

    await desk.page.goto(`${scene.sites.publicSite.listeningOrigin}/verify/${content.number}`);
    expect(await desk.text()).toContain('2026年11月出生，2 名');
    await desk.open('/institution');
    await wellMade(desk);
    await desk.close();
  });
});
