import { fc, test as property } from '@fast-check/vitest';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localOnly } from '#web/localPath.ts';
import { buildManagementSite } from '#web/managementSite.ts';
import { buildPublicSite } from '#web/publicSite.ts';
import { type Running, startApplication } from '../support/application.ts';
import { visitor } from '../support/managementBrowser.ts';
import { nameOf, walkedRoutes } from '../support/routeTable.ts';
import { addressOf } from '../support/routeWalk.ts';
import { testDirectory } from '../support/staffDirectory.ts';

const password = 'a password';
const nobody = '018f0000-0000-7000-8000-000000000000';
let app: Running;
let open: FastifyInstance[];
let publicSite: FastifyInstance;
let managementSite: FastifyInstance;

/** A site behind a proxy of its own, at an address of its own. */
const sitesAt = async (publicUrl: string | undefined, managementUrl: string | undefined) => {
  const shared = {
    services: app.services,
    cookieSecret: 'a secret of tests, long enough',
    trustedProxies: ['10.0.0.1'],
  };
  const carried = { names: [], standing: () => ({}) };
  const built = [
    await buildPublicSite({ ...shared, url: publicUrl }),
    await buildManagementSite({ ...shared, url: managementUrl, carried }),
  ] as const;
  open.push(...built);
  return built;
};

beforeAll(async () => {
  app = await startApplication();
  app.services.deps.staff = testDirectory(password);
  open = [];
  [publicSite, managementSite] = await sitesAt('https://public.test', 'https://inside.test:8443');
});
afterAll(async () => {
  await Promise.all(open.map((site) => site.close()));
  await app.stop();
});

