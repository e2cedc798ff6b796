import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personNumbered } from '../support/accountScene.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import {
  adminAt,
  completeRecord,
  confirmAndIssue,
  establish,
  handle,
  register,
  registerNext,
  type Slip,
  signInFirst,
  slipsOn,
  uploadRoster,
  verifyAndGrant,
} from '../support/countyPages.ts';
import { type EmptyPlatform, startEmptyPlatform } from '../support/countyPlatform.ts';
import { fillAll, places } from '../support/couplePages.ts';
import { declarationOf } from '../support/declarations.ts';
import { withAuthenticator } from '../support/passkeyDevice.ts';
import { written } from '../support/rosters.ts';
import { openWindow, type Window } from '../support/window.ts';

const named = (name: string, number: number) => ({ ...personNumbered(number), name });
const people = {
  province: named('田海燕', 1),
  prefecture: named('陈志远', 2),
  county: named('班正华', 3),
  guizhu: named('龙再平', 4),
  qingyan: named('石明珠', 5),
  countyDesk: named('罗玉兰', 6),
  operator: named('杨秀兰', 7),
};
const couple = declarationOf(places.village);
const oneTimePassword = 'HKYK-T5MZ-96SQ-RCV6';

/** Someone's line of the county's roster. */
const line = (person: keyof typeof people, role: '1' | '2', township = '') => ({
  ...written,
  ...people[person],
  role,
  township,
  workUnit: '',
});

