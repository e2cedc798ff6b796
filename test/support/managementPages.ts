import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer';
import { password, type Scene } from './managementScene.ts';

/** How a browser of the tests is set up; `word`: the password that is typed in it. */
export type Setup = { width: number; scripts: boolean; byHand?: boolean; word?: string };

/** One member of staff's browser window at the management site. */
export type Desk = {
  page: Page;
  open: (path: string) => Promise<void>;
  /** Presses what a person would and waits for the page it leads to. */
  press: (selector: string) => Promise<void>;
  text: () => Promise<string>;
  /** What axe-core finds serious or critical on the page. */
  barriers: () => Promise<readonly string[]>;
  /** Whether the page is wider than its window. */
  overflows: () => Promise<boolean>;
  /** Signs in again by hand where the page asks for it. */
  signInAgain: () => Promise<void>;
  /** Leaves a page by Back, comes again by forward, and reloads it. */
  goBackAndForth: () => Promise<void>;
  close: () => Promise<void>;
};

/** What axe-core finds serious or critical on a page. */
export const serious = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })',
  )) as axe.AxeResults;
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
};

const typePassword = async (page: Page, account: string, word: string) => {
  await page.type('#account', account);
  await page.type('#password', word);
  await Promise.all([page.waitForNavigation(), page.click('form.card-body .button')]);
};

/** A window of its own for one account, signed in: by hand where `byHand`, else with a session that is there already. */
export const openDesk = async (
  browser: Browser,
  { sites, signedIn }: Pick<Scene, 'sites' | 'signedIn'>,
  account: string,
  { width, scripts, byHand = false, word = password }: Setup,
): Promise<Desk> => {
  const origin = sites.managementSite.listeningOrigin;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(String(fault)));
  await page.setViewport({ width, height: 900 });
  await page.setJavaScriptEnabled(scripts);
  await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
  if (byHand) {
    await page.goto(`${origin}/sign-in`);
    await typePassword(page, account, word);
  } else {
    const { cookies } = await signedIn(account);
    const value = encodeURIComponent(cookies.get('management-session') ?? '');
    await context.setCookie({ name: 'management-session', value, domain: '127.0.0.1', path: '/' });
  }
  const ready = { waitUntil: 'domcontentloaded' } as const;
  return {
    page,
    press: async (selector) => {
      // A page still settles while it is read: with scripts a press waits until what it is meant for stands still.
      const pressed = scripts ? page.locator(selector).click() : page.click(selector);
      await Promise.all([page.waitForNavigation(ready), pressed]);
    },
    open: async (path) => void (await page.goto(`${origin}${path}`, ready)),
    text: () => page.$eval('body', (body) => (body as unknown as { innerText: string }).innerText.replace(/\s+/g, ' ')),
    barriers: () => (scripts ? serious(page) : Promise.resolve([])),
    overflows: () => page.$eval('html', (html) => html.scrollWidth > html.clientWidth),
    signInAgain: () => typePassword(page, account, word),
    goBackAndForth: async () => {
      await page.goBack(ready);
      await page.goForward(ready);
      await page.reload(ready);
    },
    close: async () => {
      await context.close();
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
};
