import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator } from '../support/application.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { type Desk, openDesk, type Setup } from '../support/managementPages.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

const setups: readonly Setup[] = [
  { width: 1280, scripts: true },
  { width: 390, scripts: true },
  { width: 390, scripts: false },
];
const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || code.startsWith('520111'),
);

describe.skipIf(await browserMissing())('an admin who arranges organisations in a browser', () => {
  let browser: Browser;
  let scene: Scene;
  let made = 30;

  beforeAll(async () => {
    [browser, scene] = await Promise.all([launchBrowser(), startScene(undefined, some)]);
    scene.directory.add({ ...operator('520111', 'gly-520111'), role: 'admin' });
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

  test.each(setups)(
    'establishes two, completes a record, and merges one into the other ($width px, scripts $scripts)',
    async (setup) => {
      const desk = await openDesk(browser, scene, 'gly-520111', setup);
      const codes = [`5201110${made}`, `5201110${made + 1}`] as const;
      made += 2;
      for (const code of codes) {
        await desk.open('/organisations');
        await desk.press('a[href$="/establish"]');
        await inOrder(desk);
        await desk.page.click('input[value="administration.township"]');
        await desk.page.type('#code', code);
        await desk.page.type('#name', `花溪区新设${code.slice(-2)}街道办事处`);
        await desk.press('form.card .button');
      }
      expect(await desk.text()).toContain(`已设立 花溪区新设${codes[1].slice(-2)}街道办事处`);
      await inOrder(desk);
      await desk.open(`/organisations/${codes[0]}/record`);
      await desk.press('form.card .button');
      expect(await desk.text()).toContain('有内容需要更正');
      await inOrder(desk);
      const record = { phone: '0851-83851234', address: '花溪大道1号', head: '王芳', contact: '张伟' };
      for (const [name, value] of Object.entries(record)) await desk.page.type(`#${name}`, value);
      await desk.press('form.card .button');
      expect(await desk.text()).toContain('资料完整');
      await desk.open('/organisations/520111/completeness');
      await inOrder(desk);
      await desk.open(`/organisations/${codes[0]}/merge`);
      await desk.page.type('#find', codes[1]);
      await desk.press('button[value="find"]');
      await inOrder(desk);
      await desk.page.click(`input[name="other"][value="${codes[1]}"]`);
      await desk.press('button[value="preview"]');
      expect(await desk.text()).toContain('办理期限不变');
      await inOrder(desk);
      await desk.press('button[value="confirm"]');
      expect(await desk.text()).toContain('合并已完成');
      await desk.open(`/organisations/${codes[0]}`);
      expect(await desk.text()).toContain('已于');
      await inOrder(desk);
      await desk.open(`/organisations/${codes[0]}/history`);
      expect(await desk.text()).toMatch(/设立机构.*填报单位信息.*并入其他机构/);
      await inOrder(desk);
      await desk.close();
    },
  );

  test.each(setups)(
    'finds the preview of a merger again by Back, forward and reload, and what was typed after the session ended ($width px, scripts $scripts)',
    async (setup) => {
      const desk = await openDesk(browser, scene, 'gly-520111', { ...setup, byHand: true });
      const chosen = () => desk.page.$eval('input[name="other"]:checked', (input) => input.getAttribute('value'));
      await desk.open('/organisations/520111004/merge');
      await desk.page.type('#find', '青岩');
      await desk.press('button[value="find"]');
      await desk.page.click('input[name="other"][value="520111101"]');
      await desk.press('button[value="preview"]');
      const preview = desk.page.url();
      await desk.goBackAndForth();
      expect([desk.page.url(), await desk.text()]).toEqual([preview, expect.stringContaining('办理期限不变')]);
      await desk.press('.actions a.secondary');
      expect(await chosen()).toBe('520111101');
      await desk.press('button[value="preview"]');
      const { now } = scene.app.clock;
      scene.app.clock.now += 31 * 60_000;
      await desk.press('button[value="confirm"]');
      expect(await desk.text()).toContain('您填写的内容已经保存');
      await desk.signInAgain();
      expect(await desk.text()).toContain('刚才的内容还没有提交，没有任何改动');
      expect(await chosen()).toBe('520111101');
      await inOrder(desk);
      expect(scene.app.services.deps.offices.current('520111004')).toBe('520111004');
      scene.app.clock.now = now;
      await desk.close();
    },
  );
});
