import { describe, expect, test } from 'vitest';
import { declarationOf } from '../support/declarations.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { openSites } from '../support/sites.ts';
import { type Visitor, visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';
let visitors = 0;

const { app, sites } = await openSites();

const visitor = () => {
  visitors += 1;
  return visitorOf(sites.publicSite, `198.51.100.${visitors}`);
};

const couple = async (n: number) => {
  const { services } = app;
  const id = services.deps.ids();
  await services.applicant.submit(id, declarationOf(village, n), { commandId: services.deps.ids() });
  return { id, code: services.applicant.queryCode(id) };
};

const lookUp = (someone: Visitor, code: string, name: string) => someone.post('/lookup', { code, name });
const found = async (someone: Visitor, code: string, name: string) => someone.follow(await lookUp(someone, code, name));

describe('looking up a registration', () => {
  test('opens it with the code in any spelling and either name, and closes it again', async () => {
    const { code } = await couple(1);
    for (const [typed, name] of [
      [code.toLowerCase().replaceAll('-', ' '), '王芳'],
      [code, '张 伟'],
    ] as const) {
      const someone = visitor();
      expect((await lookUp(someone, typed, name)).headers.location).toBe('/registration');
      const page = await someone.get('/registration');
      expect(wordsOf(page)).toContain('等待办公室初审');
      expect(wordsOf(page)).toContain('最迟 2026年11月26日（星期四）看到是否受理');
      expect(page.body).not.toContain(code);
      expect((await someone.get('/receipt')).headers.location).toBe('/lookup?ended');
      expect((await someone.post('/close')).headers.location).toBe('/lookup');
      expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
    }
  });

  test('answers a wrong code, a wrong name and an absent code alike', async () => {
    const { code } = await couple(2);
    const someone = visitor();
    const tries: readonly (readonly [string, string])[] = [
      [code, '李雷'],
      ['8K3M-90PQ-2XTB-4HWZ', '王芳'],
      ['0000-0000-0000-0000', '王芳'],
      ['nothing like a code', '王芳'],
    ];
    const pages = [];
    for (const [typed, name] of tries) {
      const page = await found(someone, typed, name);
      const said = page.body
        .replaceAll(typed, 'CODE')
        .replaceAll(name, 'NAME')
        .replace(/name="_csrf" value="[^"]+"/g, '');
      pages.push([page.statusCode, said]);
    }
    expect(new Set(pages.map(([status]) => status))).toEqual(new Set([400]));
    expect(new Set(pages.map(([, said]) => said)).size).toBe(1);
    expect(wordsOf({ body: String(pages[0]?.[1]) })).toContain('没有找到与查询码和姓名都相符的登记');
  });

  test('says what was left out', async () => {
    const page = await found(visitor(), ' ', '');
    expect(page.statusCode).toBe(400);
    expect(wordsOf(page)).toContain('请填写查询码');
    expect(wordsOf(page)).toContain('请填写姓名');
  });

  test('counts only tries in vain: who opens it rightly may do so as often as they like', async () => {
    const { code } = await couple(11);
    const someone = visitor();
    for (let right = 0; right < 24; right += 1) {
      expect([right, (await lookUp(someone, code, '王芳')).headers.location]).toEqual([right, '/registration']);
    }
    const tries = await Promise.all(Array.from({ length: 10 }, () => found(visitor(), code, '李雷')));
    expect(new Set(tries.map(({ statusCode }) => statusCode))).toEqual(new Set([400]));
    expect((await lookUp(visitor(), code, '王芳')).statusCode).toBe(429);
  });

  test('shows what was wrong by GET, to this browser alone, for a quarter of an hour', async () => {
    const someone = visitor();
    const sent = await lookUp(someone, '8K3M-90PQ-2XTB-4HWZ', '王芳');
    const shown = String(sent.headers.location);
    expect([sent.statusCode, shown]).toEqual([303, expect.stringMatching(/^\/lookup\?shown=[\w-]+$/)]);
    for (const look of [1, 2])
      expect([look, (await someone.get(shown)).body.includes('value="王芳"')]).toEqual([look, true]);
    const elsewhere = [await visitor().get(shown), await someone.get(shown.replace('/lookup', '/verify'))];
    expect(elsewhere.map(({ statusCode, body }) => [statusCode, body.includes('王芳')])).toEqual(
      Array(2).fill([200, false]),
    );
    app.clock.now += 15 * 60_000;
    expect((await someone.get(shown)).body).not.toContain('王芳');
  });

  test('is limited for one code, whoever tries, and for one address, whatever is tried', async () => {
    const { code } = await couple(3);
    const tries = await Promise.all(Array.from({ length: 11 }, () => found(visitor(), code, '李雷')));
    expect(tries.map(({ statusCode }) => statusCode).sort()).toEqual([...Array(10).fill(400), 429]);
    expect((await lookUp(visitor(), code, '王芳')).statusCode).toBe(429);
    const stubborn = visitor();
    const last = await Promise.all(Array.from({ length: 21 }, (_, n) => lookUp(stubborn, `guess ${n}`, '王芳')));
    expect(last.filter(({ statusCode }) => statusCode === 429)).toHaveLength(1);
    const limited = await lookUp(stubborn, 'one more', '王芳');
    expect(wordsOf(limited)).toContain('操作过于频繁');
    expect(limited.headers['retry-after']).toBe('300');
  });

  test('ends by itself after half an hour without a look', async () => {
    const { code } = await couple(4);
    const someone = visitor();
    await lookUp(someone, code, '王芳');
    app.clock.now += 29 * 60_000;
    expect((await someone.get('/registration')).statusCode).toBe(200);
    app.clock.now += 29 * 60_000;
    expect((await someone.get('/registration')).statusCode).toBe(200);
    app.clock.now += 31 * 60_000;
    expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
    const late = await someone.post('/registration/withdraw');
    expect([late.statusCode, wordsOf(late)]).toEqual([401, expect.stringContaining('请用查询码和姓名重新打开')]);
    expect(wordsOf(late)).not.toContain('请先登录');
  });

  test('ends after two hours however often it is looked at, and the start page does not keep it open', async () => {
    const { code } = await couple(10);
    const someone = visitor();
    await lookUp(someone, code, '王芳');
    for (let looks = 0; looks < 4; looks += 1) {
      app.clock.now += 25 * 60_000;
      expect((await someone.get('/registration')).statusCode).toBe(200);
    }
    app.clock.now += 21 * 60_000;
    expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
    await lookUp(someone, code, '王芳');
    app.clock.now += 20 * 60_000;
    expect((await someone.get('/')).body).toContain('class="entry" href="/registration"');
    app.clock.now += 11 * 60_000;
    expect((await someone.get('/')).body).toContain('class="entry" href="/lookup"');
    expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
  });

  test('needs the token of the page, and a cookie that we signed', async () => {
    const { code } = await couple(5);
    const someone = visitor();
    expect((await someone.post('/lookup', { _csrf: 'forged', code, name: '王芳' })).statusCode).toBe(403);
    someone.cookies.set('visit', 'made-up.signature');
    expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
  });
});

describe('the certificate', () => {
  test('is shown, downloaded and verified once the couple is registered, not before', async () => {
    const early = await couple(6);
    const someone = visitor();
    await lookUp(someone, early.code, '王芳');
    expect((await someone.get('/certificate')).statusCode).toBe(404);
    expect((await someone.get('/certificate.pdf')).statusCode).toBe(404);
    expect((await visitor().get('/certificate')).headers.location).toBe('/lookup?ended');

    const { code, content } = await registeredCouple(app, declarationOf(village, 7));
    await lookUp(someone, code, '张伟');
    const page = await someone.get('/registration');
    expect(wordsOf(page)).toContain(`证号 ${content.number}`);
    expect((await someone.get('/certificate')).body).toContain('<article class="certificate"');
    const pdf = await someone.get('/certificate.pdf');
    expect([pdf.statusCode, pdf.headers['content-type'], pdf.headers['cache-control']]).toEqual([
      200,
      'application/pdf',
      'no-store',
    ]);
    expect(pdf.headers['content-disposition']).toContain(`inline; filename="${content.number}.pdf"; filename*=UTF-8''`);
  });

  test('without a browser to print it says why, and offers the print page', async () => {
    const { code } = await registeredCouple(app, declarationOf(village, 8));
    const someone = visitor();
    await lookUp(someone, code, '王芳');
    const { documents } = app.services.deps;
    const working = documents.pdf;
    documents.pdf = async () => ({ outcome: 'unavailable', reason: 'noBrowser' });
    const page = await someone.get('/certificate.pdf');
    documents.pdf = working;
    expect(page.statusCode).toBe(503);
    expect(wordsOf(page)).toContain('没有安装生成 PDF 的程序');
    expect(page.body).toContain('href="/certificate"');
  });

  test('is verified by anyone: by number, by code, by address; forged and unknown are told apart', async () => {
    const { content } = await registeredCouple(app, declarationOf(village, 9));
    const anyone = visitor();
    for (const typed of [content.number.toLowerCase(), content.code, content.verifyUrl]) {
      const sent = await anyone.post('/verify', { text: typed });
      expect(sent.statusCode).toBe(303);
      const page = await anyone.get(String(sent.headers.location));
      expect(wordsOf(page)).toMatch(/证件有效.*王\*.*张\*.*贵阳市花溪区贵筑街道办事处.*2026年11月24日/);
      expect(page.body).not.toContain('王芳');
    }
    const altered = content.code.replace(/.{6}$/, 'AAAAAA');
    expect(wordsOf(await anyone.get(`/verify/${altered}`))).toContain('不是真证件');
    expect(wordsOf(await anyone.get('/verify/GZ00000020160000000000'))).toContain('没有这张证件');
    expect((await anyone.get(`/verify/${'x'.repeat(2000)}`)).statusCode).toBe(404);
    const ordinary = await anyone.post('/verify', { text: 'gz1 2026 00000811' });
    expect([ordinary.statusCode, ordinary.headers.location]).toEqual([303, '/verify/GZ1-2026-00000811']);
    const wrong = await anyone.send('/verify', { text: 'GZ52011' });
    expect([wrong.statusCode, wordsOf(wrong)]).toEqual([400, expect.stringContaining('证号不完整或有误')]);
    expect((await anyone.send('/verify', { text: '' })).statusCode).toBe(400);
  });

  test('is verified so often from one address and no more', async () => {
    const greedy = visitor();
    const answers = await Promise.all(Array.from({ length: 121 }, (_, n) => greedy.get(`/verify/${n}`)));
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(1);
  });
});
