import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildManagementSite } from '#web/managementSite.ts';
import { buildPublicSite } from '#web/publicSite.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { password } from '../support/managementScene.ts';
import { testDirectory } from '../support/staffDirectory.ts';

let app: Running;
let publicSite: Awaited<ReturnType<typeof buildPublicSite>>;
let managementSite: Awaited<ReturnType<typeof buildManagementSite>>;

/** A page that calls things of its own as the frame around it calls its own. */
const grasping = {
  ...{ title: 'a page', site: 'http://localhost', path: ['520111'], locale: 'fr', languages: 'all', csrfToken: 'x' },
  ...{ styles: [], demo: 'x' },
};

beforeAll(async () => {
  app = await startApplication();
  app.services.deps.staff = testDirectory(password);
  const shared = {
    services: app.services,
    cookieSecret: 'a secret of tests, long enough',
    trustedProxies: ['127.0.0.1'],
  };
  publicSite = await buildPublicSite(shared);
  managementSite = await buildManagementSite({ ...shared, carried: { names: [], standing: () => ({}) } });
  managementSite.get('/of-tests', (_, reply) => reply.page('problem', grasping as never));
});
afterAll(async () => {
  await Promise.all([publicSite.close(), managementSite.close()]);
  await app.stop();
});

const overTls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '2001:db8:1:2::1' };
const json = { 'content-type': 'application/json' };
const submit = (headers: Record<string, string>, payload: object = declarationOf('520111004005', 3)) =>
  publicSite.inject({
    method: 'POST',
    url: '/api/v1/registrations',
    payload,
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });

describe('cookies', () => {
  test('go over TLS alone where the visitor came over TLS, and are kept from scripts', async () => {
    const answers = [
      await publicSite.inject({ url: '/language/en?to=/lookup', headers: overTls }),
      await publicSite.inject({ url: '/lookup', headers: overTls }),
      await managementSite.inject({ url: '/sign-in', headers: overTls }),
    ];
    const cookies = answers.flatMap(({ headers }) => headers['set-cookie'] ?? []);
    expect(cookies).toHaveLength(3);
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=(Lax|Strict)/);
    const plain = await publicSite.inject({ url: '/lookup' });
    expect(String(plain.headers['set-cookie'])).not.toContain('Secure');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\\b', '', '/ä'])(
    'choosing a language leads to no other site: %j',
    async (to) => {
      const answer = await publicSite.inject({ url: `/language/en?to=${encodeURIComponent(to)}` });
      expect(answer.headers.location).toBe('/');
    },
  );
});

describe('nesting without end', () => {
  test.each(['[', '{"a":'])('%j is refused as invalid', async (one) => {
    const close = one === '[' ? ']' : '}';
    const depth = 10_000;
    const payload = `${one.repeat(depth)}1${close.repeat(depth)}`;
    const answer = await publicSite.inject({
      method: 'POST',
      url: '/api/v1/registrations',
      payload,
      headers: { ...json, 'idempotency-key': randomUUID() },
    });
    expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([400, '/problems/invalid']);
  });

  test('so is what never closes', async () => {
    const answer = await publicSite.inject({
      method: 'POST',
      url: '/api/v1/registrations',
      payload: '['.repeat(20_000),
      headers: json,
    });
    expect(answer.statusCode).toBe(400);
  });
});

describe('a form that is too large', () => {
  test('says where what was typed still is', async () => {
    const payload = `note=${'x'.repeat(100_000)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const answer = await publicSite.inject({ method: 'POST', url: '/lookup', payload, headers });
    expect(answer.statusCode).toBe(413);
    expect(answer.body).toContain('按浏览器的“后退”回到表单，填写的内容还在');
  });
});

describe('the frame around a page', () => {
  test('stays whole, whatever the page calls its own', async () => {
    const { body } = await managementSite.inject({ url: '/of-tests?a=1' });
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain('href="/assets/management.css"');
    expect(body).toContain('href="/assets/management-list.css"');
    expect(body).toContain('href="/language/en?to=/of-tests"');
    expect(body).toContain('<body class="management">');
    expect(body).not.toContain('localhost');
  });
});

describe('answers', () => {
  test('about people are kept nowhere, certificates and tokens included', async () => {
    const session = { method: 'POST' as const, url: '/api/v1/session', payload: { account: 'guizhu-yang', password } };
    const answers = [
      await submit({}),
      await managementSite.inject(session),
      await managementSite.inject({ url: '/api/v1/inbox' }),
      await managementSite.inject({ url: '/readyz' }),
      await publicSite.inject({ url: '/lookup' }),
      await publicSite.inject({ url: '/api/v1/registration/certificate.pdf' }),
    ];
    expect(answers.map(({ headers }) => headers['cache-control'])).toEqual(answers.map(() => 'no-store'));
  });

  test('about nobody may be kept for a while', async () => {
    const urls = [
      '/assets/base.css',
      '/.well-known/jwks.json',
      '/api/v1/divisions?text=gzx',
      '/api/v1/divisions/52/children',
    ];
    for (const url of urls) {
      expect((await publicSite.inject({ url })).headers['cache-control']).toMatch(/^public, max-age=\d+/);
    }
  });
});

describe('limits', () => {
  test('hold for submissions through the API, for all addresses of one line together', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 61; n += 1) {
      const line = { 'x-forwarded-for': `2001:db8:7:7::${n.toString(16)}` };
      statuses.push((await submit(line, { nothing: n })).statusCode);
    }
    expect(new Set(statuses)).toEqual(new Set([400]));
    for (let n = 0; n < 61; n += 1) {
      const line = { 'x-forwarded-for': `2001:db8:9:9::${n.toString(16)}` };
      statuses.push((await submit(line, declarationOf('520111004005', 3))).statusCode);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.at(-2)).not.toBe(429);
    const nextDoor = await submit({ 'x-forwarded-for': '2001:db8:9:8::1' });
    expect(nextDoor.statusCode).not.toBe(429);
  });

  test('count verifications on the page and through the API together', async () => {
    const from = { 'x-forwarded-for': '2001:db8:5:5::1' };
    const statuses: number[] = [];
    for (let n = 0; n < 121; n += 1) {
      const payload = { certificate: 'GZ00000000000000000000' };
      const asked =
        n % 2 === 0
          ? publicSite.inject({ method: 'POST', url: '/api/v1/certificates/verify', payload, headers: from })
          : publicSite.inject({ url: `/verify/${payload.certificate}`, headers: from });
      statuses.push((await asked).statusCode);
    }
    expect(statuses.indexOf(429)).toBe(120);
  });
});