/** From a platform that holds nothing to a couple's certificate, by the pages alone, as whoever sets up a county sees them. */
describe.skipIf(await browserMissing())('a county built from nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'county-files-'));
  const desks: Record<'province' | 'prefecture' | 'county' | 'township' | 'operator' | 'couple', Window> = {} as never;
  const slips: Record<'prefecture' | 'county' | 'township' | 'operator', Slip> = {} as never;
  let platform: EmptyPlatform;
  let browser: Browser;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startEmptyPlatform(Object.values(people), [couple]), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(folder, { recursive: true });
  });

  test('tells whoever starts it to make the first admin, who is led to an app, a record and the first prefecture', async () => {
    expect(platform.greeting.join('\n')).toContain('npm run first-admin');
    const account = await platform.firstAdmin(people.province, oneTimePassword);
    const desk = await adminAt(browser, platform, { account, password: oneTimePassword });
    desks.province = desk;
    await completeRecord(desk);
    expect(await desk.text()).toContain('单位信息已保存');
    await establish(desk, '贵阳市', '贵阳市卫生健康局');
    await registerNext(desk, people.prefecture);
    expect(await desk.text()).toContain('核对一致');
    slips.prefecture = await confirmAndIssue(desk);
    expect(await desk.troubles()).toEqual([]);
  });

  test('goes on level by level, each by the admin that the one above registered', async () => {
    desks.prefecture = await adminAt(browser, platform, slips.prefecture);
    await completeRecord(desks.prefecture);
    await establish(desks.prefecture, '花溪区', '贵阳市花溪区卫生健康局');
    await registerNext(desks.prefecture, people.county);
    slips.county = await confirmAndIssue(desks.prefecture);

    desks.county = await adminAt(browser, platform, slips.county);
    await completeRecord(desks.county);
    await establish(desks.county, '贵筑街道', '贵筑街道办事处');
    await establish(desks.county, '青岩镇', '青岩镇人民政府');
    expect(await desks.county.text()).toMatch(/贵筑街道办事处 乡镇（街道）办公室 不完整.*青岩镇人民政府/);
    await desks.province.press('下属单位');
    expect(await desks.province.text()).toContain('贵阳市卫生健康局');
  });

  test('takes a roster once every line is right, and verifies who came by it', async () => {
    const desk = desks.county;
    await desk.press('人员', '.site-nav');
    await desk.press('花名册');
    const right = [line('guizhu', '1', '贵筑街道'), line('qingyan', '1', '青岩镇'), line('countyDesk', '2')];
    const { idNumber } = people.qingyan;
    const wrong = {
      ...line('qingyan', '1', '青岩镇'),
      idNumber: `${idNumber.slice(0, -2)}${9 - Number(idNumber.at(-2))}${idNumber.slice(-1)}`,
    };
    await uploadRoster(desk, join(folder, 'wrong.xlsx'), [...right.slice(0, 1), wrong]);
    expect(await desk.text()).toMatch(/1 行有问题.*石明珠.*校验码不符/);
    await desk.press('人员', '.site-nav');
    expect(await desk.text('table')).not.toContain('龙再平');
    await desk.press('花名册');
    await uploadRoster(desk, join(folder, 'right.xlsx'), right);
    await desk.press('确认登记 3 人');
    await desk.page.waitForSelector('.notice.success');
    await desk.press('打印密码条');
    const [guizhu] = await slipsOn(desk);
    expect(await desk.page.$$('.slips > li')).toHaveLength(3);
    await desk.press('登记花名册人员');
    await desk.press('打开未实名的人员');
    await verifyAndGrant(desk, '龙再平');
    expect(await desk.text()).toMatch(/已实名.*初审 长期有效/);
    if (guizhu === undefined) throw new Error('Nobody has a slip.');
    slips.township = guizhu;
  });

  test('has an operator who signs in by a passkey', async () => {
    desks.township = await adminAt(browser, platform, slips.township);
    await completeRecord(desks.township);
    await register(desks.township, '操作员', people.operator);
    slips.operator = await confirmAndIssue(desks.township);

    const desk = await signInFirst(browser, platform, slips.operator);
    desks.operator = desk;
    await withAuthenticator(desk.page);
    await desk.press('杨秀兰');
    await desk.type({ label: '办公室电脑' });
    await desk.press('添加通行密钥');
    expect(await desk.text()).toMatch(/通行密钥已添加.*办公室电脑/);
    await desk.press('退出', '.site-header');
    await desk.press('用通行密钥登录');
    expect(await desk.text('main')).toContain('没有待初审的登记');
  });

  test('registers its first couple, whose certificate anyone can verify, in the log as well', async () => {
    const window = await openWindow(browser, { width: 390 });
    desks.couple = window;
    await window.open(platform.publicUrl);
    await window.press('开始登记');
    await window.press('从第一步开始');
    await fillAll(window.page, couple);
    await window.page.click('#f-true');
    await window.press('提交');
    expect(await window.text()).toMatch(/贵筑街道办事处 拨打 0851-83851234/);

    await handle(desks.operator, couple.wife.name);
    const number = await desks.operator.until(/GZ\d{20}/);
    platform.minuteLater();
    await window.press('查验证件');
    await window.type({ text: number });
    await window.press('查验', 'main form');
    expect(await window.text()).toMatch(/证件有效.*王\*.*贵筑街道办事处/);
    await window.press('日志证明');
    await window.until(/签发确在日志之中/);
    expect(await window.text()).toMatch(/证号 GZ\d+ 记入时间 .* 覆盖它的检查点 第 \d+ 号/);
  });

  test('can be told afterwards: who did what, and that nothing was altered', async () => {
    const desk = desks.operator;
    await desk.press('审计记录');
    const told = await desk.text();
    expect(told).toMatch(/提交登记.*受理.*杨秀兰（贵筑街道办事处）.*准予登记.*生成电子生育服务证/);
    expect(told).toMatch(/谁查看过.*杨秀兰/);
    await desks.county.press('审计');
    expect(await desks.county.text()).toMatch(/贵筑街道办事处 \d+/);
    await desks.province.press('机构');
    await desks.province.press('审计记录');
    expect(await desks.province.text()).toMatch(/田海燕/);
    expect(await platform.faultsInLog()).toEqual([]);
    for (const window of Object.values(desks)) await window.close();
  });
});
