import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { type Desk, openDesk, type Setup } from '../support/managementPages.ts';
import { password, recordOf, type Scene, startScene } from '../support/managementScene.ts';

const wide: Setup = { width: 1280, scripts: true };
const setups: readonly Setup[] = [
  wide,
  { width: 390, scripts: true },
  { width: 1280, scripts: false },
  { width: 390, scripts: false },
];

const differing = (data: RegistrationData) => {
  const { record } = recordOf(data);
  return { outcome: 'found' as const, record: { ...record, husband: { ...record.husband, name: '张炜' } } };
};

describe.skipIf(await browserMissing())('staff in a browser', () => {
  let browser: Browser;
  let scene: Scene;
  let origin: string;

  beforeAll(async () => {
    [browser, scene] = await Promise.all([launchBrowser(), startScene()]);
    origin = await scene.sites.managementSite.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
  });

  const statusOf = async (id: string) => (await scene.app.services.applicant.view(id))?.row.status;

  /** What a person and a machine see of a page: nothing runs out of it, axe finds no barrier. */
  const inOrder = async (desk: Desk) => {
    expect(await desk.overflows()).toBe(false);
    expect(await desk.barriers()).toEqual([]);
  };

  /** With scripts the answer comes by itself, without them by the button. */
  const answered = async (desk: Desk, { scripts }: Setup) => {
    if (!scripts) await desk.press('.look-up .button');
    await desk.page.waitForSelector('.answer');
  };

  describe.each(setups)('at $width px, scripts $scripts', (setup) => {
    test('takes, accepts, verifies a difference, registers with an explanation and reads the history', async () => {
      const { id, data } = await scene.submitted();
      scene.app.population.answer = differing(data);
      const desk = await openDesk(browser, scene, 'guizhu-yang', { ...setup, byHand: true });
      await desk.press(`#open-${id}`);
      await inOrder(desk);
      await desk.press('form[action$="/take"] .button');
      expect(await desk.text()).toContain('已领取，由您办理');
      await desk.press('form[action$="/accept"] .button');
      await answered(desk, setup);
      expect(await desk.text()).toContain('有 1 处与系统记录不一致');
      await inOrder(desk);
      await desk.press('form[action$="/register"] .button');
      expect(await desk.text()).toContain('有不一致的内容：请写明核对了什么');
      await desk.page.type('#evidence', '已核对身份证原件');
      await desk.press('form[action$="/register"] .button');
      expect(await desk.text()).toContain('已准予登记');
      expect(await statusOf(id)).toBe('registered');
      await desk.press('a[href$="/history"]');
      expect(await desk.text()).toMatch(/不一致 男方姓名 情况说明 已核对身份证原件/);
      await inOrder(desk);
      await desk.close();
    });
  });

  test.each([wide, { width: 390, scripts: false }])(
    'rejects after seeing what the couple will see, at $width px',
    async (setup) => {
      const { id } = await scene.submitted();
      const desk = await openDesk(browser, scene, 'guizhu-yang', setup);
      await desk.open(`/registrations/${id}`);
      await desk.page.click('.ending summary');
      if (setup.scripts) {
        await desk.page.click('[data-reason="untrueMarriage"]');
      } else {
        await desk.page.click('input[value="untrueMarriage"]');
        await desk.page.type('#text', '结婚登记日期与结婚证不一致');
      }
      await desk.press('.ending .button');
      expect(await desk.text()).toMatch(/婚姻登记信息不实 结婚登记.*与结婚证不一致/);
      await inOrder(desk);
      await desk.press('.actions a.secondary');
      expect(await desk.page.$eval('#text', (text) => (text as unknown as { value: string }).value)).toContain(
        '不一致',
      );
      await desk.press('.ending .button');
      await desk.press('[value="confirm"]');
      expect(await statusOf(id)).toBe('rejected');
      await desk.close();
    },
  );

  test.each([wide, { width: 390, scripts: false }])(
    'finds the preview again by reload, Back and forward, and what was typed after the session ended, at $width px',
    async (setup) => {
      const { id } = await scene.submitted();
      const desk = await openDesk(browser, scene, 'guizhu-yang', { ...setup, byHand: true });
      const words = '结婚登记日期与结婚证不一致';
      await desk.open(`/registrations/${id}`);
      await desk.page.click('.ending summary');
      await desk.page.click('input[value="untrueMarriage"]');
      await desk.page.type('#text', words);
      await desk.press('.ending .button');
      const preview = desk.page.url();
      await desk.page.reload();
      await desk.page.goBack();
      await desk.page.goForward();
      expect([desk.page.url(), await desk.text()]).toEqual([preview, expect.stringContaining(words)]);
      const now = scene.app.clock.now;
      scene.app.clock.now += 31 * 60_000;
      await desk.press('[value="confirm"]');
      expect(await desk.text()).toContain('您填写的内容已经保存');
      await inOrder(desk);
      await desk.page.type('#account', 'guizhu-yang');
      await desk.page.type('#password', password);
      await desk.press('form.card-body .button');
      expect(await desk.text()).toContain('刚才的内容还没有提交');
      expect(await desk.page.$eval('#text', (text) => (text as unknown as { value: string }).value)).toBe(words);
      await inOrder(desk);
      expect(await statusOf(id)).toBe('submitted');
      scene.app.clock.now = now;
      await desk.close();
    },
  );

  test.each([wide, { width: 390, scripts: false }])(
    'declines a couple without a record, at $width px',
    async (setup) => {
      const { id } = await scene.accepted();
      scene.app.population.answer = { outcome: 'absent' };
      const desk = await openDesk(browser, scene, 'guizhu-yang', setup);
      await desk.open(`/registrations/${id}`);
      await answered(desk, setup);
      await desk.page.click('.ending summary');
      await desk.page.click('input[value="notVerifiable"]');
      await desk.page.type('#text', '请到窗口核对');
      await desk.press('.ending .button');
      await desk.press('[value="confirm"]');
      expect(await statusOf(id)).toBe('declined');
      await desk.close();
    },
  );

  test('registers on documents when the system cannot be reached, and asks it again when it can', async () => {
    const first = await scene.accepted();
    const second = await scene.accepted();
    scene.app.population.answer = { outcome: 'unreachable', reason: 'timeout' };
    const desk = await openDesk(browser, scene, 'guizhu-yang', wide);
    await desk.open(`/registrations/${first.id}`);
    await answered(desk, wide);
    expect(await desk.text()).toContain('系统超时没有应答');
    await inOrder(desk);
    await desk.page.select('#document0', 'marriageCertificate');
    await desk.page.type('#number0', 'J520103-2021-001234');
    await desk.page.type('#shows0', '双方2021年5月20日登记结婚');
    await desk.press('form[action$="/register"] .button');
    expect(await statusOf(first.id)).toBe('registered');
    await desk.open(`/registrations/${second.id}`);
    await answered(desk, wide);
    scene.app.population.answer = recordOf(second.data);
    await desk.press('.asked .link-button');
    expect(await desk.text()).toContain('全部一致');
    await desk.press('form[action$="/register"] .button');
    expect(await statusOf(second.id)).toBe('registered');
    await desk.close();
  });

  test('two on one task: the second is told who was first, and goes on with what they typed', async () => {
    const { id } = await scene.submitted();
    const [yang, wu] = await Promise.all(
      ['guizhu-yang', 'guizhu-wu'].map((account) => openDesk(browser, scene, account, wide)),
    );
    if (yang === undefined || wu === undefined) throw new Error('A desk is missing.');
    await Promise.all([yang.open(`/registrations/${id}`), wu.open(`/registrations/${id}`)]);
    await wu.page.click('.ending summary');
    await wu.page.click('[data-reason="wrongAddress"]');
    await wu.press('.ending .button');
    const third = await openDesk(browser, scene, 'guizhu-wu', wide);
    await third.open(`/registrations/${id}`);
    await third.page.waitForSelector('[data-watch][data-connected]');
    await yang.press('form[action$="/take"] .button');
    await third.page.waitForFunction('document.querySelector("#changed-notice").innerText.includes("刚刚有了变化")');
    await third.close();
    await wu.press('[value="confirm"]');
    expect(await wu.text()).toMatch(/杨秀兰（贵阳市花溪区贵筑街道办事处）：领取任务/);
    expect(await wu.page.$eval('.error-summary', (summary) => summary.matches(':focus'))).toBe(true);
    await inOrder(wu);
    await wu.press('.ending .button');
    expect(await wu.text()).toContain('居住证明核对后再提交');
    await wu.press('[value="confirm"]');
    expect(await statusOf(id)).toBe('rejected');
    await Promise.all([yang.close(), wu.close()]);
  });

  test('the workbench shows what arrives without losing the focus, and says so', async () => {
    const { id } = await scene.submitted();
    const desk = await openDesk(browser, scene, 'guizhu-yang', wide);
    await desk.open('/');
    await desk.page.waitForSelector('[data-connected]');
    await desk.page.focus(`#open-${id}`);
    const arrived = await scene.submitted();
    await desk.page.waitForSelector(`#open-${arrived.id}`);
    expect(await desk.page.$eval(`#open-${id}`, (link) => link.matches(':focus'))).toBe(true);
    await desk.page.waitForFunction('document.getElementById("announcement").textContent === "新到 1 件登记"');
    await desk.close();
  });

  test('works by keys alone: j, k, Enter, /, ? and Esc, but not while someone types', async () => {
    await scene.submitted();
    await scene.submitted();
    const desk = await openDesk(browser, scene, 'guizhu-yang', wide);
    await desk.open('/');
    const { keyboard } = desk.page;
    const focused = () => desk.page.evaluate('document.activeElement.id') as Promise<string>;
    await keyboard.press('j');
    const first = await focused();
    await keyboard.press('j');
    const second = await focused();
    expect([first, second].every((focus) => focus.startsWith('open-'))).toBe(true);
    expect(second).not.toBe(first);
    await keyboard.press('k');
    expect(await focused()).toBe(first);
    await keyboard.type('?');
    expect(await desk.page.$eval('#keys-help', (dialog) => dialog.hasAttribute('open'))).toBe(true);
    await inOrder(desk);
    await keyboard.press('Escape');
    await keyboard.press('/');
    await keyboard.type('王芳jk?');
    expect(await desk.page.$eval('#search-text', (field) => (field as unknown as { value: string }).value)).toBe(
      '王芳jk?',
    );
    await desk.page.focus(`#${first}`);
    await Promise.all([desk.page.waitForNavigation(), keyboard.press('Enter')]);
    expect(desk.page.url()).toBe(`${origin}/registrations/${first.replace('open-', '')}`);
    await desk.close();
  });

  test('passes on to an office that is found while typing', async () => {
    const { id } = await scene.submitted();
    const desk = await openDesk(browser, scene, 'guizhu-yang', wide);
    await desk.open(`/registrations/${id}/pass-on`);
    await desk.page.type('#find', '青岩');
    await desk.page.locator('input[value="520111101"]').click();
    await desk.page.type('#text', '女方住青岩镇');
    await inOrder(desk);
    await desk.press('[value="preview"]');
    await inOrder(desk);
    await desk.press('[value="confirm"]');
    expect(await desk.text()).toContain('已转给另一个办公室');
    await desk.close();
  });

  test.each([1280, 390])('every other page is in order at %i px', async (width) => {
    const desk = await openDesk(browser, scene, 'huaxi', { width, scripts: true });
    for (const path of [
      '/',
      '/sign-in?account=guizhu-wu',
      '/search',
      '/offices',
      '/offices/520111004/inbox',
      '/no/such/page',
    ]) {
      await desk.open(path);
      await inOrder(desk);
    }
    await desk.close();
  });

  test.each([1280, 390])('the question why and the audit pages are in order at %i px', async (width) => {
    const { id } = await scene.submitted();
    const desk = await openDesk(browser, scene, 'guizhou', { width, scripts: true });
    await desk.open(`/registrations/${id}`);
    await inOrder(desk);
    await desk.press('form[action="/access-reason"] .button');
    expect(await desk.text()).toContain('请选择一个查看原因');
    await inOrder(desk);
    await desk.page.click('[value="supervision"]');
    await desk.press('form[action="/access-reason"] .button');
    expect(await desk.text()).toContain('王芳');
    const trails = ['offices/520111', 'offices/52/trail', 'accounts/guizhou', `records/registration/${id}`];
    for (const path of ['/audit', ...trails.map((one) => `/audit/${one}`)]) {
      await desk.open(path);
      await inOrder(desk);
    }
    await desk.close();
  });
});
