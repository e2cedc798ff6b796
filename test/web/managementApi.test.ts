import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { demoPassword, demoStaff } from '../../src/demo/staff.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';

let app: Running;
let sites: Sites;
let village: string;
let couples = 0;
const office = '520111004';

beforeAll(async () => {
  app = await startApplication();
  Object.assign(app.services.deps, { staff: demoStaff(app.services.deps.offices) });
  sites = await buildSites(app);
  village =
    app.services.deps.divisions.search('贵筑街道', { level: 'village', within: office, limit: 1 })[0]?.code ?? '';
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

const call = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { token, ...with_ }: { token?: string; payload?: object; match?: string; key?: string } = {},
) =>
  sites.managementSite.inject({
    method,
    url: `/api/v1${path}`,
    ...(with_.payload === undefined ? {} : { payload: with_.payload }),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(with_.match === undefined ? {} : { 'if-match': with_.match }),
      ...(with_.key === undefined ? {} : { 'idempotency-key': with_.key }),
    },
  });

const signedIn = async (account: string): Promise<string> => {
  const answer = await call('POST', '/session', { payload: { account, password: demoPassword } });
  return answer.json<{ token: string }>().token;
};

const registered = async (): Promise<{ id: string; data: RegistrationData }> => {
  couples += 1;
  const data = declarationOf(village, couples);
  const id = app.services.deps.ids();
  await app.services.applicant.submit(id, data, { commandId: app.services.deps.ids() });
  return { id, data };
};

const recordOf = (data: RegistrationData) => ({
  wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
  husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
  marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: data.marriage.registeredOn },
  children: [],
});

describe('the management API', () => {
  test('lets nobody in without a session, and tells who is signed in with one', async () => {
    expect((await call('GET', '/inbox')).statusCode).toBe(401);
    const wrong = await call('POST', '/session', { payload: { account: 'guizhu-yang', password: 'wrong' } });
    expect(wrong.statusCode).toBe(401);
    const token = await signedIn('guizhu-yang');
    expect((await call('GET', '/session', { token })).json()).toMatchObject({ name: '杨秀兰', office });
    expect((await call('DELETE', '/session', { token })).statusCode).toBe(204);
    expect((await call('GET', '/session', { token })).statusCode).toBe(401);
  });

  test('carries a registration from the inbox to its certificate', async () => {
    const { id, data } = await registered();
    const token = await signedIn('guizhu-yang');
    const inbox = (await call('GET', '/inbox?status=submitted', { token })).json<{ lines: { id: string }[] }>();
    expect(inbox.lines.map((line) => line.id)).toContain(id);
    const url = `/registrations/${id}`;
    const read = await call('GET', url, { token });
    expect(read.headers['etag']).toBe('"0"');
    expect((await call('POST', `${url}/accept`, { token })).statusCode).toBe(428);
    const accepted = await call('POST', `${url}/accept`, { token, match: '"0"' });
    expect(accepted.json()).toMatchObject({ status: 'accepted', registerDueOn: '2026-11-26', handler: '杨秀兰' });
    const match = String(accepted.headers['etag']);

    const early = await call('POST', `${url}/register`, { token, match, payload: {} });
    expect(early.json()).toMatchObject({ errors: [{ code: 'notLookedUp' }] });
    app.population.answer = { outcome: 'found', record: recordOf(data) };
    const lookUp = await call('POST', `${url}/look-up`, { token });
    expect(lookUp.json()).toMatchObject({ source: 'pis', answer: 'found' });
    const done = await call('POST', `${url}/register`, { token, match, payload: {} });
    expect(done.json()).toMatchObject({ status: 'registered' });

    const history = (await call('GET', `${url}/history`, { token })).json<{ events: { type: string }[] }>();
    expect(history.events.map((event) => event.type)).toEqual(['Submitted', 'TaskReceived', 'Accepted', 'Registered']);
  });

  test('takes evidence where the system cannot be reached, and nothing without it', async () => {
    const { id } = await registered();
    const token = await signedIn('guizhu-yang');
    const url = `/registrations/${id}`;
    const match = String((await call('POST', `${url}/accept`, { token, match: '"0"' })).headers['etag']);
    app.population.answer = { outcome: 'unreachable', reason: 'timeout' };
    expect((await call('POST', `${url}/look-up`, { token })).json()).toMatchObject({ reason: 'timeout' });
    const bare = await call('POST', `${url}/register`, { token, match, payload: {} });
    expect(bare.json()).toMatchObject({ status: 400, errors: [{ code: 'unverified' }] });
    const evidence = '已核对结婚证原件';
    const done = await call('POST', `${url}/register`, { token, match, payload: { evidence } });
    expect(done.json()).toMatchObject({ status: 'registered' });
  });

  test('tells the second of two who was first, and answers a repeated act as the first time', async () => {
    const { id } = await registered();
    const [yang, wu] = [await signedIn('guizhu-yang'), await signedIn('guizhu-wu')];
    const url = `/registrations/${id}`;
    const key = randomUUID();
    expect((await call('POST', `${url}/receive`, { token: yang, match: '"0"', key })).statusCode).toBe(200);
    expect((await call('POST', `${url}/receive`, { token: yang, match: '"0"', key })).statusCode).toBe(200);
    const late = await call('POST', `${url}/reject`, {
      token: wu,
      match: '"0"',
      payload: { reasons: ['untrueMarriage'], text: '不符' },
    });
    expect(late.statusCode).toBe(412);
    expect(late.json()).toMatchObject({ since: [{ type: 'TaskReceived', actor: { account: 'guizhu-yang' } }] });
  });

  test('keeps other offices out and finds people only within one’s own', async () => {
    const { id, data } = await registered();
    const elsewhere = app.services.deps.offices.children('520302')[0]?.code;
    const stranger = await signedIn(`czy-${elsewhere}`);
    expect((await call('GET', `/registrations/${id}`, { token: stranger })).statusCode).toBe(403);
    expect((await call('GET', `/inbox?office=${office}`, { token: stranger })).statusCode).toBe(403);
    const payload = { text: data.wife.idNumber };
    await app.services.deps.awaitViews(['search'], await app.stores.eventStore.lastPosition());
    const own = await call('POST', '/registrations/search', { token: await signedIn('guizhu-wu'), payload });
    expect(own.json()).toMatchObject({ found: [{ id }] });
    const others = await call('POST', '/registrations/search', { token: stranger, payload });
    expect(others.json()).toEqual({ found: [] });
  });

  test('refuses a reason that does not exist, an id that is none, and a cursor of another page', async () => {
    const { id } = await registered();
    const token = await signedIn('guizhu-yang');
    const payload = { reasons: ['because'], text: '不符' };
    const reject = await call('POST', `/registrations/${id}/reject`, { token, match: '"0"', payload });
    expect(reject.statusCode).toBe(400);
    expect((await call('GET', '/registrations/none', { token })).statusCode).toBe(400);
    expect((await call('GET', '/inbox?after=abc', { token })).statusCode).toBe(400);
  });
});
