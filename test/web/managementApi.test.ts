import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { demoPassword } from '../../src/demo/staff.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';
import { demoStaff } from '../support/staffDirectory.ts';

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

    const askedAt = '2026-11-24T02:00:00.000Z';
    const early = await call('POST', `${url}/register`, { token, match, payload: { askedAt } });
    expect(early.json()).toMatchObject({ errors: [{ code: 'notLookedUp' }] });
    app.population.answer = { outcome: 'found', record: recordOf(data) };
    const lookUp = await call('POST', `${url}/look-up`, { token });
    expect(lookUp.json()).toMatchObject({ source: 'pis', answer: 'found', askedAt });
    expect((await call('POST', `${url}/register`, { token, match, payload: {} })).statusCode).toBe(400);
    const done = await call('POST', `${url}/register`, { token, match, payload: { askedAt } });
    expect(done.json()).toMatchObject({ status: 'registered' });

    while (!(await app.services.certificates.isIssued(id))) await app.services.deps.wait(5);
    const history = (await call('GET', `${url}/history`, { token })).json<{ events: { type: string }[] }>();
    const steps = ['Submitted', 'TaskReceived', 'Accepted', 'Registered', 'CertificateIssued'];
    expect(history.events.map((event) => event.type)).toEqual(steps);
  });

  test('takes evidence where the system cannot be reached, and nothing without it', async () => {
    const { id } = await registered();
    const token = await signedIn('guizhu-yang');
    const url = `/registrations/${id}`;
    const match = String((await call('POST', `${url}/accept`, { token, match: '"0"' })).headers['etag']);
    app.population.answer = { outcome: 'unreachable', reason: 'timeout' };
    expect((await call('POST', `${url}/look-up`, { token })).json()).toMatchObject({ reason: 'timeout' });
    const askedAt = '2026-11-24T02:00:00.000Z';
    const seen = { kind: 'marriageCertificate', number: 'J520103-2021-001234', shows: '2021年5月20日登记' };
    const bare = await call('POST', `${url}/register`, { token, match, payload: { askedAt, evidence: 'x' } });
    expect(bare.json()).toMatchObject({ status: 400, errors: [{ field: 'documents', code: 'noDocument' }] });
    const half = { askedAt, documents: [{ ...seen, number: ' ', shows: '' }] };
    expect((await call('POST', `${url}/register`, { token, match, payload: half })).json()).toMatchObject({
      errors: [
        { field: 'documents.0.number', code: 'noDocumentNumber', message: '请填写证件号码' },
        { field: 'documents.0.shows', code: 'noDocumentShows' },
      ],
    });
    const documents = [{ ...seen, kind: 'x' }];
    expect((await call('POST', `${url}/register`, { token, match, payload: { askedAt, documents } })).statusCode).toBe(
      400,
    );
    const payload = { askedAt, documents: [seen], evidence: '已核对原件' };
    expect((await call('POST', `${url}/register`, { token, match, payload })).json()).toMatchObject({
      status: 'registered',
    });
    const history = await call('GET', `${url}/history`, { token });
    const written = '结婚证 J520103-2021-001234：2021年5月20日登记\n已核对原件';
    const { events } = history.json<{ events: { type: string }[] }>();
    expect(events.find(({ type }) => type === 'Registered')).toMatchObject({
      data: { personal: { evidence: written } },
    });
  });

  test('registers in spite of differences only with an explanation, and only on the newest answer', async () => {
    const { id, data } = await registered();
    const token = await signedIn('guizhu-yang');
    const url = `/registrations/${id}`;
    const match = String((await call('POST', `${url}/accept`, { token, match: '"0"' })).headers['etag']);
    const record = recordOf(data);
    app.population.answer = { outcome: 'found', record: { ...record, wife: { ...record.wife, name: '王方' } } };
    const { askedAt } = (await call('POST', `${url}/look-up`, { token })).json<{ askedAt: string }>();
    const silent = await call('POST', `${url}/register`, { token, match, payload: { askedAt } });
    expect(silent.json()).toMatchObject({ status: 400, errors: [{ field: 'evidence', code: 'noExplanation' }] });
    app.clock.now += 1000;
    await call('POST', `${url}/look-up`, { token });
    const evidence = '已核对身份证原件';
    for (const [act, more] of [
      ['register', {}],
      ['decline', { reasons: ['other'], text: '不符' }],
    ] as const) {
      const old = await call('POST', `${url}/${act}`, { token, match, payload: { askedAt, evidence, ...more } });
      expect(old.json()).toMatchObject({ status: 409, errors: [{ field: 'askedAt', code: 'lookedUpSince' }] });
    }
  });

  test('looks up only what is accepted, for who may register it', async () => {
    const { id, data } = await registered();
    const token = await signedIn('guizhu-yang');
    const url = `/registrations/${id}`;
    app.population.answer = { outcome: 'found', record: recordOf(data) };
    const early = await call('POST', `${url}/look-up`, { token });
    expect(early.json()).toMatchObject({ status: 409, registrationStatus: 'submitted' });
    await call('POST', `${url}/accept`, { token, match: '"0"' });
    for (const account of ['guiyang', 'guizhu-gly', 'huaxi']) {
      expect((await call('POST', `${url}/look-up`, { token: await signedIn(account) })).statusCode).toBe(403);
    }
    const absent = await call('POST', `/registrations/${randomUUID()}/look-up`, { token });
    expect(absent.statusCode).toBe(404);
  });

  test('a key is for one act of one account: with another body it is refused, and nobody else’s act comes of it', async () => {
    const { id } = await registered();
    const other = await registered();
    const [yang, wu] = [await signedIn('guizhu-yang'), await signedIn('guizhu-wu')];
    const url = `/registrations/${id}`;
    const key = randomUUID();
    const payload = { reasons: ['other'], text: '内容不全' };
    const wrong = await call('POST', `${url}/reject`, {
      token: yang,
      match: '"0"',
      key,
      payload: { ...payload, text: ' ' },
    });
    expect(wrong.statusCode).toBe(400);
    const done = await call('POST', `${url}/reject`, { token: yang, match: '"0"', key, payload });
    expect(done.json()).toMatchObject({ status: 'rejected', text: '内容不全' });
    const changed = await call('POST', `${url}/reject`, {
      token: yang,
      match: '"0"',
      key,
      payload: { ...payload, text: '别的' },
    });
    expect(changed.json()).toMatchObject({ status: 422, type: '/problems/keyReused' });
    const elsewhere = await call('POST', `/registrations/${other.id}/accept`, { token: yang, match: '"0"', key });
    expect(elsewhere.statusCode).toBe(422);
    const another = await call('POST', `${url}/reject`, { token: wu, match: '"0"', key, payload });
    expect(another.statusCode).toBe(412);
    expect((await call('POST', `${url}/reject`, { token: yang, match: '"0"', key, payload })).statusCode).toBe(200);
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
