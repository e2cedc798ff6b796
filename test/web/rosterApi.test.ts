import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileLimits } from '#application/spreadsheets.ts';
import { demoPassword } from '../../src/demo/staff.ts';
import { personNumbered } from '../support/accountScene.ts';
import { type Running, startApplication } from '../support/application.ts';
import { printedRows, type Written, written } from '../support/rosters.ts';
import { buildSites, type Sites } from '../support/sites.ts';
import { demoStaff } from '../support/staffDirectory.ts';
import { formWith } from '../support/uploads.ts';
import { workbookOf } from '../support/workbooks.ts';

let app: Running;
let sites: Sites;
let token: string;
let people = 5000;

const signedIn = async (account: string): Promise<string> => {
  const payload = { account, password: demoPassword };
  const answer = await sites.managementSite.inject({ method: 'POST', url: '/api/v1/session', payload });
  return answer.json<{ token: string }>().token;
};

beforeAll(async () => {
  app = await startApplication();
  Object.assign(app.services.deps, { staff: demoStaff(app.services.deps.offices) });
  sites = await buildSites(app);
  token = await signedIn('guizhu-gly');
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

const call = (method: 'GET' | 'POST' | 'DELETE', path: string, headers = {}, as = token) =>
  sites.managementSite.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${as}`, ...headers },
  });

const newcomer = (differing: Partial<Written> = {}): Written => {
  people += 1;
  return { ...written, ...personNumbered(people), workUnit: '', ...differing };
};

const upload = async (bytes: Uint8Array, as = token) => {
  const { payload, headers } = await formWith({}, { name: 'roster.xlsx', bytes });
  const authorization = `Bearer ${as}`;
  const url = '/api/v1/roster';
  return sites.managementSite.inject({ method: 'POST', url, payload, headers: { ...headers, authorization } });
};
const uploaded = async (all: readonly Written[]) => {
  const answer = await upload(workbookOf({ rows: printedRows(all) }));
  expect(answer.statusCode).toBe(201);
  return answer.json<{ id: string; new: number; present: number; faulty: { row: number; faults: object[] }[] }>();
};

describe('a program', () => {
  test('uploads a roster, is told row by row what is wrong, and cannot confirm it', async () => {
    const preview = await uploaded([newcomer(), newcomer({ mobile: '123' })]);
    expect(preview).toMatchObject({
      rows: 2,
      new: 1,
      present: 0,
      faulty: [{ row: 5, faults: [{ column: 'mobile', code: 'garbled', message: expect.stringContaining('11 位') }] }],
    });
    const answer = await call('POST', `/roster/${preview.id}/confirm`);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ type: '/problems/notReady', reason: 'faulty' });
    expect((await call('GET', `/roster/${preview.id}`)).json()).toEqual(preview);
  });

  test('confirms once however often it asks, follows the job, and takes the passwords', async () => {
    const { id } = await uploaded([newcomer(), newcomer()]);
    const key = { 'idempotency-key': 'a-key-of-this-confirmation' };
    const first = await call('POST', `/roster/${id}/confirm`, key);
    expect([first.statusCode, first.headers.location]).toEqual([202, `/api/v1/roster/${id}/job`]);
    expect((await call('POST', `/roster/${id}/confirm`, key)).statusCode).toBe(202);
    await app.services.rosters.settled(id);
    const job = await call('GET', `/roster/${id}/job`);
    expect(job.json()).toMatchObject({ status: 'done', registered: 2, problems: [], done: 4, total: 4 });
    const passwords = await call('GET', `/roster/${id}/passwords`);
    expect(passwords.json()).toMatchObject([{ row: 4, role: 'operator', office: '520111004' }, { row: 5 }]);
    expect((await call('DELETE', `/roster/${id}/passwords`)).statusCode).toBe(204);
    expect((await call('GET', `/roster/${id}/passwords`)).statusCode).toBe(404);
  });

  test('exports as xlsx and csv', async () => {
    const csv = await call('GET', '/roster/people?format=csv');
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.body).toContain('身份证号码');
    expect((await call('GET', '/roster/people')).headers['content-type']).toContain('spreadsheetml');
  });

  test.each([
    ['no spreadsheet', Buffer.from('<html>'), 422, { type: '/problems/fileRefused', reason: 'webPage' }],
    ['no heading', Buffer.from('a,b\n1,2'), 422, { type: '/problems/fileRefused', reason: 'noHeading' }],
    ['more than may be', Buffer.alloc(fileLimits.bytes + 1), 413, { type: '/problems/tooLarge' }],
  ])('is told why a file with %s is refused', async (_, bytes, status, body) => {
    const answer = await upload(bytes);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(body);
  });

  test('is told that a file is missing', async () => {
    const answer = await call('POST', '/roster', { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(400);
    const { payload, headers } = await formWith({ note: 'x' });
    const authorization = `Bearer ${token}`;
    const url = '/api/v1/roster';
    const sent = { method: 'POST', url, payload, headers: { ...headers, authorization } } as const;
    const without = await sites.managementSite.inject(sent);
    expect(without.json()).toMatchObject({ type: '/problems/invalid', errors: [{ field: 'file' }] });
  });

  test('that is no admin’s, or not signed in, is refused before anything of the file is read', async () => {
    const operator = await signedIn('guizhu-yang');
    expect((await upload(Buffer.alloc(fileLimits.bytes + 1), operator)).statusCode).toBe(403);
    expect((await upload(Buffer.alloc(fileLimits.bytes + 1), 'nobody')).statusCode).toBe(401);
    expect((await call('GET', '/roster/people', {}, operator)).statusCode).toBe(403);
  });

  test('finds all of it described', async () => {
    const { paths } = (await sites.managementSite.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(paths['/api/v1/roster']).toMatchObject({
      post: {
        requestBody: { content: { 'multipart/form-data': { schema: { properties: { file: { format: 'binary' } } } } } },
      },
    });
    const described = Object.keys(paths).filter((path) => path.startsWith('/api/v1/roster'));
    expect(described.sort()).toEqual([
      '/api/v1/roster',
      '/api/v1/roster/people',
      '/api/v1/roster/{id}',
      '/api/v1/roster/{id}/confirm',
      '/api/v1/roster/{id}/job',
      '/api/v1/roster/{id}/passwords',
    ]);
  });
});
