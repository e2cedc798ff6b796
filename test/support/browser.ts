import type { Browser } from 'puppeteer';
import puppeteer from 'puppeteer';
import { findBrowser } from '#infrastructure/documents/findBrowser.ts';

/** Starts the browser that production would use, with an empty profile; rejects with a sentence where there is none. */
export const launchBrowser = async (): Promise<Browser> => {
  const found = await findBrowser();
  if ('missing' in found) throw new Error(found.missing);
  return puppeteer.launch({ ...found, headless: 'shell' });
};

/** True where no browser starts: for `describe.skipIf(await browserMissing())`. In CI the tests run and fail instead. */
export const browserMissing = async (): Promise<boolean> =>
  process.env['CI'] === undefined && 'missing' in (await findBrowser());
