import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { boxesOf } from '../../web/routes/management/onSiteForm.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { declarationOf } from '../support/declarations.ts';
import { type Desk, openDesk } from '../support/managementPages.ts';
import { recordOf, type Scene, startScene } from '../support/managementScene.ts';

let browser: Browser;
let scene: Scene;
let couples = 700;

const wellMade = async (desk: Desk): Promise<void> => {
  expect(await desk.overflows()).toBe(false);
  expect(await desk.barriers()).toEqual([]);
};

const cardOf = ({ name, idNumber }: RegistrationData['wife'], sex: string): string =>
  `${name}|${sex}|汉族|贵州省贵阳市花溪区贵筑街道明珠大道12号|${idNumber}`;

/** Types what a card reader types, Enter included. */
const readCard = async ({ page }: Desk, text: string): Promise<void> => {
  await page.focus('#card');
  await page.keyboard.type(text);
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.keyboard.press('Enter')]);
};

type Box = { type: string; value: string; innerHTML: string; dispatchEvent: (event: Event) => void };

/** Fills in every box as a person would; a select is given the place that it would offer once the box above is typed into. */
const fillIn = async ({ page }: Desk, data: RegistrationData): Promise<void> => {
  for (const [name, value] of Object.entries(boxesOf(data)).filter(([, text]) => text !== '')) {
    await page.$$eval(
      `[name="${name}"]`,
      (fields, text) => {
        for (const field of fields as unknown as readonly Box[]) {
          if (field.type === 'hidden') continue;
          if (field.type === 'select-one') field.innerHTML += `<option value="${text}">${text}</option>`;
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
      },
      value,
    );
  }
};

const saved = ({ page }: Desk) => page.waitForSelector('[data-saving][data-state="saved"]');

const keepShot = async ({ page }: Desk, name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

const tickOff = async ({ page }: Desk, data: RegistrationData): Promise<void> => {
  await page.click('[name="seen.idCard"]');
  await page.type('[name="number.idCard"]', data.wife.idNumber);
  await page.click('[name="seen.marriageCertificate"]');
  await page.type('[name="number.marriageCertificate"]', data.marriage.certificateNumber);
};

const submitByKeys = async ({ page }: Desk): Promise<void> => {
  await page.keyboard.down('Control');
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.keyboard.press('Enter')]);
  await page.keyboard.up('Control');
};

describe.skipIf(await browserMissing())('a couple that comes to the counter', () => {
  beforeAll(async () => {
    scene = await startScene();
    await Promise.all([scene.sites.managementSite.listen({ port: 0 }), scene.sites.publicSite.listen({ port: 0 })]);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await scene?.close();
  });

  test.each([1280, 390])('is registered in one sitting from a card reader on, at a width of %i', async (width) => {
    couples += 1;
    const data = declarationOf('520111004005', couples);
    scene.app.services.deps.population = { lookUp: async () => recordOf(data) } as never;
    const desk = await openDesk(browser, scene, 'guizhu-yang', { width, scripts: true });
    await desk.open('/on-site');
    await wellMade(desk);
    await desk.press('a[href="/on-site/new"]');
    await readCard(desk, cardOf(data.wife, '女'));
    await readCard(desk, cardOf(data.husband, '男'));
    expect(await desk.page.$eval('[name="husband.name"]', (box) => (box as unknown as { value: string }).value)).toBe(
      data.husband.name,
    );
    await keepShot(desk, `cards-${width}`);
    await wellMade(desk);
    await fillIn(desk, data);
    await saved(desk);
    await desk.page.waitForSelector('#findings .agrees');
    await tickOff(desk, data);
    await saved(desk);
    await keepShot(desk, `filled-${width}`);
    await wellMade(desk);
    await submitByKeys(desk);
    expect(await desk.text()).toContain('查询码');
    await keepShot(desk, `receipt-${width}`);
    await wellMade(desk);
    await desk.press('a[href$="#verification"]');
    await desk.page.waitForSelector('form[action$="/register"]');
    await desk.press('form[action$="/register"] button');
    expect(await desk.text()).toContain('已登记');
    await desk.close();
  });

  test('keeps what is typed when the connection breaks, says so, and saves it once it is back', async () => {
    const desk = await openDesk(browser, scene, 'guizhu-wu', { width: 1280, scripts: true });
    await desk.open('/on-site/new');
    await desk.page.setOfflineMode(true);
    await desk.page.type('[name="wife.name"]', '王芳');
    await desk.page.waitForSelector('[data-saving][data-state="broken"]');
    expect(await desk.text()).toContain('未保存：连接中断');
    await desk.page.setOfflineMode(false);
    await saved(desk);
    await desk.open('/on-site');
    expect(await desk.text()).toContain('王芳');
    await desk.close();
  });
});
