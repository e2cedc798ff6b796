import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from '#web/sheets.ts';
import { declarationOf } from '../support/declarations.ts';
import { looksOf } from '../support/looks.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { recordOf, type Scene, startScene } from '../support/managementScene.ts';
import { routesOf } from '../support/routes.ts';

const village = '520111004005';
const wife = { ...declarationOf(village, 40).wife, name: '欧阳晓岚' };
const office = '520111004';
let scene: Scene;
let id: string;
let yang: Visitor;
let auditor: Visitor;
const page = () => `/registrations/${id}`;

/** A registered couple, with its certificate. */
beforeAll(async () => {
  scene = await startScene();
  const made = await scene.submitted({ wife });
  id = made.id;
  yang = await scene.signedIn('guizhu-yang');
  scene.app.population.answer = recordOf(made.data);
  const shown = await yang.get(page());
  await yang.post(`${page()}/accept`, formOf(shown, `${page()}/accept`));
  await yang.post(`${page()}/look-up`);
  const ready = await yang.get(page());
  expect((await yang.post(`${page()}/register`, formOf(ready, `${page()}/register`))).statusCode).toBe(303);
  auditor = await scene.signedIn('guizhou');
});
afterAll(() => scene.close());

const settled = async () => {
  const { deps } = scene.app.services;
  await deps.awaitViews(['trail', 'accessDay', 'accessMonth'], await deps.eventStore.lastPosition());
};

describe('who looks at what is not their task', () => {
  it('is asked why before anything about a person is shown, once for half an hour', async () => {
    const huaxi = await scene.signedIn('huaxi');
    const asked = await huaxi.get(`${page()}/history`);
    expect(asked.statusCode).toBe(428);
    expect(textOf(asked)).toContain('请先说明查看原因');
    expect(textOf(asked)).toContain('贵筑街道');
    expect(asked.body).not.toContain('欧阳');
    const form = formOf(asked, '/access-reason');
    const nothing = await huaxi.post('/access-reason', form);
    expect([nothing.statusCode, textOf(nothing)]).toEqual([400, expect.stringContaining('请选择一个查看原因')]);
    const bare = await huaxi.post('/access-reason', { ...form, reason: 'other', text: ' ' });
    expect([bare.statusCode, textOf(bare)]).toEqual([400, expect.stringContaining('请写明原因')]);
    const given = await huaxi.post('/access-reason', { ...form, reason: 'complaint', text: '=1+2 来电' });
    expect([given.statusCode, given.headers.location]).toEqual([303, `${page()}/history`]);
    const { answer, looks } = await looksOf(scene.app, () => huaxi.get(`${page()}/history`));
    expect(textOf(answer)).toContain('欧阳晓岚');
    expect(looks).toMatchObject([{ what: 'history', task: 'other', reason: 'complaint' }]);
    expect((await huaxi.get(page())).statusCode).toBe(200);
  });

  it('is never led to another site, nor asked for a record of no kind', async () => {
    const huaxi = await scene.signedIn('huaxi');
    const form = formOf(await huaxi.get(page()), '/access-reason');
    const led = { ...form, kind: 'registration', id, to: '//evil.test', reason: 'supervision' };
    expect((await huaxi.post('/access-reason', led)).headers.location).toBe('/');
    expect((await huaxi.post('/access-reason', { ...led, kind: 'x' })).statusCode).toBe(400);
  });
});

