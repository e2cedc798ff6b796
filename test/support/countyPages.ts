import { writeFileSync } from 'node:fs';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'puppeteer';
import type { EmptyPlatform, Someone } from './countyPlatform.ts';
import { printedRows, type Written } from './rosters.ts';
import { openWindow, type Window } from './window.ts';
import { workbookOf } from './workbooks.ts';

/** The password that everyone chooses, each for their own account. */
const ownPassword = 'a lantern over quiet water';

/** What the app on someone's phone shows now. */
const codeOf = (secret: string, now: number): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: now });

/** Types account and password at the site's address. */
const signIn = async (window: Window, { managementUrl }: EmptyPlatform, account: string, password: string) => {
  await window.open(managementUrl);
  await window.type({ account, password });
  await window.press('登录', 'form[action="/sign-in"]');
};

/** The first sign-in: from the one-time password to one's own; it ends at whatever is due next. */
export const signInFirst = async (
  browser: Browser,
  platform: EmptyPlatform,
  { account, password }: Slip,
): Promise<Window> => {
  const window = await openWindow(browser);
  await signIn(window, platform, account, password);
  await window.type({ next: ownPassword, again: ownPassword });
  await window.press('保存新密码');
  return window;
};

/** Sets up the app that admins have to have, and keeps the recovery codes. */
const setUpApp = async (window: Window, { clock }: EmptyPlatform): Promise<void> => {
  const secret = await window.page.$eval('.secret', (code) => code.textContent ?? '');
  await window.type({ code: codeOf(secret, clock.now) });
  await window.press('确认启用');
  await window.press('已保存好');
};

/** An admin at their desk for the first time, with nothing lacking. */
export const adminAt = async (browser: Browser, platform: EmptyPlatform, slip: Slip): Promise<Window> => {
  const window = await signInFirst(browser, platform, slip);
  await setUpApp(window, platform);
  return window;
};

/** Fills in what an organisation tells of itself, from the reminder on every page. */
export const completeRecord = async (window: Window): Promise<void> => {
  await window.press('现在填报');
  await window.type({ phone: '0851-83851234', address: '花溪区清溪路1号', head: '陈志远', contact: '王芳' });
  await window.press('保存');
};

/** Establishes an organisation below one's own, by the list of places that have none yet. */
export const establish = async (window: Window, place: string, name: string): Promise<void> => {
  await window.press('机构', '.site-nav');
  await window.press('设立下级机构');
  await window.press(place, 'details.card');
  await window.type({ name });
  await window.press('设立', 'form.card');
};

/** What is handed over to someone for their first sign-in. */
export type Slip = { account: string; password: string };

/** Registers someone where the choice says, with all that can be granted. */
export const register = async (window: Window, where: string, person: Someone): Promise<void> => {
  await window.press('人员', '.site-nav');
  await window.press('登记人员');
  await choose(window.page, where);
  await window.press('继续');
  await window.type(person);
  await tickAll(window.page);
  await window.press('登记并核对');
};

/** Goes on from an organisation just established to its admin, who is offered all that can be granted. */
export const registerNext = async (window: Window, person: Someone): Promise<void> => {
  await window.press('接下来');
  await window.type(person);
  await window.press('登记并核对');
};

const tickAll = async (page: Page): Promise<void> => {
  for (const box of await page.$$('input[name^="grant-"]:not(:checked)')) await box.click();
};

const choose = async (page: Page, words: string): Promise<void> => {
  for (const choice of await page.$$('label.choice')) {
    if ((await choice.evaluate(({ textContent }) => textContent)).includes(words)) return choice.click();
  }
  throw new Error(`There is no choice “${words}”: ${await page.$eval('main', ({ textContent }) => textContent)}`);
};

/** Confirms who someone is and issues their one-time password, on their page. */
export const confirmAndIssue = async (window: Window): Promise<Slip> => {
  await window.press('查验身份证原件');
  await window.press('签发初始密码');
  await window.press('签发一次性密码');
  const [account = '', password = ''] = await window.page.$$eval('.secret', (all) =>
    all.map(({ textContent }) => textContent ?? ''),
  );
  return { account, password };
};

/** Uploads a roster as a file of the annex's form, from the people's page. */
export const uploadRoster = async (window: Window, file: string, people: readonly Written[]): Promise<void> => {
  writeFileSync(file, workbookOf({ rows: printedRows(people) }));
  const input = await window.page.waitForSelector('input[type="file"]');
  await (input as unknown as { uploadFile: (path: string) => Promise<void> }).uploadFile(file);
  await window.press('上传并检查');
};

/** Confirms someone who came by a roster and grants what is in their list, from the list of those who are not verified. */
export const verifyAndGrant = async (window: Window, name: string): Promise<void> => {
  await window.press(name, 'table');
  await window.press('立即核对');
  await window.press('查验身份证原件');
  await window.press('办理业务授权');
  await tickAll(window.page);
  await window.press('保存业务授权');
};

/** The slips of a roster as they are printed: an account and a one-time password each. */
export const slipsOn = async ({ page }: Window): Promise<readonly Slip[]> => {
  const printed = await page.$$eval('.slips > li code', (all) => all.map(({ textContent }) => textContent ?? ''));
  return printed.flatMap((password, n) => (n % 2 === 0 ? [] : [{ account: printed[n - 1] ?? '', password }]));
};

/** Reviews, verifies and registers a couple, from the workbench. */
export const handle = async (window: Window, wife: string): Promise<void> => {
  await window.press('工作台');
  await window.press(wife, 'main');
  await window.press('受理', '#decision');
  await window.page.waitForSelector('form.register');
  await window.press('准予登记');
};
