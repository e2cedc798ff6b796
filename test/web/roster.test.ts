import { request as httpRequest } from 'node:http';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileLimits } from '#application/spreadsheets.ts';
import { readRoster } from '#domain/account/rosterSheet.ts';
import { readFile } from '#infrastructure/spreadsheet/readFile.ts';
import { admin as adminOf, personNumbered } from '../support/accountScene.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { printed, printedRows, type Written, written } from '../support/rosters.ts';
import { formWith } from '../support/uploads.ts';
import { workbookOf } from '../support/workbooks.ts';

let scene: Scene;
let admin: Visitor;
let people = 3000;

beforeAll(async () => {
  scene = await startScene();
  admin = await scene.signedIn('huaxi-gly');
});
afterAll(() => scene.close());

const newcomer = (differing: Partial<Written> = {}): Written => {
  people += 1;
  return { ...written, ...personNumbered(people), township: '', workUnit: '', ...differing };
};

type File = { name: string; bytes: Uint8Array };
const rosterFile = (all: readonly Written[]): File => ({
  name: '名单.xlsx',
  bytes: workbookOf({ rows: printedRows(all) }),
});

const upload = async (file: File | undefined, who = admin, fields?: Record<string, string>) => {
  const page = await who.get('/people/roster');
  const form = await formWith(fields ?? formOf(page, '/people/roster'), file);
  const cookies = Object.fromEntries(who.cookies);
  const headers = { ...form.headers, accept: 'text/html' };
  return scene.sites.managementSite.inject({ method: 'POST', url: '/people/roster', ...form, headers, cookies });
};

const previewed = async (all: readonly Written[]): Promise<{ path: string; page: LightMyRequestResponse }> => {
  const sent = await upload(rosterFile(all));
  expect(sent.statusCode).toBe(303);
  const path = String(sent.headers.location);
  return { path, page: await admin.get(path) };
};

const imported = async (all: readonly Written[]) => {
  const { path } = await previewed(all);
  await admin.post(`${path}/confirm`);
  await scene.app.services.rosters.settled(path.slice('/people/roster/'.length));
  return { path, page: await admin.get(path) };
};

