import { createHash } from 'node:crypto';
import type { Browser, Page } from 'puppeteer';
import type { DocumentRenderer, PrintedDocument, RenderedDocument } from '#application/documents.ts';
import { boundedQueue } from './boundedQueue.ts';
import { certificateFonts } from './certificateFonts.ts';
import { type FoundBrowser, findBrowser } from './findBrowser.ts';
import { sameEachTime } from './sameEachTime.ts';
import { warmBrowser } from './warmBrowser.ts';

export type PdfRendererOptions = {
  /** Makes the self-contained page of a document; `fontCss` are its `@font-face` rules. */
  documentHtml: (document: PrintedDocument, fontCss: string) => string;
  /** Told why a document could not be made; never given personal data. */
  onFault?: (fault: Error) => void;
  find?: () => Promise<FoundBrowser>;
  launch?: (found: { executablePath: string; args: string[] }) => Promise<Browser>;
  /** Documents made at the same time, and how many more may wait. */
  pages?: number;
  waiting?: number;
  usesPerPage?: number;
  usesPerBrowser?: number;
  timeoutMs?: number;
};

type Settings = Required<PdfRendererOptions>;

// Over a pipe: no port that others on this machine could speak to. The program itself decides when it stops.
const launchHeadless: Settings['launch'] = async (found) => {
  const { default: puppeteer } = await import('puppeteer');
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return puppeteer.launch({ ...found, ...signals, headless: 'shell', pipe: true, timeout: 30_000 });
};

const defaults = {
  onFault: () => undefined,
  find: () => findBrowser(),
  launch: launchHeadless,
  pages: 2,
  waiting: 16,
  usesPerPage: 100,
  usesPerBrowser: 300,
  timeoutMs: 15_000,
};

const print = async (page: Page, html: string, timeout: number): Promise<Uint8Array> => {
  await page.setContent(html, { timeout });
  return page.pdf({ preferCSSPageSize: true, printBackground: true, timeout });
};

const rendered = (bytes: Uint8Array): RenderedDocument => ({
  outcome: 'rendered',
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const unavailable = (reason: 'noBrowser' | 'busy' | 'failed'): RenderedDocument => ({ outcome: 'unavailable', reason });

/** Prints with a browser; tries a second time where the first browser died or hung. */
const printer = (settings: Settings) => {
  const browser = warmBrowser(settings);
  const attempt = async (html: string): Promise<Uint8Array | undefined> => {
    const lent = await browser.lend();
    if (lent === undefined) return undefined;
    let healthy = false;
    try {
      const pdf = await print(lent.page, html, settings.timeoutMs);
      healthy = true;
      return pdf;
    } finally {
      await browser.giveBack(lent, healthy);
    }
  };
  const twice = (html: string) =>
    attempt(html).catch((fault: Error) => {
      settings.onFault(fault);
      return attempt(html);
    });
  return { print: twice, close: browser.close };
};

/**
 * Makes documents with a headless browser that is started at first use and kept warm (C2). Importing and creating it
 * costs nothing; a browser that dies is started again, at most `waiting` documents wait.
 */
export const pdfRenderer = (options: PdfRendererOptions): DocumentRenderer => {
  const settings: Settings = { ...defaults, ...options };
  const fonts = certificateFonts();
  const queue = boundedQueue(settings.pages, settings.waiting);
  const browser = printer(settings);
  const render = async (document: PrintedDocument): Promise<RenderedDocument> => {
    try {
      const fontCss = await fonts.cssFor(settings.documentHtml(document, ''));
      const pdf = await browser.print(settings.documentHtml(document, fontCss));
      return pdf === undefined ? unavailable('noBrowser') : rendered(sameEachTime(pdf, document.on));
    } catch (fault) {
      settings.onFault(fault as Error);
      return unavailable('failed');
    }
  };
  return {
    pdf: async (document) => (await queue(() => render(document))) ?? unavailable('busy'),
    canPrint: fonts.canPrint,
    close: browser.close,
  };
};
