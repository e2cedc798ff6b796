import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { barriersOn } from '../support/accessibility.ts';
import { type Running, startApplication } from '../support/application.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { cameraThatSees } from '../support/camera.ts';
import { declarationOf } from '../support/declarations.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { putVoided } from '../support/revokedLists.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const dayMs = 86_400_000;

describe.skipIf(await browserMissing())('an institution that verifies offline', () => {
  let app: Running;
  let sites: Sites;
  let browser: Browser;
  let base: string;
  let holds: CertificateContent;
  let gone: CertificateContent;

  beforeAll(async () => {
    app = await startApplication(new Date(Date.now() - 2 * dayMs).toISOString());
    sites = await buildSites(app);
    base = await sites.publicSite.listen({ host: '127.0.0.1', port: 0 });
    browser = await launchBrowser();
    const [village] = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 });
    holds = (await registeredCouple(app, declarationOf(village?.code ?? '', 1))).content;
    gone = (await registeredCouple(app, declarationOf(village?.code ?? '', 2))).content;
    await putVoided(app.services, [{ number: gone.number, reason: 'superseded' }]);
  });
  afterAll(async () => {
    await browser?.close();
    await sites.close();
    await app.stop();
  });

  const openPage = async (path: string, before?: string): Promise<Page> => {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.setViewport({ width: 390, height: 844 });
    await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
    if (before !== undefined) await page.evaluateOnNewDocument(before);
    await page.goto(`${base}${path}`);
    await page.waitForSelector('html[data-ready]');
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    return page;
  };
  const shown = (page: Page, kind: string) =>
    page.$$eval(`[data-${kind}]:not([hidden])`, (parts) => parts.map((part) => part.textContent.trim()).join(' '));
  const check = async (page: Page, text: string) => {
    await page.$eval('#f-text', (box) => Reflect.set(box, 'value', ''));
    await page.type('#f-text', text);
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      `document.activeElement.selectionEnd === ${text.length} && document.activeElement.selectionStart === 0`,
    );
    return page.$eval('[data-outcome]:not([hidden])', (part) => part.getAttribute('data-outcome'));
  };

  test('opens the page once, and then verifies what is genuine, forged, void and of others without a network', async () => {
    const page = await openPage('/offline');
    expect(new URL(page.url()).pathname).toBe('/offline/zh-CN');
    await page.setOfflineMode(true);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    expect(await shown(page, 'refreshed')).toContain('现在连不上平台');
    expect(await shown(page, 'list')).toContain('2天前');
    expect(await check(page, holds.verifyUrl)).toBe('genuine');
    expect(await shown(page, 'fact')).toContain(holds.number);
    expect(await check(page, `${holds.code.slice(0, -9)}AAAAAAAAA`)).toBe('forged');
    expect(await check(page, gone.code)).toBe('void');
    expect(await shown(page, 'reason')).toBe('已换发，请出示新证。');
    expect(await check(page, gone.number)).toBe('void');
    expect(await check(page, holds.number)).toBe('numberOnly');
    expect(await check(page, '今天')).toBe('noCode');
    await page.click('.why summary');
    await page.type('#f-wife', holds.wife.name);
    await page.type('#f-husband', '张三');
    expect(await check(page, holds.code)).toBe('otherNames');
    await page.$eval('#f-husband', (box) => Reflect.set(box, 'value', ''));
    await page.type('#f-husband', holds.husband.name);
    expect(await check(page, holds.code)).toBe('genuine');
    expect(await shown(page, 'names')).toContain('姓名与证件一致');
    expect(await check(page, gone.code)).toBe('void');
    expect(await page.$eval('#f-wife', (box) => Reflect.get(box, 'value'))).toBe('');
    await page.goto(`${base}/offline/en`);
    expect(await page.$eval('h1', (title) => title.textContent)).toBe('Verify certificates offline');
    await page.browserContext().close();
  });

  test('keeps nothing but its own page, keys and list', async () => {
    const page = await openPage('/offline');
    await check(page, holds.code);
    for (const path of [`/verify/${holds.number}`, '/lookup', '/offline/zh-CN']) await page.goto(`${base}${path}`);
    const kept = (await page.evaluate(`(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
      return [...all.flat(), ...Object.keys(localStorage)];
    })()`)) as string[];
    const allowed =
      /^(offline\.newestList|.*\/(offline\/[\w-]+(\/manifest\.webmanifest)?|assets\/[\w.-]+|\.well-known\/(jwks\.json|revoked-certificates)))$/;
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter((one) => !allowed.test(one))).toEqual([]);
    expect(await page.cookies()).toEqual(expect.not.arrayContaining([expect.objectContaining({ name: 'offline' })]));
    await page.browserContext().close();
  });

  test('takes no list that was altered, nor an older one, and says so', async () => {
    const page = await openPage('/offline');
    const put = `(async (change) => {
      const data = await caches.open('offline-data');
      const text = await (await data.match('/.well-known/revoked-certificates')).text();
      await data.put('/.well-known/revoked-certificates', new Response(change(text)));
    })`;
    await page.setOfflineMode(true);
    await page.evaluate(`${put}((text) => text.slice(0, 200) + (text[200] === 'A' ? 'B' : 'A') + text.slice(201))`);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    expect(await shown(page, 'list')).toContain('没有采用');
    expect(await check(page, gone.code)).toBe('noList');
    await page.setOfflineMode(false);
    await page.click('[data-refresh]');
    await page.waitForSelector('[data-refreshed="refreshed"]:not([hidden])');
    expect(await check(page, gone.code)).toBe('void');
    await page.evaluate(`localStorage.setItem('offline.newestList', '2999-01-01T00:00:00.000Z')`);
    await page.click('[data-refresh]');
    await page.waitForSelector('[data-refreshed="refused"]:not([hidden])');
    expect(await shown(page, 'list')).toContain('没有采用');
    await page.browserContext().close();
  });

  test('warns of a list that is older than it says it should be, until there is a newer one', async () => {
    const now = app.clock.now;
    app.clock.now = now - 9 * dayMs;
    const page = await openPage('/offline');
    expect(await shown(page, 'list')).toMatch(/11天前.*超过 7 天/);
    app.clock.now = now;
    await page.click('[data-refresh]');
    await page.waitForSelector('[data-list="fresh"]:not([hidden])');
    await page.browserContext().close();
  });

  test('scans with the camera, which is turned off again, and passes over other codes', async () => {
    const page = await openPage('/offline', cameraThatSees('https://registration.test/verify/a.b.c'));
    await page.waitForSelector('[data-scan-start]:not([hidden])');
    await page.click('[data-scan-start]');
    await page.waitForSelector('[data-outcome="forged"]:not([hidden])');
    await page.waitForSelector('[data-scan-start]:not([hidden])');
    expect(await page.$eval('video', (video) => Reflect.get(video, 'srcObject'))).toBeNull();
    const other = await openPage('/offline', cameraThatSees('weixin://pay'));
    await other.waitForSelector('[data-scan-start]:not([hidden])');
    await other.click('[data-scan-start]');
    await other.waitForFunction("document.querySelector('[data-scan-status]').textContent.includes('不是证件上的')");
    await other.click('[data-scan-stop]');
    await other.waitForSelector('[data-scan-start]:not([hidden])');
    await Promise.all([page, other].map((one) => one.browserContext().close()));
  });

  test('meets no barrier, whatever is shown', async () => {
    const page = await openPage('/offline/en');
    const found = [...(await barriersOn(page))];
    for (const text of [holds.code, gone.code, holds.number]) {
      await check(page, text);
      found.push(...(await barriersOn(page)));
    }
    expect(found).toEqual([]);
    await page.browserContext().close();
  });
});
