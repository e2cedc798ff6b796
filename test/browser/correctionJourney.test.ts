import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { type Desk, openDesk } from '../support/managementPages.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';

let browser: Browser;
let scene: Scene;

/** What no page may be: wider than its window, or hard to use. */
const wellMade = async (desk: Desk): Promise<void> => {
  expect(await desk.overflows()).toBe(false);
  expect(await desk.barriers()).toEqual([]);
};

const holds = async (number: string, outcome: string): Promise<void> => {
  const { certificates, deps } = scene.app.services;
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await certificates.verify(number)).outcome === outcome) return;
    await deps.wait(20);
  }
  throw new Error(`${number} never became ${outcome}.`);
};

const fill = async ({ page }: Desk, selector: string, text: string): Promise<void> => {
  await page.$eval(selector, (field) => {
    (field as unknown as { value: string }).value = '';
  });
  await page.type(selector, text);
};

const propose = async (desk: Desk, id: string): Promise<void> => {
  await desk.open(`/registrations/${id}/correct`);
  await wellMade(desk);
  await fill(desk, '[name="answer.wife.name"]', '王芳芳');
  await desk.page.type('#text', '录入时漏写一字，与身份证不符');
  await desk.page.select('#document0', 'idCard');
  await desk.page.type('#number0', '520111199512249003');
  await desk.page.type('#shows0', '姓名王芳芳');
  await desk.press('button[value="preview"]');
  expect(await desk.text()).toContain('核对更正前后');
  await wellMade(desk);
  await desk.press('button[value="confirm"]');
  expect(await desk.text()).toContain('等待他人复核');
};

const approve = async (desk: Desk, id: string): Promise<void> => {
  await desk.open('/corrections');
  await wellMade(desk);
  await desk.press(`a[href="/registrations/${id}/correction"]`);
  expect(await desk.text()).toContain('姓名王芳芳');
  await wellMade(desk);
  await desk.press('form[action$="/approve"] button');
  expect(await desk.text()).toContain('王芳芳');
};

const revoke = async (desk: Desk, id: string): Promise<void> => {
  await desk.open(`/registrations/${id}/revoke`);
  await wellMade(desk);
  await desk.page.click('input[value="forgedDocuments"]');
  await desk.page.type('#evidence', '民政部门来函：无此登记');
  await desk.page.type('#heardOn', '2026-11-20');
  await desk.page.type('#statement', '未作陈述');
  await desk.page.type('#text', '结婚证系伪造，登记依法撤销');
  await desk.press('button[value="preview"]');
  await wellMade(desk);
  await desk.press('button[value="confirm"]');
  expect(await desk.text()).toContain('登记已撤销，证件已作废');
};

describe.skipIf(await browserMissing())('what comes after a registration', () => {
  beforeAll(async () => {
    scene = await startScene();
    await Promise.all([scene.sites.managementSite.listen({ port: 0 }), scene.sites.publicSite.listen({ port: 0 })]);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await scene?.close();
  });

  test.each([1280, 390])(
    'a name is corrected by two people and the county revokes, at a width of %i',
    async (width) => {
      const { id, data } = await scene.submitted();
      const { services } = scene.app;
      const first = await register(scene.app, id, data);
      const setup = { width, scripts: true };
      const [yang, wu] = [
        await openDesk(browser, scene, 'guizhu-yang', setup),
        await openDesk(browser, scene, 'guizhu-wu', setup),
      ];
      await propose(yang, id);
      await approve(wu, id);
      await holds(first.number, 'void');
      const second = await services.certificates.content(id, { actor: { kind: 'applicant' } } as never);
      expect(second).toMatchObject({ wife: { name: '王芳芳' } });

      const huaxi = await openDesk(browser, scene, 'huaxi', setup);
      await huaxi.open(`/registrations/${id}`);
      await huaxi.page.click('input[name="reason"]');
      await huaxi.press('form[action="/access-reason"] .button');
      await revoke(huaxi, id);
      await holds(second?.number ?? '', 'void');
      const corrected = { ...data, wife: { ...data.wife, name: '王芳芳' } };
      const again = await services.applicant.submit(services.deps.ids(), corrected, { commandId: services.deps.ids() });
      expect(again).toMatchObject({ outcome: 'done' });
      for (const desk of [yang, wu, huaxi]) await desk.close();
    },
  );
});
