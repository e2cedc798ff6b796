import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '#infrastructure/documents/findBrowser.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';

const noBrowser = await browserMissing();
const packagedExists = process.platform === 'linux' && process.arch === 'x64';

describe('finding a browser', () => {
  test.skipIf(!packagedExists)(
    'given nothing installed, when asked, then the packaged one starts and draws',
    async () => {
      const found = await findBrowser({ PATH: '' });
      if ('missing' in found) throw new Error(found.missing);
      expect(found.executablePath).toContain('packaged-chromium');
      const browser = await puppeteer.launch({ ...found, headless: 'shell' });
      try {
        const page = await browser.newPage();
        await page.setContent('<h1>出生登记</h1>');
        expect(await page.evaluate('document.body.innerText')).toBe('出生登记');
        expect(
          Buffer.from(await page.pdf())
            .subarray(0, 5)
            .toString(),
        ).toBe('%PDF-');
      } finally {
        await browser.close();
      }
    },
  );

  test.skipIf(!packagedExists)(
    'given the packaged one, when it has started, then this process keeps its environment',
    async () => {
      const before = { ...process.env };
      await findBrowser({ PATH: '' });
      expect(process.env).toEqual(before);
      expect(existsSync(join(tmpdir(), 'chromium'))).toBe(false);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'given a browser that only says it is absent, when asked, then it is passed over',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'browsers-'));
      try {
        await writeFile(join(folder, 'chromium'), '#!/bin/sh\necho install the snap >&2\nexit 10\n', { mode: 0o755 });
        await writeFile(join(folder, 'mine'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
        const found = await findBrowser({ PATH: folder, PUPPETEER_EXECUTABLE_PATH: join(folder, 'mine') });
        expect(found).toMatchObject({ executablePath: join(folder, 'mine') });
        const other = await findBrowser({ PATH: folder });
        expect(other).not.toMatchObject({ executablePath: join(folder, 'chromium') });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  test.skipIf(noBrowser)('given this machine, when tests launch a browser, then it opens a page', async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      expect(await page.evaluate('1 + 1')).toBe(2);
    } finally {
      await browser.close();
    }
  });
});
