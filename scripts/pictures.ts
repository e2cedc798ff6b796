// Takes the pictures under docs/pictures/ from a demo province of its own: `npm run pictures`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { readConfig } from '#infrastructure/config.ts';
import { findBrowser } from '#infrastructure/documents/findBrowser.ts';
import { demoPassword } from '../src/demo/staff.ts';
import { startPlatform } from '../src/start.ts';

type Width = 390 | 1280;

// A working day in the middle of a week, so that pictures of any day look alike.
const noon = Date.parse('2026-11-25T04:00:00Z');
const folder = join(import.meta.dirname, '..', 'docs', 'pictures');

const openPage = async (browser: Browser, width: Width): Promise<Page> => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
  await page.setViewport({
    width,
    height: width === 390 ? 844 : 900,
    isMobile: width === 390,
    hasTouch: width === 390,
  });
  return page;
};

const take = async (page: Page, name: string, fullPage = true): Promise<void> => {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  process.stderr.write(`docs/pictures/${name}.png\n`);
};

const submit = (page: Page, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)]);

/** Fills the form with an example couple and submits it; pictures on the way. */
const registering = async (page: Page, site: string, width: Width): Promise<void> => {
  await page.goto(site);
  await take(page, `guidance-${width}`);
  await page.goto(`${site}/register/wife`);
  await page.type('[name="idNumber"]', '520111199512241225');
  await submit(page, 'main form .button');
  await take(page, `step-errors-${width}`);
  await page.goto(`${site}/register`);
  await page.click('details.example summary');
  await page.select('[name="example"]', width === 390 ? 'firstChild' : 'outsideProvince');
  await submit(page, 'form[action="/register/example"] button');
  await take(page, `tasks-${width}`);
  await page.goto(`${site}/register/wifeHousehold`);
  await take(page, `address-${width}`);
  await page.goto(`${site}/register/check`);
  await take(page, `check-${width}`);
  await page.click('[name="true"]');
  await submit(page, 'form[action="/register/check"] .button');
  await take(page, `receipt-${width}`);
};

const signedIn = async (page: Page, site: string, account: string): Promise<void> => {
  await page.goto(`${site}/sign-in`);
  await page.type('[name="account"]', account);
  await page.type('[name="password"]', demoPassword);
  await submit(page, 'form[action^="/sign-in"] .button');
};

const firstLink = async (page: Page, tab: string): Promise<string> => {
  await page.goto(new URL(tab, page.url()).href);
  return page.$eval('a[href^="/registrations/"]', (link) => link.getAttribute('href') ?? '');
};

const managing = async (page: Page, site: string): Promise<void> => {
  await page.goto(`${site}/sign-in`);
  await take(page, 'sign-in');
  await signedIn(page, site, 'guizhu-yang');
  await take(page, 'workbench');
  await page.goto(site + (await firstLink(page, '/?tab=submitted&flagged=1')));
  await take(page, 'review');
  await page.goto(site + (await firstLink(page, '/?tab=accepted')));
  await page.waitForNetworkIdle({ idleTime: 500, timeout: 10_000 }).catch(() => undefined);
  await take(page, 'verification');
  const registered = await firstLink(page, '/?tab=registered');
  await page.goto(`${site}${registered}/history`);
  await take(page, 'history');
  await page.goto(`${site}${registered}/certificate`);
  await take(page, 'certificate-page');
};

const overviews = async (page: Page, site: string): Promise<void> => {
  await signedIn(page, site, 'guizhou');
  await page.goto(`${site}/offices`);
  await take(page, 'offices');
};

/** What an admin has: people, organisations, and who looked at what. */
const administering = async (page: Page, site: string): Promise<void> => {
  await signedIn(page, site, 'guizhu-gly');
  const pages = {
    people: '/people',
    person: '/people/guizhu-linshi',
    roster: '/people/roster',
    organisation: '/organisations/520111004',
    audit: '/audit',
    security: '/security',
  };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(site + path);
    await take(page, name);
  }
};

const onThePhone = async (page: Page, site: string): Promise<void> => {
  await signedIn(page, site, 'guizhu-yang');
  await take(page, 'workbench-390');
};

const found = await findBrowser();
if ('missing' in found) throw new Error(found.missing);
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'pictures-'));
const config = readConfig({
  DATA_DIR: data,
  PUBLIC_PORT: '0',
  MANAGEMENT_PORT: '0',
  PUBLIC_URL: 'http://localhost:8080',
});
const platform = await startPlatform(config, pino({ level: 'silent' }), { clock: () => noon });
const browser = await puppeteer.launch({ ...found, headless: true });
try {
  for (const width of [390, 1280] as const)
    await registering(await openPage(browser, width), platform.publicUrl, width);
  await managing(await openPage(browser, 1280), platform.managementUrl);
  await administering(await openPage(browser, 1280), platform.managementUrl);
  await overviews(await openPage(browser, 1280), platform.managementUrl);
  await onThePhone(await openPage(browser, 390), platform.managementUrl);
} finally {
  await browser.close();
  await platform.stop();
  rmSync(data, { recursive: true, force: true });
}
