import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';

let app: Running;
let sites: Sites;
let good: ReturnType<typeof declarationOf>;

beforeAll(async () => {
  app = await startApplication();
  sites = await buildSites(app);
  const [village] = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 });
  good = declarationOf(village?.code ?? '', 7);
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

const send = (payload: string | Buffer | object, headers: Record<string, string> = {}) =>
  sites.publicSite.inject({
    method: 'POST',
    url: '/api/v1/registrations',
    payload: payload as object,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
  });

const broken = (): Buffer => Buffer.from(JSON.stringify(good)).fill(0xff, 40, 43);
const text = (change: (data: typeof good) => object): string => JSON.stringify(change(good));

/** Each bad input, and the status that it must get. */
const inputs: readonly [string, () => string | Buffer, number, Record<string, string>?][] = [
  ['no JSON at all', () => '{"wife":', 400],
  ['nothing', () => '', 400],
  ['a list instead of a declaration', () => '[]', 400],
  ['a wrong type', () => text((data) => ({ ...data, wife: { name: 1, idNumber: [] } })), 400],
  ['a truth value for a number', () => text((d) => ({ ...d, application: { parity: true } })), 400],
  ['a list for a number', () => text((d) => ({ ...d, application: { parity: [1] } })), 400],
  ['another media type', () => '<a/>', 415, { 'content-type': 'application/xml' }],
  ['10 MB', () => text((data) => ({ ...data, note: 'x'.repeat(10_000_000) })), 413],
  ['broken UTF-8', broken, 400],
  ['half a surrogate pair', () => text((d) => ({ ...d, wife: { ...d.wife, name: '王\ud800' } })), 400],
  ['a NUL in a name', () => text((d) => ({ ...d, wife: { ...d.wife, name: '王\u0000芳' } })), 400],
  ['a script in a name', () => text((d) => ({ ...d, wife: { ...d.wife, name: '<script>x</script>' } })), 400],
  [
    'an unknown division',
    () => text((d) => ({ ...d, wifeHousehold: { ...d.wifeHousehold, division: '520111999999' } })),
    400,
  ],
  [
    'a marriage in the future',
    () => text((d) => ({ ...d, marriage: { ...d.marriage, registeredOn: '2026-11-25' } })),
    400,
  ],
  ['a day that is none', () => text((d) => ({ ...d, marriage: { ...d.marriage, registeredOn: '2021-02-30' } })), 400],
  [
    'a declared place elsewhere',
    () => text((d) => ({ ...d, declaration: { ...d.declaration, place: '520302001' } })),
    400,
  ],
  ['a thousand children', () => text((d) => ({ ...d, children: Array.from({ length: 1000 }, () => ({})) })), 400],
];

describe('bad input', () => {
  test.each(inputs)('%s is refused clearly and changes nothing', async (_, payload, status, headers = {}) => {
    const before = await app.stores.eventStore.lastPosition();
    const answer = await send(payload(), headers);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json<{ title: string }>().title).toMatch(/\p{Script=Han}/u);
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });

  test('names wrong members in words, never by keys of our own or a library’s sentence', async () => {
    for (const payload of ['[]', text((data) => ({ ...data, children: {} })), text((d) => ({ ...d, wife: 7 }))]) {
      const { errors } = (await send(payload)).json<{ errors: { code: string; message: string }[] }>();
      expect(errors.length).toBeGreaterThan(0);
      for (const { code, message } of errors) {
        expect(code).toMatch(/^[a-z][A-Za-z]*$/);
        expect(message).toMatch(/\p{Script=Han}/u);
        expect(message).not.toMatch(/fields\.|errors\.|\{/);
      }
    }
  });

  test('is answered in English to those who ask for it', async () => {
    const answer = await send('{', { 'accept-language': 'en-GB,en;q=0.9' });
    expect(answer.json<{ title: string }>().title).toMatch(/^[\x20-\x7e]+$/);
  });

  test('an unknown address is a problem document for programs and a page for people', async () => {
    const api = await sites.publicSite.inject({ url: '/api/v1/nothing' });
    expect(api).toMatchObject({ statusCode: 404 });
    expect(api.headers['content-type']).toContain('problem+json');
    const page = await sites.publicSite.inject({ url: '/nothing' });
    expect(page).toMatchObject({ statusCode: 404 });
    expect(page.headers['content-type']).toContain('text/html');
    const undecodable = await sites.publicSite.inject({ url: '/%E0%A4%A' });
    expect(undecodable).toMatchObject({ statusCode: 404 });
    expect(undecodable.json<{ title: string }>().title).toMatch(/\p{Script=Han}/u);
  });

  test('neither names nor ID numbers reach the log', async () => {
    await send(text((data) => data));
    await sites.publicSite.inject({
      method: 'POST',
      url: '/api/v1/registrations/open',
      payload: { queryCode: 'x', name: good.wife.name },
    });
    const written = JSON.stringify(sites.lines);
    expect(sites.lines.length).toBeGreaterThan(10);
    for (const secret of [good.wife.name, good.wife.idNumber, good.husband.idNumber, good.declaration.mobile]) {
      expect(written).not.toContain(secret);
    }
  });
});
