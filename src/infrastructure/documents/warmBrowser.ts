import type { Browser, Page } from 'puppeteer';
import type { FoundBrowser } from './findBrowser.ts';

type Warm = { browser: Browser; idle: Lent[]; lent: number; uses: number };

/** A page lent out; it is given back whether its work succeeded or not. */
export type Lent = { page: Page; warm: Warm; uses: number };

/** A browser kept running, lending out pages; it is started by the first who needs it, and again when it died. */
export type WarmBrowser = {
  /** A page without scripts and network; undefined where this machine has no browser. Rejects where it does not start. */
  lend: () => Promise<Lent | undefined>;
  giveBack: (lent: Lent, healthy: boolean) => Promise<void>;
  close: () => Promise<void>;
};

export type WarmBrowserOptions = {
  find: () => Promise<FoundBrowser>;
  launch: (found: { executablePath: string; args: string[] }) => Promise<Browser>;
  /** After so many uses a page, and a browser, is replaced: their memory grows by a third of a megabyte each time. */
  usesPerPage: number;
  usesPerBrowser: number;
};

const newPage = async (warm: Warm): Promise<Lent> => {
  const page = await warm.browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.setOfflineMode(true);
  return { page, warm, uses: 0 };
};

const quietly = (closing: Promise<unknown>): Promise<void> =>
  closing.then(
    () => undefined,
    // What is already dead need not be closed.
    () => undefined,
  );

/** See `WarmBrowser`; nothing is started before the first `lend`. */
export const warmBrowser = ({ find, launch, usesPerPage, usesPerBrowser }: WarmBrowserOptions): WarmBrowser => {
  let live: Warm | undefined;
  let starting: Promise<Warm | undefined> | undefined;
  let closed = false;

  // The last one to use it turns off the light.
  const retire = async (warm: Warm): Promise<void> => {
    if (live === warm) live = undefined;
    if (warm.lent === 0) await quietly(warm.browser.close());
  };

  const start = async (): Promise<Warm | undefined> => {
    const found = await find();
    if ('missing' in found || closed) return undefined;
    const warm: Warm = { browser: await launch(found), idle: [], lent: 0, uses: 0 };
    live = warm;
    warm.browser.once('disconnected', () => void retire(warm));
    if (closed) await retire(warm);
    return live;
  };

  const current = async (): Promise<Warm | undefined> => {
    if (live?.browser.connected) return live;
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  };

  return {
    lend: async () => {
      const warm = await current();
      if (warm === undefined) return undefined;
      warm.lent += 1;
      warm.uses += 1;
      if (warm.uses >= usesPerBrowser && live === warm) live = undefined;
      try {
        return warm.idle.pop() ?? (await newPage(warm));
      } catch (fault) {
        warm.lent -= 1;
        await retire(warm);
        throw fault;
      }
    },
    giveBack: async (lent, healthy) => {
      const { page, warm } = lent;
      lent.uses += 1;
      if (healthy && lent.uses < usesPerPage) warm.idle.push(lent);
      else await quietly(page.close());
      warm.lent -= 1;
      if (live !== warm) await retire(warm);
    },
    close: async () => {
      closed = true;
      await starting?.catch(() => undefined);
      const last = live;
      live = undefined;
      if (last !== undefined) await quietly(last.browser.close());
    },
  };
};
