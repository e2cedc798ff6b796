import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword } from '../../src/demo/staff.ts';
import { type AccountScene, personNumbered, startAccounts } from '../support/accountScene.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { visitor } from '../support/managementBrowser.ts';
import { type Desk, openDesk } from '../support/managementPages.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const codes = ['520111', '520111004', '520111005'].map((code) => ({ code }));

describe.skipIf(await browserMissing())('people in a browser', () => {
  let scene: AccountScene;
  let sites: Sites;
  let browser: Browser;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startAccounts('2026-11-24T02:00:00Z'), launchBrowser()]);
    await seedAccounts(scene.services.deps, undefined, demoAccounts(codes));
    sites = await buildSites(scene);
    await sites.managementSite.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await browser.close();
    await sites.close();
    await scene.stop();
  });

  const signedIn = async (account: string) => {
    const someone = visitor(sites.managementSite);
    await someone.signIn(account, demoPassword);
    return someone;
  };

  const inOrder = async (desk: Desk) => {
    expect(await desk.overflows()).toBe(false);
    expect(await desk.barriers()).toEqual([]);
  };

  test.each([
    [1280, true],
    [390, true],
    [1280, false],
  ])(
    '%i wide, scripts %s: an admin registers someone, confirms them and hands over a password',
    async (width, scripts) => {
      const desk = await openDesk(browser, { sites, signedIn }, 'guizhu-gly', { width, scripts });
      const person = personNumbered(width + (scripts ? 1 : 2));
      await desk.open('/people');
      await inOrder(desk);
      await desk.press('a[href="/people/new"]');
      if ((await desk.page.$('input[name="where"][type="radio"]')) !== null) await desk.press('form .button');
      await inOrder(desk);
      await desk.page.type('#name', person.name);
      await desk.page.type('#idNumber', person.idNumber);
      await desk.press('form#form .button');
      expect(await desk.text()).toContain('核对一致');
      await inOrder(desk);
      await desk.press('button[name="basis"][value="document"]');
      expect(await desk.text()).toContain('实名认证完成');
      await desk.press('a[href$="/grants"]');
      await desk.page.click('input[name="grant-review"]');
      await desk.page.type('#until-review', '2026-12-31');
      await inOrder(desk);
      await desk.press('form#form .button');
      expect(await desk.text()).toMatch(/初审\s*有效期至/);
      await desk.press('a.button[href$="/password"]');
      await desk.press('form#form .button');
      expect(await desk.text()).toMatch(/一次性密码 [\dA-Z]{4}-/);
      await inOrder(desk);
      await desk.close();
    },
  );

  test('prints of a slip what its person needs, and neither links nor buttons', async () => {
    const desk = await openDesk(browser, { sites, signedIn }, 'guizhu-gly', { width: 1280, scripts: true });
    await desk.open('/people/czy-520111004/password');
    await desk.press('form#form .button');
    const parts = ['.site-header', '.back', '[data-print]', '#one-time-password'];
    const isShown = (part: string) => desk.page.$eval(part, (one) => one.getBoundingClientRect().height > 0);
    const shown = async () => {
      const seen = [];
      for (const part of parts) seen.push(await isShown(part));
      return seen;
    };
    expect(await shown()).toEqual([true, true, true, true]);
    await desk.page.emulateMediaType('print');
    expect(await shown()).toEqual([false, false, false, true]);
    await desk.close();
  });

  test('390 wide in English: every page of the menu is in sight, and apostrophes are as narrow as letters', async () => {
    const desk = await openDesk(browser, { sites, signedIn }, 'guizhu-gly', { width: 390, scripts: false });
    await desk.page.setExtraHTTPHeaders({ 'accept-language': 'en' });
    await desk.open('/me');
    const ends = await desk.page.$$eval('.site-nav a', (all) => all.map((one) => one.getBoundingClientRect().right));
    expect(ends.length).toBeGreaterThan(3);
    expect(Math.max(...ends)).toBeLessThanOrEqual(390);
    const widths = await desk.page.$eval('.site-nav a', (link) => {
      const widthOf = (text: string) => {
        link.textContent = text;
        return link.getBoundingClientRect().width;
      };
      return { bare: widthOf('office'), with: widthOf('office’') };
    });
    expect(widths.with - widths.bare).toBeLessThan(8);
    await desk.close();
  });

  test.each([
    [1280, true],
    [390, false],
  ])(
    '%i wide, scripts %s: grants that were not taken are found again by Back, forward and reload, and after the session ended',
    async (width, scripts) => {
      const setup = { width, scripts, byHand: true, word: demoPassword };
      const desk = await openDesk(browser, { sites, signedIn }, 'guizhu-gly', setup);
      const until = () => desk.page.$eval('#until-review', (input) => (input as unknown as { value: string }).value);
      await desk.open('/people/czy-520111004/grants');
      const type = async (day: string) => {
        await desk.page.click('#until-review', { count: 3 });
        await desk.page.type('#until-review', day);
        await desk.press('form#form .button');
      };
      await type('某天');
      const faulty = desk.page.url();
      await desk.goBackAndForth();
      expect([desk.page.url(), await until()]).toEqual([faulty, '某天']);
      await inOrder(desk);
      const { now } = scene.clock;
      scene.clock.now += 31 * 60_000;
      await type('2026-12-31');
      expect(await desk.text()).toContain('您填写的内容已经保存');
      await desk.signInAgain();
      expect(await desk.text()).toContain('刚才的内容还没有提交，没有任何改动');
      expect(await until()).toBe('2026-12-31');
      await inOrder(desk);
      await desk.press('form#form .button');
      expect(await desk.text()).toContain('有效期至');
      scene.clock.now = now;
      await desk.close();
    },
  );

  test.each([1280, 390])('%i wide: numbers, a person and one’s own data can be read by everyone', async (width) => {
    const desk = await openDesk(browser, { sites, signedIn }, 'gly-520111', { width, scripts: true });
    for (const path of [
      '/people/numbers',
      '/people/guizhu-yang',
      '/people/gly-520111005/disable',
      '/people/guizhu-yang/history',
      '/me',
    ]) {
      await desk.open(path);
      await inOrder(desk);
    }
    await desk.close();
  });
});
