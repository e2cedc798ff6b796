import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '#infrastructure/config.ts';
import { demoCouples } from '../../src/demo/demoCouples.ts';
import { demoPassword } from '../../src/demo/staff.ts';
import { type Platform, startPlatform } from '../../src/start.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';

const noon = Date.parse('2026-11-25T04:00:00Z');

const exampleOf = (example: string) => {
  const couple = demoCouples.find(({ key }) => key === example)?.data;
  if (couple === undefined) throw new Error(`There is no example ${example}.`);
  return couple;
};

/** What `npm start` starts, on ports of its own: the seeded province, the sandbox of the population systems, both sites. */
describe.skipIf(await browserMissing())('the platform as it is started', () => {
  let directory: string;
  let platform: Platform;
  let browser: Browser;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'journey-'));
    const config = readConfig({ DATA_DIR: directory, PUBLIC_PORT: '0', MANAGEMENT_PORT: '0' });
    platform = await startPlatform(config, pino({ level: 'silent' }), { clock: () => noon });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const openPage = async (width: number, scripts: boolean): Promise<Page> => {
    const page = await (await browser.createBrowserContext()).newPage();
    await page.setViewport({ width, height: 900 });
    await page.setJavaScriptEnabled(scripts);
    await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
    return page;
  };
  const press = (page: Page, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)]);
  const textOf = (page: Page, selector = 'main') => page.$eval(selector, (part) => part.textContent ?? '');

  /** Registers one of the demo's couples and comes back with the query code. */
  const submitExample = async (page: Page, example: string): Promise<string> => {
    await page.goto(`${platform.publicUrl}/register`);
    await page.click('details.example summary');
    await page.select('[name="example"]', example);
    await press(page, 'form[action="/register/example"] button');
    await page.goto(`${platform.publicUrl}/register/check`);
    await page.click('[name="true"]');
    await press(page, 'form[action="/register/check"] .button');
    expect(await textOf(page)).toContain('最迟');
    return (await textOf(page, '#query-code')).trim();
  };

  const signIn = async (page: Page, account: string) => {
    await page.goto(`${platform.managementUrl}/sign-in`);
    await page.type('[name="account"]', account);
    await page.type('[name="password"]', demoPassword);
    await press(page, 'form[action="/sign-in"] .button');
  };

  /** Finds a registration by an ID number, which no two couples share, and opens it. */
  const openCase = async (page: Page, idNumber: string) => {
    await page.type('.search-box [name="text"]', idNumber);
    await press(page, '.search-box button');
    await press(page, 'main a[href^="/registrations/"]');
  };

  const lookUp = async (page: Page, code: string, name: string) => {
    await page.goto(`${platform.publicUrl}/lookup`);
    await page.type('[name="code"]', code);
    await page.type('[name="name"]', name);
    await press(page, 'form[action="/lookup"] .button');
  };

  test.each([
    { scripts: true, width: 1280, example: 'firstChild' },
    { scripts: false, width: 390, example: 'outsideProvince' },
  ])('carries a couple to a verified certificate, scripts $scripts, $width px', async ({ scripts, width, example }) => {
    const couple = exampleOf(example);
    const applicant = await openPage(width, scripts);
    const code = await submitExample(applicant, example);

    const desk = await openPage(1280, scripts);
    await signIn(desk, 'guizhu-wu');
    await openCase(desk, couple.wife.idNumber);
    await press(desk, 'form[action$="/take"] button');
    await press(desk, 'form[action$="/accept"] button');
    if (scripts) await desk.waitForSelector('form[action$="/register"]');
    else await press(desk, 'form[action$="/look-up"] button');
    expect(await textOf(desk)).toContain(example === 'outsideProvince' ? '流动人口' : '全员人口');
    await press(desk, 'form[action$="/register"] .button');
    expect(await textOf(desk)).toContain('已登记');

    await lookUp(applicant, code.toLowerCase(), couple.husband.name);
    expect(await textOf(applicant)).toContain('已登记');
    await press(applicant, 'a[href="/certificate"]');
    expect(await textOf(applicant)).toContain(couple.wife.idNumber);
    await applicant.goBack();
    await press(applicant, 'a[href^="/verify/"]');
    const verified = await textOf(applicant);
    expect(verified).toContain(`${couple.wife.name.slice(0, 1)}*`);
    expect(verified).not.toContain(couple.wife.idNumber);
  });

  test('says when the population system is down, and takes the documents that staff saw instead', async () => {
    const code = await submitExample(await openPage(390, true), 'down');
    const desk = await openPage(1280, false);
    await signIn(desk, 'guizhu-yang');
    await openCase(desk, exampleOf('down').wife.idNumber);
    await press(desk, 'form[action$="/accept"] button');
    await press(desk, 'form[action$="/look-up"] button');
    await press(desk, 'form[action$="/register"] .button');
    expect(await textOf(desk, '.error-summary, .field-error')).not.toBe('');
    const kind = await desk.$eval('#document0 option:nth-child(2)', (option) => option.getAttribute('value') ?? '');
    await desk.select('#document0', kind);
    await desk.type('#number0', 'J520111-2013-990108');
    await desk.type('#shows0', '双方姓名和登记日期与申报一致');
    await press(desk, 'form[action$="/register"] .button');
    expect(await textOf(desk)).toContain('已登记');
    await press(desk, 'a[href$="/certificate"]');
    expect(await desk.$eval('[data-print]', (button) => button.checkVisibility())).toBe(false);
    const couple = await openPage(390, false);
    await lookUp(couple, code, '冉志刚');
    expect(await textOf(couple)).toContain('已登记');
  });
});
