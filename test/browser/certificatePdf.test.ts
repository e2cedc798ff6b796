import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer';
import { decodeQR } from 'qr/decode.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentRenderer } from '#application/documents.ts';
import { certificateFonts } from '#infrastructure/documents/certificateFonts.ts';
import { type PdfRendererOptions, pdfRenderer } from '#infrastructure/documents/pdfRenderer.ts';
import { certificateDocument } from '#web/certificate/certificatePage.ts';
import { documentHtml } from '#web/documents.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { certificateContent, longestCertificate } from '../support/certificates.ts';

const run = promisify(execFile);
const noBrowser = await browserMissing();
const hasPoppler = await run('pdftotext', ['-v']).then(
  () => true,
  () => false,
);

const started: Browser[] = [];
const launch: NonNullable<PdfRendererOptions['launch']> = async (found) => {
  const browser = await puppeteer.launch({ ...found, headless: 'shell', pipe: true });
  started.push(browser);
  return browser;
};

const rendererWith = (options: Partial<PdfRendererOptions> = {}): DocumentRenderer =>
  pdfRenderer({ documentHtml, launch, ...options });

const printed = (content = certificateContent()) => ({ kind: 'certificate', on: content.issuedOn, content }) as const;

const bytesOf = async (renderer: DocumentRenderer, content = certificateContent()): Promise<Buffer> => {
  const document = await renderer.pdf(printed(content));
  if (document.outcome !== 'rendered') throw new Error(`no PDF: ${document.reason}`);
  expect(document.sha256).toBe(createHash('sha256').update(document.bytes).digest('hex'));
  return Buffer.from(document.bytes);
};

const kill = async (browser: Browser | undefined): Promise<void> => {
  const gone = new Promise((resolve) => browser?.process()?.once('exit', resolve));
  browser?.process()?.kill('SIGKILL');
  await gone;
};

