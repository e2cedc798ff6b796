import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personNumbered } from '../support/accountScene.ts';
import { browserMissing, launchBrowser } from '../support/browser.ts';
import { type Desk, openDesk } from '../support/managementPages.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { printedRows, type Written, written } from '../support/rosters.ts';
import { workbookOf } from '../support/workbooks.ts';

describe.skipIf(await browserMissing())('a roster in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rosters-'));
  let scene: Scene;
  let browser: Browser;
  let people = 7000;

  beforeAll(async () => {
    [scene, browser] = await Promise.all([startScene(), launchBrowser()]);
    await scene.sites.managementSite.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
    rmSync(folder, { recursive: true });
  });

  const newcomer = (differing: Partial<Written> = {}): Written => {
    people += 1;
    return { ...written, ...personNumbered(people), township: '', workUnit: '', ...differing };
  };

  const upload = async (desk: Desk, all: readonly Written[]) => {
    const path = join(folder, `${people}.xlsx`);
    writeFileSync(path, workbookOf({ rows: printedRows(all) }));
    await desk.open('/people/roster');
    const input = await desk.page.waitForSelector('input[type="file"]');
    await (input as unknown as { uploadFile: (path: string) => Promise<void> }).uploadFile(path);
    await desk.press('form[action="/people/roster"] .button');
  };

  test.each([
    [1280, true],
    [390, true],
    [1280, false],
  ])(
    '%i wide, scripts %s: is corrected, confirmed, followed to its end, and its passwords printed',
    async (width, scripts) => {
      const desk = await openDesk(browser, scene, 'huaxi-gly', { width, scripts });
      const good = newcomer();
      await upload(desk, [good, newcomer({ mobile: '1' })]);
      expect(await desk.text()).toContain('1 行有问题');
      expect(await desk.page.$('form[action$="/confirm"] .button:not([disabled])')).toBeNull();
      expect(await desk.barriers()).toEqual([]);
      expect(await desk.overflows()).toBe(false);
      await upload(desk, [good, newcomer()]);
      const held = Promise.withResolvers<void>();
      const { eventStore } = scene.app.services.deps;
      const { append } = eventStore;
      eventStore.append = async (stream, ...rest) => {
        if (stream.startsWith('staffPerson-')) await held.promise;
        return append(stream, ...rest);
      };
      await desk.press('form[action$="/confirm"] .button');
      expect(await desk.text()).toContain('正在登记 2 人');
      expect(await desk.barriers()).toEqual([]);
      held.resolve();
      eventStore.append = append;
      // By itself: replaced in place by scripts, by the page's own refresh without.
      await desk.page.waitForSelector('.notice.success');
      expect(await desk.text()).toContain('已登记 2 人');
      await desk.press('a[href$="/passwords"]');
      expect((await desk.page.$$('.slips > li')).length).toBe(2);
      expect(await desk.barriers()).toEqual([]);
      expect(await desk.overflows()).toBe(false);
      await desk.close();
    },
  );
});
