import { expect, test } from 'vitest';
import { declarationOf } from '../support/declarations.ts';
import { looksOf } from '../support/looks.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { openSites } from '../support/sites.ts';
import { visitorOf } from '../support/visitor.ts';

const { app, sites } = await openSites();

const whatOf = async (perform: () => Promise<unknown>) => {
  const { looks } = await looksOf(app, perform);
  return looks.map(({ what, subject, actor, from }) => [what, subject.kind, actor.kind, from?.entry, from?.network]);
};

test('a couple’s opening, certificate and download are each recorded once, with where from; no page of the visit is', async () => {
  const { code } = await registeredCouple(app, declarationOf('520111004005', 7));
  const someone = visitorOf(sites.publicSite, '198.51.100.7');
  const page = ['applicant', 'page', '198.51.0.0/16'];
  expect(await whatOf(() => someone.post('/lookup', { code, name: '李雷' }))).toEqual([]);
  expect(await whatOf(() => someone.post('/lookup', { code, name: '王芳' }))).toEqual([
    ['opened', 'registration', ...page],
  ]);
  expect(await whatOf(() => someone.get('/registration'))).toEqual([]);
  expect(await whatOf(() => someone.get('/certificate'))).toEqual([['opened', 'certificate', ...page]]);
  expect(await whatOf(() => someone.get('/certificate.pdf'))).toEqual([['printed', 'certificate', ...page]]);
  const open = { method: 'POST', url: '/api/v1/registrations/open', remoteAddress: '2001:db8:1:2::3' } as const;
  const opening = async () => sites.publicSite.inject({ ...open, payload: { queryCode: code, name: '张伟' } });
  expect(await whatOf(opening)).toEqual([['opened', 'registration', 'applicant', 'api', '2001:db8::/32']]);
  const accesses = await app.stores.eventStore.readAll(0, 1000);
  const stored = JSON.stringify(accesses.filter(({ stream }) => stream.startsWith('access-')));
  for (const secret of ['198.51.100.7', '2001:db8:1', '王芳', code]) expect(stored).not.toContain(secret);
});