describe.skipIf(noBrowser)('the PDF of a certificate', () => {
  const faults: Error[] = [];
  let broken = false;
  let renderer: DocumentRenderer;
  beforeAll(() => {
    renderer = rendererWith({
      pages: 2,
      waiting: 2,
      onFault: (fault) => faults.push(fault),
      launch: async (found) => {
        if (broken) throw new Error('no memory');
        return launch(found);
      },
    });
  });
  afterAll(() => renderer.close());

  test('is one page of two embedded fonts, and the same bytes each time', async () => {
    const pdf = await bytesOf(renderer);
    const text = pdf.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    expect(text.match(/\/MediaBox \[0 0 841\.\d+ 594\.\d+\]|\/MediaBox \[0 0 842 595\]/)).not.toBeNull();
    expect(text.match(/\/FontFile2 /g)).toHaveLength(2);
    expect(text).not.toMatch(/\/FontFile3|\/Type3/);
    expect(text).toContain('/CreationDate (D:20261124000000');
    expect(pdf.length).toBeLessThan(150_000);
    expect((await bytesOf(renderer)).equals(pdf)).toBe(true);
  });

  test.skipIf(!hasPoppler)('can be read by programs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    try {
      const content = certificateContent();
      const wife = { ...content.wife, name: '马依努尔·㯊𬱖' };
      const husband = { ...content.husband, name: 'Jörg Müller-Lüdenscheidt' };
      const file = join(folder, 'certificate.pdf');
      await writeFile(file, await bytesOf(renderer, { ...content, wife, husband }));
      const { stdout } = await run('pdftotext', ['-raw', file, '-']);
      for (const shown of [content.number, wife.name, wife.idNumber, husband.name, content.office.name]) {
        expect(stdout).toContain(shown);
      }
      expect(stdout).toContain('二〇二六年十一月二十四日');
      expect(stdout).toMatch(/贵州省\s*（电子）\s*生育服务证/);
      const image = (await run('pdftoppm', ['-r', '200', file], { encoding: 'buffer', maxBuffer: 1 << 25 })).stdout;
      expect(decodeQR(fromPpm(image))).toBe(content.verifyUrl);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('given more at once than may wait, when asked, then the rest learn that it is busy', async () => {
    const documents = await Promise.all(Array.from({ length: 6 }, () => renderer.pdf(printed())));
    expect(documents.map(({ outcome }) => outcome).sort()).toEqual([
      ...Array(4).fill('rendered'),
      ...Array(2).fill('unavailable'),
    ]);
    expect(documents).toContainEqual({ outcome: 'unavailable', reason: 'busy' });
    expect((await renderer.pdf(printed())).outcome).toBe('rendered');
  });

  test('given its browser was killed, when asked, then it fails while none starts, and the next prints the same', async () => {
    const before = await bytesOf(renderer);
    broken = true;
    await kill(started.at(-1));
    const failed = await renderer.pdf(printed());
    expect(failed).toEqual({ outcome: 'unavailable', reason: 'failed' });
    expect(faults.map(({ message }) => message)).toContain('no memory');
    broken = false;
    expect((await bytesOf(renderer)).equals(before)).toBe(true);
  });

  test('given pages and browsers may be used a few times only, when they are used up, then others follow', async () => {
    const before = started.length;
    const short = rendererWith({ usesPerPage: 2, usesPerBrowser: 3 });
    try {
      await Promise.all(Array.from({ length: 4 }, () => bytesOf(short)));
      await bytesOf(short);
      const own = started.slice(before);
      expect(own).toHaveLength(2);
      expect(own.map(({ connected }) => connected)).toEqual([false, true]);
    } finally {
      await short.close();
    }
    expect(started.filter(({ connected }) => connected)).toHaveLength(1);
  });
});

describe('making documents', () => {
  test('given no browser, when asked, then it says so', async () => {
    const renderer = rendererWith({ find: async () => ({ missing: 'No browser found.' }) });
    expect(await renderer.pdf(printed())).toEqual({
      outcome: 'unavailable',
      reason: 'noBrowser',
    });
    await renderer.close();
  });
});

describe.skipIf(noBrowser)('the certificate on a page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['usual', certificateContent()],
    ['longest', longestCertificate()],
  ])('given the %s texts, when shown, then everything stands inside its frame', async (_, content) => {
    const page = await browser.newPage();
    const fontCss = await certificateFonts().cssFor(certificateDocument(content, ''));
    await page.setContent(certificateDocument(content, fontCss));
    await page.evaluate('document.fonts.ready.then(() => 0)');
    const outside = await page.evaluate(`(() => {
      const u = document.querySelector('.certificate-sheet').clientWidth / 297;
      const text = document.querySelector('.certificate-text');
      const particulars = document.querySelector('.certificate-particulars').getBoundingClientRect();
      const bottoms = (selector) => [...text.querySelectorAll(selector)].map((one) => [one, one.getBoundingClientRect()]);
      const beyond = (area) => ([, box]) => box.bottom > area.bottom + 1 || box.right > area.right + 1 || box.left < area.left - 1;
      const frame = { left: 20 * u, right: 277 * u, bottom: 191 * u };
      return [
        ...bottoms('.certificate-particulars *:not(wbr)').filter(beyond(particulars)),
        ...bottoms('figure, figcaption, .certificate-notes, .certificate-office > *, .certificate-date, .certificate-basis').filter(beyond(frame)),
      ].map(([one, box]) => one.className + ' ' + (box.bottom / u).toFixed(1) + ' ' + (box.right / u).toFixed(1));
    })()`);
    expect(outside).toEqual([]);
    await page.close();
  });

  test('given a phone, when shown, then the whole sheet fits its width', async () => {
    const page = await browser.newPage();
    await page.setViewport({ width: 390, height: 800 });
    await page.setContent(certificateDocument(certificateContent(), ''));
    const [sheet, all] = (await page.evaluate(
      `[document.querySelector('.certificate-sheet').offsetWidth, document.documentElement.scrollWidth]`,
    )) as [number, number];
    expect(sheet).toBeGreaterThan(300);
    expect(all).toBeLessThanOrEqual(390);
    await page.close();
  });
});

/** An image as `pdftoppm` writes it: a header of four words, then red, green and blue of each pixel. */
const fromPpm = (file: Buffer): { width: number; height: number; data: Uint8Array } => {
  const [header = '', width, height] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(file.toString('latin1', 0, 40)) ?? [];
  return { width: Number(width), height: Number(height), data: new Uint8Array(file.subarray(header.length)) };
};