describe('the audit pages', () => {
  it('show the trail of a record: what happened, who looked, why and from where', async () => {
    await settled();
    const due = await auditor.get(`/audit/records/registration/${id}`);
    expect(due.statusCode).toBe(428);
    expect(due.body).not.toContain('欧阳晓岚');
    const led = await auditor.post('/access-reason', { ...formOf(due, '/access-reason'), reason: 'supervision' });
    expect(led.headers.location).toBe(`/audit/records/registration/${id}`);
    const shown = await auditor.get(`/audit/records/registration/${id}`);
    const text = textOf(shown);
    for (const told of ['准予登记', '杨秀兰', '处理投诉、来电来访：', '罗玉兰', '业务管理 · 127.0.0.1']) {
      expect(text).toContain(told);
    }
    expect(text).not.toContain(wife.idNumber);
    const again = await auditor.post('/audit/records', { kind: 'registration', id });
    expect(again.headers.location).toBe(`/audit/records/registration/${id}`);
    expect((await auditor.post('/audit/records', { kind: 'registration', id: '欧阳晓岚' })).statusCode).toBe(404);
  });

  it('lead from a person to a day, from an office to its people, and show numbers with a picture', async () => {
    await settled();
    expect(textOf(await auditor.get('/audit/accounts/huaxi'))).toContain('查看登记的办理过程');
    const narrowed = await auditor.get(`/audit/offices/${office}/trail?kind=acts&from=2026-11-24&to=2026-11-24`);
    expect(textOf(narrowed)).toContain('领取任务');
    expect(textOf(await auditor.get(`/audit/offices/${office}/trail?from=2026-12-01`))).toContain('没有符合条件的记录');
    const numbers = await auditor.get('/audit/offices/520111');
    expect(numbers.body).toContain('<svg class="bars"');
    expect(textOf(numbers)).toContain('贵筑街道');
  });

  it('find a registration by its short number, its certificate or its address, and say in words what is not found', async () => {
    await settled();
    const short = id.slice(-8);
    expect(textOf(await yang.get(page()))).toContain(`编号 ${short}`);
    const [row] = await scene.app.services.deps.viewStore.get('registration', [id]);
    const { certificate = '' } = row as { certificate?: string };
    const trail = `/audit/records/registration/${id}`;
    for (const typed of [short, short.toUpperCase(), certificate, `http://localhost${page()}`]) {
      const led = await auditor.post('/audit/records', { kind: 'registration', id: typed });
      expect([typed, led.headers.location]).toEqual([typed, trail]);
    }
    const elsewhere = await scene.signedIn('guizhu-gly');
    expect((await elsewhere.post('/audit/records', { kind: 'registration', id: short })).headers.location).toBe(trail);
    for (const [kind, typed] of [
      ['registration', 'ffffffff'],
      ['registration', '01234567-89ab-7def-8123-456789abcdef'],
      ['account', 'nobody'],
    ] as const) {
      const missed = await auditor.post('/audit/records', { kind, id: typed });
      expect([missed.statusCode, missed.body.includes(`value="${typed}"`)]).toEqual([404, true]);
      expect(textOf(missed)).toContain('没有找到。请检查类别和编号');
    }
  });

  it('name what was done with staff’s data as that, and never as another office’s registrations', async () => {
    const township = await scene.signedIn('guizhu-gly');
    for (const path of ['/people', '/people/roster/people.csv'])
      expect((await township.get(path)).statusCode).toBe(200);
    await settled();
    const told = textOf(await auditor.get('/audit/accounts/guizhu-gly'));
    expect(told).toContain('导出人员名册');
    for (const wrong of ['查看外单位', '导出单位信息']) expect(told).not.toContain(wrong);
  });

  it('leave as files in which nothing runs as a formula', async () => {
    await settled();
    const csv = await auditor.get(`/audit/records/registration/${id}/trail.csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toContain('准予登记');
    for (const path of [`records/registration/${id}/trail`, `offices/${office}/trail`, 'accounts/huaxi']) {
      const xlsx = await auditor.get(`/audit/${path}.xlsx`);
      expect(xlsx.rawPayload.subarray(0, 2).toString()).toBe('PK');
    }
    expect((await auditor.get('/audit/offices/52/numbers.csv')).body).toContain('贵阳市卫生健康局');
    const cells = ['=1+2', '+1', '-1', '@x', '\t=1', '＝1', 'a,"b"\n', 5, -5];
    const written = csvOf({ sheet: '', columns: [{ title: 'x', width: 1 }], rows: [cells] });
    expect(written).toBe(`\uFEFFx\r\n'=1+2,'+1,'-1,'@x,'\t=1,'＝1,"a,""b""\n",5,-5\r\n`);
  });

  it('are there for holders of the authorisation alone', async () => {
    expect((await auditor.get('/offices')).body).toContain('href="/audit"');
    expect((await yang.get('/')).body).not.toContain('href="/audit"');
    const paths = [
      '',
      `/offices/${office}`,
      `/offices/${office}/trail`,
      '/accounts/huaxi',
      `/records/registration/${id}`,
    ];
    for (const path of paths) expect((await yang.get(`/audit${path}`)).statusCode).toBe(403);
    const township = await scene.signedIn('guizhu-gly');
    expect((await township.get('/audit/accounts/huaxi')).statusCode).toBe(403);
    expect((await township.get(`/audit/offices/${office}/trail`)).statusCode).toBe(200);
    expect((await auditor.get('/audit/records/registration/nothing')).statusCode).toBe(404);
  });
});

const filled = (path: string): string =>
  `${path}?tab=registered&status=registered`
    .replace(':kind', 'registration')
    .replace(':id', id)
    .replace(/:account(?=\?|\.|\/)/, 'guizhu-yang')
    .replace(/:(code|office)/, office)
    .replace(':locale', 'en');

const endless = '/inbox/events';

/** What can be read under a path, but for the audit itself, whose readings are recorded otherwise. */
const readable = async (isWanted: (path: string) => boolean) =>
  (await routesOf(scene.sites.managementSite))
    .filter(({ method, path }) => method === 'GET' && path !== endless && !/\/(assets|audit)\//.test(path))
    .map(({ path }) => path)
    .filter(isWanted);

describe.each([
  ['guizhu-yang', ['/', '/offices/:code/inbox'], ['/certificate', '/certificate.pdf']],
  ['guizhou', [], []],
] as const)('every page that %s can open', (account, ownLists: readonly string[], certificates) => {
  it('was recorded once where it names a person, but for lists of one’s own office', async () => {
    const reader = await scene.signedIn(account);
    await reader.sayWhy(id);
    await reader.post('/search', { text: '欧阳晓岚' });
    const counts = new Map<string, number>();
    const naming: string[] = [];
    for (const path of await readable((one) => !one.startsWith('/api/'))) {
      const { answer, looks } = await looksOf(scene.app, () => reader.get(filled(path)));
      counts.set(path, looks.length);
      if (answer.body.includes('欧阳晓岚')) naming.push(path);
    }
    const unrecorded = naming.filter((path) => !ownLists.includes(path) && counts.get(path) !== 1);
    expect(unrecorded).toEqual([]);
    for (const path of ['', '/history', ...certificates]) expect(counts.get(`/registrations/:id${path}`)).toBe(1);
    expect(naming).toEqual(expect.arrayContaining(['/registrations/:id', '/search', ...ownLists]));
  });
});

describe('programs', () => {
  const call = async (account: string, path: string, headers: Record<string, string> = {}) => {
    const { managementSite } = scene.sites;
    const payload = { account, password: 'a password' };
    const { token } = (await managementSite.inject({ method: 'POST', url: '/api/v1/session', payload })).json<{
      token: string;
    }>();
    const authorization = `Bearer ${token}`;
    return managementSite.inject({ url: `/api/v1${path}`, headers: { authorization, ...headers } });
  };

  it('say why in a header, or are told that a reason is due', async () => {
    const due = await call('guiyang', page());
    expect([due.statusCode, due.json()]).toEqual([428, expect.objectContaining({ type: '/problems/reasonDue' })]);
    for (const wrong of ['curiosity', 'other', 'other;%', `other;${'x'.repeat(501)}`]) {
      expect((await call('guiyang', page(), { 'x-access-reason': wrong })).statusCode).toBe(400);
    }
    const header = { 'x-access-reason': `other; ${encodeURIComponent('年度抽查')}` };
    const { answer, looks } = await looksOf(scene.app, () => call('guiyang', page(), header));
    expect(answer.json()).toMatchObject({ masked: true, data: { wife: { name: '欧阳晓岚' } } });
    expect(looks).toMatchObject([{ reason: 'other', personal: { reason: '年度抽查' }, from: { entry: 'api' } }]);
    const { paths } = (await scene.sites.managementSite.inject('/openapi.json')).json<{
      paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
    }>();
    const names = paths['/api/v1/registrations/{id}']?.get?.parameters?.map(({ name }) => name);
    expect(names).toContain('x-access-reason');
  });

  it('leave one record for all that they read, but for lists of their own office', async () => {
    const ownList = '/api/v1/inbox';
    const recorded: string[] = [];
    for (const path of await readable((one) => one.startsWith('/api/v1/'))) {
      const reading = () => call('guizhu-yang', filled(path).slice('/api/v1'.length));
      const { answer, looks } = await looksOf(scene.app, reading);
      // Masked, or without a name, and a look all the same: of this couple's certificate, of what it brought.
      const unnamed = ['/ordinary-certificate', '/scans'].some((end) => path.endsWith(end));
      const names = unnamed || answer.body.includes('欧阳晓岚') || path.endsWith('.pdf');
      expect([path, looks.length]).toEqual([path, names && path !== ownList ? 1 : 0]);
      if (looks.length > 0) recorded.push(path);
    }
    expect(recorded).toHaveLength(5);
  });

  it('read trails with cursors, and what they read is recorded as exported', async () => {
    await settled();
    const trail = (await call('guizhou', `/audit/records/registration/${id}`)).json<{ looks: { lines: object[] } }>();
    expect(trail).toMatchObject({ record: { kind: 'registration', id, office }, masked: true });
    expect(trail.looks.lines).toContainEqual(expect.objectContaining({ what: 'history', task: 'other' }));
    const lines = (await call('guizhou', '/audit/accounts/huaxi/trail?kind=opened')).json<{ lines: object[] }>();
    expect(lines.lines.length).toBeGreaterThan(0);
    expect((await call('guizhou', `/audit/offices/${office}/trail?after=x`)).statusCode).toBe(400);
    expect((await call('guizhou', `/audit/offices/${office}/numbers?month=2026-11`)).json()).toMatchObject({
      lines: [{ office, own: true }],
    });
    expect((await call('guizhu-yang', `/audit/records/registration/${id}`)).statusCode).toBe(403);
    await settled();
    const own = (await call('guizhou', '/audit/accounts/guizhou/trail?kind=trail')).json<{ lines: object[] }>();
    expect(own.lines).toContainEqual(expect.objectContaining({ type: 'AuditTrailRead', what: 'record' }));
  });
});

it('names days that are worth a look, and leads to what the person did on that day', async () => {
  scene.app.clock.now = Date.parse('2026-11-28T15:00:00Z');
  const late = await scene.signedIn('huaxi');
  await late.sayWhy(id, 'statisticsCheck');
  await late.get(page());
  await settled();
  const shown = await (await scene.signedIn('guizhou')).get('/audit');
  expect(textOf(shown)).toMatch(/罗玉兰 2026年11月28日 .*非办公时间 1 次/);
  expect(shown.body).toContain('href="/audit/accounts/huaxi?from&#x3D;2026-11-28&amp;to&#x3D;2026-11-28"');
});

it('keeps names, numbers, addresses and reasons out of what the sites log', () => {
  const logged = JSON.stringify(scene.sites.lines);
  for (const secret of ['欧阳', wife.idNumber, '127.0.0.1', '来电', '年度抽查']) expect(logged).not.toContain(secret);
});