describe('an upload', () => {
  test('leads to its preview: every faulty row with its number and its reason, and no way to confirm', async () => {
    const { page } = await previewed([newcomer(), newcomer({ name: '' }), newcomer({ township: '无此镇' })]);
    const text = textOf(page);
    expect(text).toContain('2 行有问题，改正之前不能登记任何人');
    expect(text).toMatch(/5 花溪区|5 +贵阳市 花溪区 +姓名 没有填写/);
    expect(text).toContain('乡镇、街道 没有找到这个地方');
    expect(page.body).toMatch(/<button class="button" disabled>/);
  });

  test('without faults can be confirmed, tells by office who will be registered, and shows the foot', async () => {
    const rows = printedRows([newcomer(), newcomer(), newcomer({ township: '青岩镇', role: '1' })]);
    const foot = [['填报单位：花溪区卫生健康局'], ['填报人：班正华']];
    const sent = await upload({ name: 'a.xlsx', bytes: workbookOf({ rows: [...rows, ...foot] }) });
    const page = await admin.get(String(sent.headers.location));
    const text = textOf(page);
    expect(text).toContain('3 人可以登记');
    expect(text).toMatch(/花溪区卫生健康局 0 2/);
    expect(text).toMatch(/青岩镇人民政府 1 0/);
    expect(text).toContain('填报人 班正华');
    expect(page.body).not.toMatch(/<button class="button" disabled>/);
  });

  test('gives out its faulty rows as a spreadsheet with a column of reasons', async () => {
    const { path } = await previewed([newcomer(), newcomer({ name: '', note: '=1+1' })]);
    const { rawPayload, headers } = await admin.get(`${path}/faulty.xlsx`);
    expect(headers['content-disposition']).toContain('attachment');
    const read = await readFile(rawPayload);
    if (read.outcome !== 'read') throw new Error(read.reason);
    const [head, ...rows] = read.sheets[0]?.rows ?? [];
    expect(head?.cells.at(-1)?.text).toBe('问题');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.cells[0]).toEqual({ kind: 'number', text: '5' });
    expect(rows[0]?.cells.at(-2)?.text).toBe("'=1+1");
    expect(rows[0]?.cells.at(-1)?.text).toBe('姓名：没有填写。');
  });

  test.each([
    ['no file', undefined, 422, '请先选择要上传的表格'],
    ['a picture', { name: '名单.xlsx', bytes: Buffer.from('89504e470d0a1a0a00', 'hex') }, 422, '这不是电子表格'],
    ['another sheet', { name: 'a.csv', bytes: Buffer.from('a,b\n1,2') }, 422, '没有找到表头'],
    [
      'a sheet without ID numbers',
      { name: 'a.csv', bytes: Buffer.from(printed.heading.filter((text) => !text.includes('身份证')).join(',')) },
      422,
      '表头缺少这些列：身份证号码',
    ],
    ['more than may be', { name: 'a.csv', bytes: Buffer.alloc(fileLimits.bytes + 1, 0x2c) }, 413, '文件超过 10 MB'],
  ])('of %s is told in words, with what to do', async (_, file, status, words) => {
    const answer = await upload(file);
    expect(answer.statusCode).toBe(status);
    expect(textOf(answer)).toContain(words);
  });

  test('without the form’s token, or without a session, is not taken', async () => {
    expect((await upload(rosterFile([newcomer()]), admin, {})).statusCode).toBe(403);
    expect((await admin.post('/people/roster', { file: 'x' }, true)).statusCode).toBe(403);
    expect((await admin.post('/people/roster', { file: 'x' })).statusCode).toBe(422);
    const form = await formWith({}, rosterFile([newcomer()]));
    const answer = await scene.sites.managementSite.inject({ method: 'POST', url: '/people/roster', ...form });
    expect(answer.headers.location).toMatch(/^\/sign-in/);
  });

  test('is for admins alone, and nobody else sees it', async () => {
    const { path } = await previewed([newcomer()]);
    const operator = await scene.signedIn('guizhu-yang');
    for (const url of ['/people/roster', '/people/roster/people.xlsx', path])
      expect((await operator.get(url)).statusCode).toBe(403);
    const other = await scene.signedIn('guizhu-gly');
    expect((await other.get(path)).statusCode).toBe(404);
    expect((await other.get(`${path}/faulty.xlsx`)).statusCode).toBe(404);
  });

  test('of 200 MB is refused without being kept, and the page says the limit', { timeout: 30_000 }, async () => {
    const site = scene.sites.managementSite;
    if (site.server.address() === null) await site.listen({ host: '127.0.0.1', port: 0 });
    const token = formOf(await admin.get('/people/roster'), '/people/roster')['_csrf'] ?? '';
    const before = process.memoryUsage().rss;
    let most = before;
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const cookie = [...admin.cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
      const type = 'multipart/form-data; boundary=cut';
      const sending = httpRequest(`${site.listeningOrigin}/people/roster`, {
        method: 'POST',
        headers: { 'content-type': type, cookie, accept: 'text/html', 'transfer-encoding': 'chunked' },
      });
      sending.on('error', reject);
      sending.on('response', (response) => {
        let body = '';
        response.on('data', (piece) => {
          body += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sending.write(`--cut\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${token}\r\n`);
      sending.write('--cut\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n');
      const piece = Buffer.alloc(1024 * 1024, 0x2c);
      let left = 200;
      const push = () => {
        most = Math.max(most, process.memoryUsage().rss);
        if (left === 0) return sending.end('\r\n--cut--\r\n');
        left -= 1;
        return sending.write(piece) ? setImmediate(push) : sending.once('drain', push);
      };
      push();
    });
    expect(answer).toMatchObject({ status: 413, body: expect.stringContaining('文件超过 10 MB') });
    expect(most - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('an import', () => {
  test('ends on a page with the passwords, which are printed, kept as a file, and taken away', async () => {
    const all = [newcomer({ name: '王二小' }), newcomer()];
    const { path, page } = await imported(all);
    expect(textOf(page)).toContain('已登记 2 人');
    const slips = await admin.get(`${path}/passwords`);
    expect(textOf(slips)).toMatch(/王二小 操作员 花溪区卫生健康局 账号 czy-520111\S* 初始密码 (?:\w{4}-){3}\w{4}/);
    expect(slips.headers['cache-control']).toBe('no-store');
    expect((await admin.get(`${path}/passwords.xlsx`)).statusCode).toBe(200);
    await admin.post(`${path}/taken`);
    expect(textOf(await admin.get(path))).toContain('初始密码已清除');
    expect((await admin.get(`${path}/passwords.xlsx`)).statusCode).toBe(404);
  });

  test('at work shows how far it is, and refreshes itself where there are no scripts', async () => {
    const { path } = await previewed([newcomer()]);
    const { deps } = scene.app.services;
    const { append } = deps.eventStore;
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    deps.eventStore.append = async (stream, ...rest) => {
      if (stream.startsWith('staffPerson-')) await held;
      return append(stream, ...rest);
    };
    await admin.post(`${path}/confirm`);
    const page = await admin.get(path);
    release();
    deps.eventStore.append = append;
    expect(page.body).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(page.body).toMatch(/<progress max="2" value="0"/);
    await scene.app.services.rosters.settled(path.slice('/people/roster/'.length));
    expect(textOf(await admin.get(path))).toContain('已登记 1 人');
  });

  test('that is not possible any more leads back to a page that says so', async () => {
    expect(textOf(await admin.get('/people/roster/018f0000-0000-7000-8000-000000000000'))).toContain('请重新上传');
    const { path } = await previewed([newcomer()]);
    expect((await admin.post(`${path}/discard`)).headers.location).toBe('/people/roster');
    expect((await admin.get(path)).statusCode).toBe(404);
  });
});

describe('the files', () => {
  const rosterIn = async (bytes: Uint8Array) => {
    const read = await readFile(bytes);
    if (read.outcome !== 'read') throw new Error(read.reason);
    return readRoster(read.sheets);
  };

  test.each(['xlsx', 'csv'])(
    'export everybody as annex 2 in %s; imported again that is nothing new',
    async (format) => {
      await imported([newcomer({ note: '@SUM(1)', workUnit: '=cmd' }), newcomer({ township: '青岩镇', role: '1' })]);
      const { rawPayload } = await admin.get(`/people/roster/people.${format}`);
      const roster = await rosterIn(rawPayload);
      if (roster.outcome !== 'read') throw new Error(roster.outcome);
      expect(roster.unread).toEqual([]);
      expect(roster.foot).toMatchObject({ unit: '花溪区卫生健康局', person: '班正华', day: '2026-11-24' });
      const texts = roster.lines.flatMap(({ cells }) => Object.values(cells).map(({ text }) => text));
      expect(texts.filter((text) => /^[=+\-@]/.test(text))).toEqual([]);
      expect(texts).toContain("'@SUM(1)");
      const sent = await upload({ name: `export.${format}`, bytes: rawPayload });
      const page = await admin.get(String(sent.headers.location));
      expect(textOf(page)).toContain('表中的人员都已登记');
      expect(textOf(page)).toContain(`已登记，不变 ${roster.lines.length}`);
    },
  );

  test('bring back people of every kind of office as nothing new, those of committees and institutions too', async () => {
    const { accounts, deps } = scene.app.services;
    const committee = deps.offices.children('520111004').find(({ kind }) => kind === 'committee')?.code ?? '';
    const placed = ['52', '5201', '520111', '520111004', committee, '520111-H01', '520382', '520382100', '52GA'];
    const known = placed.filter((code) => deps.offices.find(code) !== undefined);
    expect(known.length).toBeGreaterThan(7);
    for (const office of known) {
      const by = { ...adminOf(deps.offices.find(office)?.parent || '52'), account: 'gly-of-above' };
      people += 1;
      const act = { staff: by, commandId: deps.ids() };
      const made = await accounts.register(act, { office, role: 'admin', details: personNumbered(people) });
      expect(made.outcome, office).toBe('registered');
    }
    const province = await scene.signedIn('guizhou');
    const { rawPayload } = await province.get('/people/roster/people.csv');
    const sent = await upload({ name: 'all.csv', bytes: rawPayload }, province);
    const page = textOf(await province.get(String(sent.headers.location)));
    expect(page).toContain('表中的人员都已登记');
  });

  test('are recorded as exports of personal data before they leave', async () => {
    const { deps } = scene.app.services;
    const before = await deps.eventStore.lastPosition();
    await admin.get('/people/roster/people.csv');
    const [event] = await deps.eventStore.readAll(before, 10);
    expect(event).toMatchObject({
      type: 'PersonalDataViewed.v1',
      data: { what: 'exported', subject: { id: '520111' } },
    });
  });

  test('offer an empty sheet whose example and notes are never read as people', async () => {
    const { rawPayload } = await admin.get('/people/roster/template.xlsx');
    expect(await rosterIn(rawPayload)).toEqual({ outcome: 'noPeople' });
  });
});
