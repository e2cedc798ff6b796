import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { serious } from './managementPages.ts';

/** A browser window of one person: everything is done by what the page shows, by its words. */
export type Window = {
  page: Page;
  /** Types the address of a site, once: all else is reached by links. */
  open: (address: string) => Promise<void>;
  /** Follows the link or presses the button of these words, in `within` where there are several. */
  press: (words: string, within?: string) => Promise<void>;
  type: (fields: Readonly<Record<string, string>>) => Promise<void>;
  text: (selector?: string) => Promise<string>;
  /** Reloads the page until it says what happens by itself; the part of it that matched. */
  until: (words: RegExp) => Promise<string>;
  /** What is out of order with the page as it stands: barriers, and whether it is wider than the window. */
  troubles: () => Promise<readonly string[]>;
  close: () => Promise<void>;
};

const lookEveryMs = 200;
const ready = { waitUntil: 'domcontentloaded' } as const;

/** The first link or button in sight whose words begin so. */
const findWords = async (page: Page, words: string, within: string): Promise<ElementHandle> => {
  const found = await page.evaluateHandle(
    `[...document.querySelectorAll(${JSON.stringify(`${within} :is(a, button, summary)`)})].find((one) =>
      one.innerText.replace(/\\s+/g, ' ').trim().startsWith(${JSON.stringify(words)}) && one.checkVisibility())`,
  );
  const element = found.asElement();
  if (element !== null) return element as ElementHandle;
  const shown = await page.$eval('main', (main) => main.textContent.replace(/\s+/g, ' '));
  throw new Error(`Nothing says “${words}” on ${page.url()}: ${shown}`);
};

/** Opens a window that no other shares cookies with. */
export const openWindow = async (browser: Browser, { width = 1280, scripts = true } = {}): Promise<Window> => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (fault) => faults.push(String(fault)));
  await page.setViewport({ width, height: 900 });
  await page.setJavaScriptEnabled(scripts);
  await page.setExtraHTTPHeaders({ 'accept-language': 'zh-CN' });
  const text = (selector = 'body') =>
    page.$eval(selector, (part) => (part as unknown as { innerText: string }).innerText.replace(/\s+/g, ' ').trim());
  return {
    page,
    open: async (address) => void (await page.goto(address, ready)),
    press: async (words, within = 'body') => {
      const found = await findWords(page, words, within);
      await Promise.all([page.waitForNavigation(ready), found.click()]);
    },
    type: async (fields) => {
      for (const [name, value] of Object.entries(fields)) {
        await page.$eval(`[name="${name}"]`, (box, typed) => Object.assign(box, { value: typed }), value);
      }
    },
    text,
    until: async (words) => {
      for (;;) {
        const [found] = words.exec(await text()) ?? [];
        if (found !== undefined) return found;
        await pause(lookEveryMs);
        await page.reload(ready);
      }
    },
    troubles: async () => [
      ...(scripts ? await serious(page) : []),
      ...((await page.$eval('html', (html) => html.scrollWidth > html.clientWidth)) ? ['wider than the window'] : []),
    ],
    close: async () => {
      await context.close();
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
};