const throughProxy = { remoteAddress: '10.0.0.1' };
const overTls = (host: string) => ({ host, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' });
const cookiesOf = (headers: Record<string, unknown>) => [headers['set-cookie'] ?? []].flat().map(String);

describe('a site with an address', () => {
  test.each(['evil.test', 'inside.test', 'public.test.evil.test', 'localhost', '10.0.0.9:8080', ''])(
    'answers nobody under the host %j',
    async (host) => {
      for (const url of ['/', '/lookup', '/api/v1/divisions?text=gz', '/nothing', '/language/en?to=/healthz']) {
        const answer = await publicSite.inject({ url, headers: overTls(host), ...throughProxy });
        expect({ url, status: answer.statusCode }).toEqual({ url, status: 421 });
        expect(answer.body).not.toContain(host === '' ? 'evil' : `//${host}`);
      }
    },
  );

  test('answers under its own host, in any spelling and at any port, and says where it is', async () => {
    for (const host of ['public.test', 'PUBLIC.test', 'public.test:443', 'public.test:8080']) {
      expect((await publicSite.inject({ url: '/lookup', headers: { host } })).statusCode).toBe(200);
    }
    const astray = await publicSite.inject({ url: '/lookup', headers: { host: 'evil.test', accept: 'text/html' } });
    expect(astray.body).toContain('https://public.test');
  });

  test('answers monitoring under any, which asks each instance, and gives the looks of the page that says so', async () => {
    for (const url of ['/healthz', '/readyz', '/assets/base.css']) {
      expect((await managementSite.inject({ url, headers: { host: '172.31.240.3:8081' } })).statusCode).toBe(200);
    }
  });

  test('that has none answers under any', async () => {
    const [site] = await sitesAt(undefined, undefined);
    for (const host of ['localhost:8080', '127.0.0.1:8080', '192.168.1.20:8080', 'my-computer.local']) {
      expect((await site.inject({ url: '/lookup', headers: { host } })).statusCode).toBe(200);
    }
  });
});

describe('cookies', () => {
  /** Every cookie that each site gives over TLS. */
  const given = async () => {
    const asked = async (site: FastifyInstance, url: string, host: string) =>
      cookiesOf((await site.inject({ url, headers: overTls(host), ...throughProxy })).headers);
    const shown = await Promise.all(['/lookup', '/language/en'].map((url) => asked(publicSite, url, 'public.test')));
    const someone = visitor(managementSite, '10.0.0.1');
    const headers = overTls('inside.test');
    const page = await someone.get('/sign-in', headers);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const signed = await managementSite.inject({
      method: 'POST',
      url: '/sign-in',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      cookies: Object.fromEntries(someone.cookies),
      payload: new URLSearchParams({ account: 'guizhu-yang', password, to: '/', _csrf: csrf }).toString(),
      ...throughProxy,
    });
    expect(signed.statusCode).toBe(303);
    return { ofPublic: shown.flat(), ofManagement: [...cookiesOf(page.headers), ...cookiesOf(signed.headers)] };
  };

  test('over TLS are kept to one host by their name, and from scripts and other sites', async () => {
    const { ofPublic, ofManagement } = await given();
    expect([ofPublic.length, ofManagement.length]).toEqual([2, 3]);
    for (const cookie of [...ofPublic, ...ofManagement]) {
      expect(cookie).toMatch(
        /^__Host-[a-z-]+=[^;]+;(?=.* Path=\/(;|$))(?=.* HttpOnly)(?=.* Secure)(?=.* SameSite=(Lax|Strict))/,
      );
      expect(cookie).not.toContain('Domain');
    }
  });

  test('of the two sites share no name but that of the language', async () => {
    const { ofPublic, ofManagement } = await given();
    const names = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split('=')[0] ?? '');
    const own = names(ofPublic).filter((name) => !name.endsWith('-language'));
    expect(own.filter((name) => names(ofManagement).includes(name))).toEqual([]);
    expect(names(ofManagement)).toEqual(
      expect.arrayContaining(['__Host-management-csrf', '__Host-management-session']),
    );
  });
});

describe('forwarded headers', () => {
  test('are believed of the proxy alone: HSTS follows them from there and from nowhere else', async () => {
    const asked = { url: '/lookup', headers: overTls('public.test') };
    const [proxied, forged] = await Promise.all([
      publicSite.inject({ ...asked, ...throughProxy }),
      publicSite.inject({ ...asked, remoteAddress: '203.0.113.66' }),
    ]);
    expect(proxied.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
    expect(forged.headers['strict-transport-security']).toBeUndefined();
  });

  test('gain a forger no further try, and another host no answer', async () => {
    const tried = Array.from({ length: 21 }, (_, n) => {
      const headers = { host: 'public.test', 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` };
      const payload = { queryCode: `XXXX-${n}`, name: '王芳' };
      const url = '/api/v1/registrations/open';
      return publicSite.inject({ method: 'POST', url, headers, payload, remoteAddress: '198.51.100.3' });
    });
    const statuses = (await Promise.all(tried)).map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const headers = { host: 'evil.test', 'x-forwarded-host': 'public.test' };
    expect((await publicSite.inject({ url: '/lookup', headers, remoteAddress: '198.51.100.3' })).statusCode).toBe(421);
  });
});

describe('every answer', () => {
  const policyOf = (headers: Record<string, unknown>) =>
    Object.fromEntries(
      String(headers['content-security-policy'])
        .split(';')
        .map((one) => one.trim().split(/ (.*)/s))
        .map(([name = '', value = '']) => [name, value]),
    );

  test.each(['public', 'management'] as const)('of the %s site is told how a browser may take it', async (which) => {
    const site = which === 'public' ? publicSite : managementSite;
    const host = which === 'public' ? 'public.test' : 'inside.test';
    for (const route of [...(await walkedRoutes(site)), { method: 'GET', path: '/nothing' }]) {
      const url = addressOf(route, nobody);
      const { headers } = await site.inject({
        method: route.method as 'GET',
        url,
        headers: { host, origin: 'https://evil.test' },
      });
      const { 'script-src': scripts = 'self', ...policy } = policyOf(headers);
      const told = {
        sniff: headers['x-content-type-options'],
        referrer: headers['referrer-policy'],
        base: policy['base-uri'],
        frames: policy['frame-ancestors'],
        objects: policy['object-src'],
        inline: /unsafe|https?:|\*/.test(`${scripts} ${policy['default-src']}`),
        cors: headers['access-control-allow-origin'],
        camera: String(headers['permissions-policy']).split(',')[0],
        charset:
          headers['content-type'] === undefined ||
          !/^text\//.test(headers['content-type']) ||
          /charset=utf-8/i.test(headers['content-type']),
      };
      expect({ route: nameOf(route), ...told }).toEqual({
        route: nameOf(route),
        sniff: 'nosniff',
        referrer: 'no-referrer',
        base: "'none'",
        frames: "'none'",
        objects: "'none'",
        inline: false,
        cors: undefined,
        // Both read the codes of certificates.
        camera: 'camera=(self)',
        charset: true,
      });
    }
  });

  test('to a method that traces or to an address that cannot be read gives nothing away', async () => {
    const headers = { host: 'public.test' };
    const traced = await publicSite.inject({ method: 'TRACE' as 'GET', url: '/lookup', headers });
    expect(traced.statusCode).toBe(404);
    const unreadable = await publicSite.inject({ url: '/%E0%A4%A', headers });
    expect(unreadable.headers['x-content-type-options']).toBe('nosniff');
    expect(unreadable.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe('going on to a page', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('/', '\\', '//', 'evil.test', 'https:', '@', ':', '\t', '\n', '%2f', '?', '#', '.', ' '), {
        maxLength: 8,
      })
      .map((parts) => parts.join('')),
    fc.webUrl(),
  );

  property.prop([
    fc.oneof(
      nasty,
      nasty.map((text) => `/${text}`),
      fc.anything(),
    ),
  ])('never leads to another site, and never breaks a header', (to) => {
    const path = localOnly(to);
    expect(new URL(path, 'https://here.test/deep/page').origin).toBe('https://here.test');
    expect(path).toMatch(/^\/[\x21-\x7e]*$/);
  });
});
