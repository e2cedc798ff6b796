import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriersOn } from '../support/accessibility.ts';
import { type Running, startApplication } from '../support/application.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { cameraThatSees } from '../support/camera.ts';
import { fill, fillAll, goOn, places, press } from '../support/couplePages.ts';
import { declarationOf } from '../support/declarations.ts';
import { register } from '../support/registeredCouple.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const { village } = places;

describe.skipIf(await browserMissing())('a couple with a browser', () => {
  let app: Running;
  let sites: Sites;
  let browser: Browser;
  let base: string;

  beforeAll(async () => {
    app = await startApplication();
    sites = await buildSites(app);
    base = await sites.publicSite.listen({ host: '127.0.0.1', port: 0 });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await sites.close();
    await app.stop();
  });

  /** A browser of its own: no cookies of another. */
  const openPage = async (width: number, scripts: boolean): Promise<Page> => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width, height: 844 });
    await page.setJavaScriptEnabled(scripts);
    await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
    return page;
  };

  const go = (page: Page, path: string) => page.goto(`${base}${path}`);
  const heading = (page: Page) => page.$eval('h1', (element) => element.textContent);
  const text = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent.trim());

  describe.each([
    { width: 390, scripts: true },
    { width: 1280, scripts: true },
    { width: 390, scripts: false },
    { width: 1280, scripts: false },
  ])('$width px wide, JavaScript $scripts', ({ width, scripts }) => {
    test('registers, keeps the code, looks up, prints and verifies', async () => {
      const data = declarationOf(village, 10 + width + (scripts ? 1 : 0));
      const page = await openPage(width, scripts);
      await go(page, '/');
      await press(page, '.hero .start');
      await press(page, '.actions .start');
      await fillAll(page, data, scripts ? places.typed : places.sent);
      expect(await heading(page)).toBe('核对并提交');
      await page.click('#f-true');
      await press(page, '.promise .button');
      const code = await text(page, '#query-code');
      expect(await text(page, '.due')).toBe('最迟 2026年11月25日（星期三）');

      const other = await openPage(width, scripts);
      await go(other, '/lookup');
      await fill(other, { code, name: data.husband.name });
      await press(other, '.step-actions .button');
      expect(await heading(other)).toBe('等待办公室初审');
      const id = (await app.services.applicant.open(code, data.wife.name)) ?? '';
      const { number } = await register(app, id, data);
      await go(other, '/registration');
      await press(other, '.state .button');
      expect(await text(other, '.certificate')).toContain(data.wife.name);
      expect(await other.$eval('[data-print]', (button) => button.checkVisibility())).toBe(scripts);

      await go(other, '/verify');
      await fill(other, { text: number });
      await press(other, '.step-actions .button');
      expect(await heading(other)).toBe('证件有效');
      expect(await text(other, '.answers')).toContain('王*');
      await Promise.all([page, other].map((one) => one.browserContext().close()));
    });
  });

  test('goes back by the browser through what was wrong to what was typed before, never to an error of the browser', async () => {
    const page = await openPage(390, true);
    await go(page, '/register/wife');
    await fill(page, { name: '王芳', idNumber: '52011119951224922' });
    await goOn(page);
    expect(new URL(page.url()).search).toBe('?check');
    await fill(page, { idNumber: declarationOf(village).wife.idNumber });
    await goOn(page);
    for (const search of ['?check', '']) {
      await page.goBack();
      expect([new URL(page.url()).search, await heading(page)]).toEqual([search, '女方信息']);
      expect(await page.$eval('[name="name"]', (box) => Reflect.get(box, 'value'))).toBe('王芳');
    }
    await go(page, '/lookup');
    await fill(page, { code: '8K3M-90PQ-2XTB-4HWZ', name: '王芳' });
    await press(page, '.step-actions .button');
    await go(page, '/verify');
    await page.goBack();
    expect(await text(page, '.error-summary')).toContain('没有找到');
    await page.browserContext().close();
  });

  test.each([390, 1280])('meets no barrier on any page, %i px wide, in either language', async (width) => {
    const page = await openPage(width, true);
    const found: string[] = [];
    const check = async (path: string) => {
      await go(page, path);
      found.push(...(await barriersOn(page)));
    };
    for (const path of [
      '/',
      '/register',
      '/register/wifeHousehold',
      '/register/children/1',
      '/lookup',
      '/verify',
      '/verify/a.b.c',
      '/log',
      '/personal-data',
      '/log/consistency',
      '/nope',
    ]) {
      await check(path);
    }
    await go(page, '/register/wife');
    await goOn(page);
    found.push(...(await barriersOn(page)));
    await go(page, '/register');
    await page.click('.example summary');
    await page.select('#f-example', width === 390 ? 'firstChild' : 'nameDiffers');
    await press(page, '.example .button');
    await go(page, '/language/en?to=/');
    for (const path of ['/register', '/register/wifeResidence', '/register/declaration', '/register/children'])
      await check(path);
    await check('/register/check');
    await page.click('#f-true');
    await press(page, '.promise .button');
    found.push(...(await barriersOn(page)));
    for (const path of [
      '/registration',
      '/registration/copy',
      '/certificate',
      '/register/discard',
      '/registration/withdraw',
    ])
      await check(path);
    await press(page, '.button.danger');
    await check('/registration/erase');
    expect(found).toEqual([]);
    await page.browserContext().close();
  });

  test('finds a place by the keyboard alone, and hears how many there are', async () => {
    const page = await openPage(390, true);
    await go(page, '/register/wifeHousehold');
    const box = '[role="combobox"]';
    const attribute = (name: string) => page.$eval(box, (element, asked) => element.getAttribute(asked), name);
    await page.type(box, '贵筑');
    await page.waitForFunction("document.querySelector('[role=option]')?.textContent.startsWith('贵筑街道')");
    expect(await text(page, '[data-division-status]')).toMatch(/^找到 \d+ 个/);
    expect(await attribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowUp');
    const last = await attribute('aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    const first = await attribute('aria-activedescendant');
    expect([first, last]).toEqual(['divisions-1-0', expect.not.stringMatching(/-0$/)]);
    await page.keyboard.press('Escape');
    expect([await attribute('aria-expanded'), await attribute('aria-activedescendant')]).toEqual(['false', null]);
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[role="listbox"]:not([hidden])');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction("document.querySelector('[role=option]')?.textContent.startsWith('大寨社区')");
    await page.keyboard.press('Enter');
    expect(await text(page, '[data-division-chosen]')).toBe('贵州省 贵阳市 花溪区 贵筑街道 大寨社区');
    await page.type('[name="street"]', '1组');
    await page.type('[name="door"]', '1号');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await heading(page)).toBe('女方现居住地');
    await page.browserContext().close();
  });

  test('outside the province is asked for the township at once', async () => {
    const page = await openPage(390, true);
    await go(page, '/register/wifeHousehold');
    expect(await page.$eval('[name="locality"]', (element) => element.checkVisibility())).toBe(false);
    await page.type('[role="combobox"]', '泸州 江阳');
    await page.waitForFunction("document.querySelector('[role=option]')?.textContent.startsWith('江阳区')");
    await page.keyboard.press('Enter');
    expect(await page.$eval('[name="locality"]', (element) => element.checkVisibility())).toBe(true);
    await page.click('[data-division-chosen] input');
    expect(await page.$eval('[name="locality"]', (element) => element.checkVisibility())).toBe(true);
    await places.typed(page);
    const hidden = "!document.querySelector('[name=locality]').checkVisibility()";
    expect(await page.evaluate(`${hidden} && document.querySelector('[name=locality]').matches(':disabled')`)).toBe(
      true,
    );
    await page.browserContext().close();
  });

  test('verifies what the camera sees, where the browser can read QR codes', async () => {
    const page = await openPage(390, true);
    await page.evaluateOnNewDocument(cameraThatSees('https://registration.test/verify/a.b.c'));
    await go(page, '/verify');
    await page.waitForSelector('[data-scan]:not([hidden])');
    await press(page, '[data-scan-start]');
    expect(new URL(page.url()).pathname).toBe('/verify/a.b.c');
    expect(await heading(page)).toBe('不是真证件');
    await page.browserContext().close();
  });
});
