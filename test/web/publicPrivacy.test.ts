import { expect, test } from 'vitest';
import { retentionOn } from '#domain/calendar/retention.ts';
import { openSites } from '../support/sites.ts';
import { visitorOf, wordsOf } from '../support/visitor.ts';

const { sites } = await openSites();

test('a couple is told before it gives personal data how long they are kept, and what it can ask for', async () => {
  const someone = visitorOf(sites.publicSite);
  expect((await someone.get('/')).body).toContain('href="/personal-data"');
  const page = await someone.get('/personal-data');
  expect(page.statusCode).toBe(200);
  const { years } = retentionOn('2026-11-24');
  const said = wordsOf(page);
  expect(said).toContain(`已登记 ${years.registered} 年`);
  expect(said).toContain(`未受理 ${years.rejected} 年`);
  expect(said).toContain(`未登记 ${years.declined} 年`);
  expect(said).toContain(`已撤回 ${years.withdrawn} 年，也可以随时要求删除`);
  for (const right of ['查看和带走', '更正', '删除', '投诉']) expect(said).toContain(right);
});
