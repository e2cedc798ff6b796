import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passkeys } from '#infrastructure/passkeys.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { serious } from '../support/managementPages.ts';
import { withAuthenticator } from '../support/passkeyDevice.ts';
import { type SignInScene, startSignIn } from '../support/signInScene.ts';

const password = 'a lantern over water';

const wordsOf = (page: Page): Promise<string> =>
  page.$eval('body', (body) => (body as unknown as { innerText: string }).innerText.replace(/\s+/g, ' '));
const press = async (page: Page, selector: string) => {
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.click(selector)]);
};

describe.skipIf(await browserMissing())('signing in with a browser', () => {
  let browser: Browser;
  let scene: SignInScene;
  let origin: string;

  beforeAll(async () => {
    [browser, scene] = await Promise.all([launchBrowser(), startSignIn()]);
    const { deps } = scene.services;
    const at = await scene.sites.managementSite.listen({ port: 0, host: '127.0.0.1' });
    origin = at.replace('127.0.0.1', 'localhost');
    deps.signIn = { ...deps.signIn, secondFactor: 'everyone', passkeys: passkeys(() => origin) };
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
  });

  const windowOf = async (width = 1280) => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width, height: 1000 });
    await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
    return page;
  };
  const inOrder = async (page: Page) => {
    expect(await serious(page)).toEqual([]);
    expect(await page.$eval('html', (html) => html.scrollWidth > html.clientWidth)).toBe(false);
  };
  const signIn = async (page: Page, account: string, typed: string) => {
    await page.goto(`${origin}/sign-in`);
    await page.type('#account', account);
    await page.type('#password', typed);
    await press(page, 'form[action="/sign-in"] .button');
  };

  test('from the issued password over the app to a passkey, and away with the other session', async () => {
    const { account, password: first } = await scene.issued();
    const page = await windowOf();
    await withAuthenticator(page);
    await signIn(page, account, first);
    expect(await wordsOf(page)).toContain('请设置您自己的密码');
    await inOrder(page);
    await page.type('#next', password);
    await page.type('#again', password);
    await press(page, 'form[action="/sign-in/new-password"] .button');

    expect(await wordsOf(page)).toContain('先设置第二步验证');
    await inOrder(page);
    const secret = await page.$eval('.secret', (code) => code.textContent ?? '');
    await page.type('#code', scene.codeOf(secret));
    await press(page, 'form[action="/security/app"] .button');
    expect(await page.$$('.codes li')).toHaveLength(10);
    await inOrder(page);
    await press(page, '.actions .button:not([type="button"])');
    await press(page, '.site-header form button');

    scene.clock.now += 60_000;
    await signIn(page, account, password);
    expect(await wordsOf(page)).toContain('第二步');
    await inOrder(page);
    await page.type('#code', scene.codeOf(secret));
    await press(page, 'form[action="/sign-in/code"] .button');
    await page.goto(`${origin}/security`);
    await inOrder(page);
    await page.type('#label', '办公室电脑');
    await press(page, '.passkey-add .button');
    expect(await wordsOf(page)).toMatch(/通行密钥已添加.*办公室电脑 移除/);
    await press(page, '.site-header form button');

    const other = await windowOf(390);
    scene.clock.now += 60_000;
    await signIn(other, account, password);
    await other.type('#code', scene.codeOf(secret));
    await press(other, 'form[action="/sign-in/code"] .button');
    await other.goto(`${origin}/security`);
    await inOrder(other);

    await page.goto(`${origin}/sign-in`);
    const sent = page.waitForRequest((request) => request.url() === `${origin}/sign-in/passkey`);
    await press(page, '[data-passkey="signIn"] .button');
    expect(new URL(page.url()).pathname).toBe('/');
    const answer = new URLSearchParams((await sent).postData()).get('answer') ?? '';
    const challenge = passkeys(() => origin).challengeOf(JSON.parse(answer)) ?? '';
    const [passkey] = (await scene.staff.account(account))?.passkeys ?? [];
    if (passkey === undefined) throw new Error('There is no passkey.');
    const isFrom = (site: string, other: { challenge?: string; publicKey?: string } = {}) =>
      passkeys(() => site).isFrom(JSON.parse(answer), other.challenge ?? challenge, { ...passkey, ...other });
    expect(await isFrom(origin)).toBe(true);
    expect(await isFrom(origin.replace('localhost', 'localhost.evil.test'))).toBe(false);
    expect(await isFrom(origin.replace(/:\d+$/, ''))).toBe(false);
    expect(await isFrom(origin, { challenge: 'A'.repeat(43) })).toBe(false);
    expect(await isFrom(origin, { publicKey: `${passkey.publicKey.slice(0, -4)}AAAA` })).toBe(false);

    const thief = scene.computer('198.51.100.3');
    await thief.get('/sign-in');
    const replayed = await thief.post('/sign-in/passkey', { answer });
    expect([JSON.parse(answer).type, replayed.statusCode]).toEqual(['public-key', 401]);
    await page.goto(`${origin}/security`);
    await press(page, '.button.danger');
    expect(await wordsOf(page)).toContain('所选的登录已退出');
    await other.reload();
    expect(new URL(other.url()).pathname).toBe('/sign-in');
  });

  test('is told in time that the session will end, goes on by one press, and learns when it is over', async () => {
    scene.demand('nobody');
    const { account, password: own } = await scene.settled();
    const page = await windowOf();
    await signIn(page, account, own);
    scene.clock.now += 26 * 60_000;
    await page.evaluate('document.querySelector("[data-session-ends]").dataset.sessionEnds = "240"');
    await page.evaluate('import("/assets/management-session.js").then((notice) => notice.startSessionNotice())');
    expect(await wordsOf(page)).toContain('5 分钟内会自动退出');
    await inOrder(page);
    await page.click('[data-stay]');
    await page.waitForSelector('[data-session-ends][hidden]');
    scene.clock.now += 31 * 60_000;
    await page.evaluate('document.querySelector("[data-stay]").click()');
    await page.waitForSelector('[data-over]:not([hidden])');
    expect(await wordsOf(page)).toContain('已自动退出。您可以照常提交：填写的内容会保存一小时');
    await inOrder(page);
  });

  test('stays at the sign-in page, with words, where the device has no passkey', async () => {
    const page = await windowOf();
    await withAuthenticator(page);
    await page.goto(`${origin}/sign-in`);
    await page.click('[data-passkey="signIn"] .button');
    await page.waitForSelector('[data-passkey-error]:not([hidden])');
    expect(await wordsOf(page)).toContain('请再试一次，或换一种方式');
    await inOrder(page);
  });
});
