import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { apiCaller, type Sent } from '../support/apiCaller.ts';
import { operator } from '../support/application.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';

const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || code.startsWith('520111'),
);
const record = { phone: '0851-83851234', address: '花溪大道1号', head: '王芳', contact: '张伟', mobile: '13800000001' };
let scene: Scene;
let admin: string;

const program = apiCaller(() => scene.sites.managementSite, '/api/v1/organisations');
const call = (method: 'GET' | 'POST', path: string, sent: Partial<Sent> = {}) =>
  program.call(method, path, { token: admin, ...sent });
const signedIn = (account: string) => program.signedIn(account, password);

/** Reads an organisation and changes it, based on what was read. */
const change = async (code: string, act: string, payload: object, token = admin) => {
  const read = await call('GET', `/${code}`, { token });
  return call('POST', `/${code}/${act}`, { token, payload, match: String(read.headers.etag) });
};

beforeAll(async () => {
  scene = await startScene(undefined, some);
  scene.directory.add({ ...operator('520111', 'gly-520111'), role: 'admin' });
  admin = await signedIn('gly-520111');
});
afterAll(() => scene.close());

describe('organisations through the API', () => {
  test('are read within one’s own subtree, who answers there by admins', async () => {
    const answer = await call('GET', '/520111004');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ name: '贵阳市花溪区贵筑街道办事处', parent: '520111', complete: true });
    expect(answer.json().contacts.head).toMatch(/\p{Script=Han}/u);
    const seen = await call('GET', '/520111004', { token: await signedIn('guizhu-yang') });
    expect(seen.json()).not.toHaveProperty('contacts');
    expect((await call('GET', '/5201')).statusCode).toBe(403);
    expect((await call('GET', '/520999')).statusCode).toBe(404);
  });

  test('are listed page by page, the incomplete ones alone where asked', async () => {
    const codes: string[] = [];
    for (let after = ''; ; ) {
      const path = `/520111/below?limit=7${after === '' ? '' : `&after=${after}`}`;
      const page = (await call('GET', path)).json<{ organisations: { code: string }[]; next?: string }>();
      codes.push(...page.organisations.map(({ code }) => code));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(codes).toHaveLength(some.length - 2);
    expect(new Set(codes).size).toBe(codes.length);
    const incomplete = (await call('GET', '/520111/below?incomplete=true')).json();
    expect(incomplete.organisations.map(({ complete }: { complete: boolean }) => complete)).not.toContain(true);
  });

  test('are established once per key', async () => {
    const key = randomUUID();
    const payload = {
      code: '520111-H02',
      kind: 'institution',
      level: 'county',
      parent: '520111',
      name: '花溪区妇幼保健院',
    };
    const first = await call('POST', '', { payload, key });
    expect([first.statusCode, first.headers.location]).toEqual([201, '/api/v1/organisations/520111-H02']);
    expect((await call('POST', '', { payload, key })).statusCode).toBe(201);
    const taken = await call('POST', '', { payload, key: randomUUID() });
    expect([taken.statusCode, taken.json().errors[0]]).toMatchObject([400, { field: 'code', code: 'taken' }]);
    const elsewhere = { ...payload, code: '5201-H01', parent: '5201', level: 'prefecture' };
    expect((await call('POST', '', { payload: elsewhere, key: randomUUID() })).statusCode).toBe(403);
  });

  test('are changed on what was read, and on nothing older', async () => {
    const read = await call('GET', '/520111102');
    const match = String(read.headers.etag);
    const completed = await call('POST', '/520111102/record', { payload: record, match });
    expect([completed.statusCode, completed.json()]).toMatchObject([
      200,
      { complete: true, contacts: { head: '王芳' } },
    ]);
    const stale = await call('POST', '/520111102/rename', { payload: { name: '石板镇政务服务中心' }, match });
    expect([stale.statusCode, stale.json().since]).toMatchObject([412, [{ type: 'OrganisationRecordCompleted' }]]);
    expect((await call('POST', '/520111102/rename', { payload: { name: '石板镇' } })).statusCode).toBe(428);
  });

  test.each([
    ['record', { ...record, phone: '1' }, 'phoneMalformed'],
    ['rename', { name: '!' }, 'wrongName'],
    ['move', { parent: '520111005' }, 'wrongLevel'],
    ['merge', { into: '520111006' }, 'cycle'],
  ])('are refused a wrong %s with a code and a sentence', async (act, payload, code) => {
    const answer = await change('520111006', act, payload);
    expect([answer.statusCode, answer.json().errors[0].code]).toEqual([400, code]);
    expect(answer.json().errors[0].message).not.toMatch(/\{|organisations\./);
  });

  test('merge into another, once', async () => {
    const done = await change('520111009', 'merge', { into: '520111010' });
    expect([done.statusCode, done.json()]).toMatchObject([200, { status: 'merged', successor: '520111010' }]);
    const again = await change('520111009', 'rename', { name: '花溪区平桥街道' });
    expect(again.json().errors[0].code).toBe('merged');
  });
});
