import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';

let app: Running;
let sites: Sites;
let village: string;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
  sites = await buildSites(app);
  village = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 })[0]?.code ?? '';
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

const nextCouple = (): RegistrationData => {
  couples += 1;
  return declarationOf(village, couples);
};

const submit = (payload: object, key: string = randomUUID()) =>
  sites.publicSite.inject({
    method: 'POST',
    url: '/api/v1/registrations',
    payload,
    headers: { 'idempotency-key': key },
  });

const open = async (queryCode: string, name: string) =>
  sites.publicSite.inject({ method: 'POST', url: '/api/v1/registrations/open', payload: { queryCode, name } });

const held = async (data = nextCouple()) => {
  const { queryCode } = (await submit(data)).json<{ queryCode: string }>();
  const opened = await open(queryCode, data.husband.name);
  return { data, queryCode, authorization: `Bearer ${opened.json<{ token: string }>().token}` };
};

const withMobile = (data: RegistrationData, mobile: string): RegistrationData => ({
  ...data,
  declaration: { ...data.declaration, mobile },
});

describe('submitting through the API', () => {
  test('answers with the query code, the due days and the office', async () => {
    const answer = await submit(nextCouple());
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['etag']).toBe('"0"');
    expect(answer.json()).toMatchObject({
      queryCode: expect.stringMatching(/^(\w{4}-){3}\w{4}$/),
      submittedOn: '2026-11-24',
      reviewDueOn: '2026-11-25',
      outcomeDueOn: '2026-11-26',
      office: { phone: expect.any(String) },
    });
  });

  test('sent again under its key, answers the same and makes nothing new', async () => {
    const key = randomUUID();
    const data = nextCouple();
    const [first, second] = [await submit(data, key), await submit(data, key)];
    expect(second.json()).toEqual(first.json());
  });

  test('refuses other data under a used key, and a missing or short key', async () => {
    const key = randomUUID();
    const data = nextCouple();
    await submit(data, key);
    expect(await submit(withMobile(data, '13900000000'), key)).toMatchObject({ statusCode: 422 });
    expect(await submit(data, 'short')).toMatchObject({ statusCode: 400 });
  });

  test('tells the second submission of a couple, in either order of time or spelling, where the first lies', async () => {
    const data = nextCouple();
    await submit(data);
    const answer = await submit({ ...data, wife: { ...data.wife, name: ' 王　芳 ' } });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ type: '/problems/duplicate', office: { code: village.slice(0, 9) } });
  });

  test('names every field in error with its code, and changes nothing', async () => {
    const before = await app.stores.eventStore.lastPosition();
    const data = nextCouple();
    const answer = await submit({ ...data, wife: { name: '<script>alert(1)</script>', idNumber: '12' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { errors } = answer.json<{ errors: { field: string; code: string }[] }>();
    expect(errors).toContainEqual(expect.objectContaining({ field: 'wife.name', code: 'nameGarbled' }));
    expect(errors).toContainEqual(expect.objectContaining({ field: 'wife.idNumber', code: 'idNumberLength' }));
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });
});

describe('coming back by query code and name', () => {
  test('either spouse opens what they declared', async () => {
    const data = nextCouple();
    const { queryCode } = (await submit(data)).json<{ queryCode: string }>();
    for (const name of [data.wife.name, data.husband.name]) {
      const answer = await open(queryCode.toLowerCase().replaceAll('-', ' '), name);
      expect(answer.json()).toMatchObject({ registration: { status: 'submitted', data } });
    }
  });

  test('wrong name, wrong code and no code at all answer with the same words', async () => {
    const { queryCode } = await held();
    const bodies = [];
    for (const [code, name] of [
      [queryCode, '李雷'],
      ['0000-0000-0000-0000', '王芳'],
      ['?', '王芳'],
    ] as const) {
      const answer = await open(code, name);
      const { instance: _, ...body } = answer.json<{ instance: string }>();
      bodies.push({ status: answer.statusCode, body });
    }
    expect(bodies[0]?.status).toBe(404);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test('amends on the revision that was read, is told of a newer one, and withdraws', async () => {
    const { data, authorization } = await held();
    const url = '/api/v1/registration';
    const put = (payload: object, match: string) =>
      sites.publicSite.inject({ method: 'PUT', url, payload, headers: { authorization, 'if-match': match } });
    const amended = await put(withMobile(data, '13911112222'), '"0"');
    expect(amended.headers['etag']).toBe('"1"');
    expect(amended.json()).toMatchObject({ data: { declaration: { mobile: '13911112222' } } });
    const late = await put(withMobile(data, '13933334444'), '"0"');
    expect(late.statusCode).toBe(412);
    expect(late.json()).toMatchObject({ since: [{ type: 'Amended' }] });
    expect(late.json<{ since: object[] }>().since[0]).not.toHaveProperty('actor');
    const withdraw = { method: 'POST', url: `${url}/withdraw` } as const;
    expect(await sites.publicSite.inject({ ...withdraw, headers: { authorization } })).toMatchObject({
      statusCode: 428,
    });
    const withdrawn = await sites.publicSite.inject({ ...withdraw, headers: { authorization, 'if-match': '"1"' } });
    expect(withdrawn.json()).toMatchObject({ status: 'withdrawn', may: { amend: false, resubmit: true } });
  });

  test('a token ends after half an hour, and an altered one never opens', async () => {
    const { authorization } = await held();
    const get = (value: string) =>
      sites.publicSite.inject({ url: '/api/v1/registration', headers: { authorization: value } });
    expect((await get(authorization)).statusCode).toBe(200);
    expect((await get(`${authorization.slice(0, -3)}AAA`)).statusCode).toBe(401);
    app.clock.now += 31 * 60_000;
    const ended = await get(authorization);
    expect([ended.statusCode, ended.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(ended.json()).toMatchObject({
      type: '/problems/notOpened',
      detail: expect.stringContaining('令牌已失效（30 分钟）。请用查询码和姓名重新打开'),
    });
  });

  test('guessing at one code ends in 429, and so does guessing from one address', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1) statuses.push((await open('1111-2222-3333-4444', '王芳')).statusCode);
    expect(statuses.at(-1)).toBe(429);
    app.clock.now += 11 * 60_000;
  });
});

describe('places and certificates', () => {
  test('finds a township by pinyin initials and says who handles it', async () => {
    const found = await sites.publicSite.inject({ url: '/api/v1/divisions?text=gzjd&level=township&within=520111' });
    expect(found.json<{ divisions: object[] }>().divisions).toContainEqual(
      expect.objectContaining({ code: '520111004', path: '贵州省贵阳市花溪区贵筑街道' }),
    );
    const office = await sites.publicSite.inject({ url: '/api/v1/divisions/520111004/office' });
    expect(office.json()).toMatchObject({ name: '贵阳市花溪区贵筑街道办事处' });
    expect(await sites.publicSite.inject({ url: '/api/v1/divisions/999999/children' })).toMatchObject({
      statusCode: 404,
    });
  });

  test('says of an unheard-of number that it is unknown, and publishes the keys', async () => {
    const verify = { method: 'POST', url: '/api/v1/certificates/verify' } as const;
    const answer = await sites.publicSite.inject({ ...verify, payload: { certificate: 'GZ52011120260000000001' } });
    expect(answer.json()).toEqual({ outcome: 'unknown' });
    const keys = await sites.publicSite.inject({ url: '/.well-known/jwks.json' });
    expect(keys.json()).toMatchObject({ keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' }] });
  });

  test('the OpenAPI document is version 3.1 and holds every route of the API and no page', async () => {
    const document = (await sites.publicSite.inject({ url: '/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, object>;
      components: { schemas: Record<string, object> };
    }>();
    expect(document.openapi).toBe('3.1.0');
    const paths = Object.keys(document.paths);
    expect(paths).toContain('/api/v1/registrations');
    expect(paths.filter((path) => !/^\/(api|\.well-known)\//.test(path))).toEqual([]);
    const referenced = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(Object.keys(document.components.schemas))).toEqual(new Set(referenced));
  });
});

describe('a couple’s personal data through the API', () => {
  const ask = (method: 'GET' | 'POST', path: string, authorization: string, revision?: number) =>
    sites.publicSite.inject({
      method,
      url: `/api/v1/registration${path}`,
      headers: { authorization, ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }) },
    });

  test('are given out whole to the holder, and to nobody else', async () => {
    const { data, authorization } = await held();
    const copy = await ask('GET', '/copy', authorization);
    expect(copy.json()).toMatchObject({
      form: 'birth-registration-copy/1',
      registration: { status: 'submitted' },
      declared: [{ data: { wife: data.wife } }],
      steps: [{ what: 'Submitted', by: { kind: 'couple' } }],
    });
    expect(copy.headers['cache-control']).toContain('no-store');
    expect((await ask('GET', '/copy', 'Bearer none')).statusCode).toBe(401);
  });

  test('are erased once it was withdrawn, not before; then the token opens nothing', async () => {
    const { authorization, queryCode, data } = await held();
    expect((await ask('POST', '/erase', authorization)).statusCode).toBe(409);
    expect((await ask('POST', '/withdraw', authorization, 0)).statusCode).toBe(200);
    expect((await ask('POST', '/erase', authorization)).statusCode).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/copy'],
      ['POST', '/erase'],
    ] as const) {
      expect([path, (await ask(method, path, authorization)).statusCode]).toEqual([path, 401]);
    }
    expect((await open(queryCode, data.wife.name)).statusCode).toBe(404);
  });
});
