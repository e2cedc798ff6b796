import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Finding = { id: string; impact: string | null; nodes: { target: string[] }[] };

/** What axe finds serious or critical on a page as it stands, and whether it is wider than its window. */
export const barriersOn = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe);
  const findings = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  )) as Finding[];
  const wider = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
  const at = new URL(page.url()).pathname;
  const barriers = findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${at}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  return wider > 0 ? [...barriers, `${at}: ${wider} px wider than the window`] : barriers;
};
