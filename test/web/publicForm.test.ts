import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { steps } from '#domain/registration/fields.ts';
import { declarationOf } from '../support/declarations.ts';
import { openSites } from '../support/sites.ts';
import { fillIn, visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';

const { app, sites } = await openSites();

const visitor = () => visitorOf(sites.publicSite);

describe('the form of a new visitor', () => {
  test('every page opens, with its heading and nothing unsaid', async () => {
    const someone = visitor();
    for (const path of ['/', '/register', '/register/children', '/register/children/1', '/lookup', '/verify']) {
      const page = await someone.get(path);
      expect([path, page.statusCode, /<h1>[^<]+<\/h1>/.test(page.body)]).toEqual([path, 200, true]);
      expect(page.headers['content-security-policy']).toContain("script-src 'self'");
      expect(page.body).not.toMatch(/<script(?![^>]* src=)|<[^>]* (style|on\w+)=/);
      expect(wordsOf(page)).not.toMatch(/\b(public|fields|errors|rules|statuses)\.\w/);
    }
    for (const step of steps.filter((one) => one !== 'declaration')) {
      expect((await someone.get(`/register/${step}`)).statusCode).toBe(200);
    }
  });

  test('looking at it leaves nothing behind', async () => {
    const someone = visitor();
    await someone.get('/register');
    await someone.get('/register/wife');
    expect([...someone.cookies.keys()].filter((name) => name === 'draft')).toEqual([]);
  });

  test('the place of registration waits for the addresses, checking for everything', async () => {
    const someone = visitor();
    expect((await someone.get('/register/declaration')).headers.location).toBe('/register');
    expect((await someone.get('/register/check')).headers.location).toBe('/register');
    expect(wordsOf(await someone.get('/register'))).toContain('已完成 0 项，共 10 项');
  });

  test.each([
    '/register/nope',
    '/register/constructor',
    '/register/children/0',
    '/register/children/3',
    '/register/children/x',
  ])('%s is no page', async (path) => {
    expect((await visitor().get(path)).statusCode).toBe(404);
  });
});

describe('a page of the form', () => {
  test('that is empty says what is missing, once in the summary and once at the field', async () => {
    const page = await visitor().send('/register/wife', { name: '', idNumber: '', action: 'continue' });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<title>有错误：女方信息');
    expect(wordsOf(page)).toContain('有 2 处需要更正');
    expect(page.body).toContain('<a href="#f-name">请填写女方姓名</a>');
    expect(page.body).toMatch(
      /id="f-name" name="name"[^>]*aria-describedby="f-name-hint f-name-error" aria-invalid="true"/,
    );
  });

  test('keeps what was typed, and tells in plain words what cannot be right', async () => {
    const someone = visitor();
    const page = await someone.send('/register/wife', {
      name: '王芳',
      idNumber: '520111199512241225',
      action: 'continue',
    });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('value="520111199512241225"');
    expect(wordsOf(page)).toContain('女方身份证号码校验位不正确，请对照身份证逐位检查');
    expect(wordsOf(await someone.get('/register'))).toContain('女方信息 需更正');
    expect((await someone.get('/register/wife')).body).toContain('class="field-error"');
  });

  test('leads to the next open page, and back to the answers when it was opened from there', async () => {
    const someone = visitor();
    const { wife } = declarationOf(village);
    const next = await someone.post('/register/wife', { ...wife, action: 'continue' });
    expect([next.statusCode, next.headers.location]).toEqual([303, '/register/wifeHousehold']);
    await fillIn(someone, declarationOf(village, 1));
    const back = await someone.post('/register/wife', { ...wife, from: 'check', action: 'continue' });
    expect(back.headers.location).toBe('/register/check');
  });

  test('takes an ID number with the blanks it is read out with', async () => {
    const someone = visitor();
    const { wife } = declarationOf(village);
    const idNumber = `${wife.idNumber.slice(0, 6)} ${wife.idNumber.slice(6, 14)}　${wife.idNumber.slice(14)}`;
    const next = await someone.post('/register/wife', { ...wife, idNumber, action: 'continue' });
    expect(next.headers.location).toBe('/register/wifeHousehold');
    expect(wordsOf(await someone.get('/register/wife'))).toContain('中间有空格也可以');
  });

  test('is kept for later, half filled', async () => {
    const someone = visitor();
    const saved = await someone.post('/register/marriage', { authority: '花溪区民政局', action: 'save' });
    expect(saved.headers.location).toBe('/register?saved');
    expect(wordsOf(await someone.get('/register'))).toContain('结婚登记 未填完');
    expect((await someone.get('/register/marriage')).body).toContain('花溪区民政局');
  });

  test('is kept sealed: nothing of it stands readable in any file', async () => {
    await visitor().post('/register/wife', { name: '欧阳倩倩', idNumber: '52011119951224', action: 'save' });
    const files = readdirSync(app.directory).filter((file) => file.startsWith('transient.sqlite'));
    const bytes = files.map((file) => readFileSync(join(app.directory, file)));
    expect(bytes.some((one) => one.includes('欧阳倩倩') || one.includes('52011119951224'))).toBe(false);
    expect(files).not.toEqual([]);
  });

  test('shows a script in a name as text, and takes hostile lengths calmly', async () => {
    const name = '<script>alert(1)</script>';
    const page = await visitor().send('/register/wife', { name, idNumber: 'x'.repeat(20_000), action: 'continue' });
    expect(page.statusCode).toBe(400);
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).toContain('&lt;script&gt;');
    expect(wordsOf(page)).toContain('女方身份证号码太长了');
  });

  test('that stood open too long is shown again as it was filled in, and earlier pages are kept', async () => {
    const someone = visitor();
    await someone.post('/register/application', { parity: '1', action: 'continue' });
    const page = await someone.send('/register/wife', { _csrf: 'old', name: '王芳', action: 'continue' });
    expect(page.statusCode).toBe(403);
    expect(page.body).toContain('value="王芳"');
    expect(wordsOf(page)).toContain('页面打开的时间太长，刚才没有保存');
    expect(wordsOf(await someone.get('/register'))).toMatch(/登记孩次 已完成/);
    expect((await someone.post('/register/children', { _csrf: 'old' })).statusCode).toBe(403);
  });

  test('asks once to look again at what is odd, and goes on when it stays', async () => {
    const someone = visitor();
    const older = {
      certificateNumber: '黔筑结字第0012号',
      authority: '贵阳市民政局',
      'registeredOn-year': '2001',
      'registeredOn-month': '5',
      'registeredOn-day': '20',
    };
    const asked = await someone.send('/register/marriage', { ...older, action: 'continue' });
    expect([asked.statusCode, wordsOf(asked)]).toEqual([200, expect.stringContaining('请核对：结婚证字号是旧式编号')]);
    const doubted = /name="doubted" value="([^"]+)"/.exec(asked.body)?.[1] ?? '';
    const sure = await someone.post('/register/marriage', { ...older, doubted, action: 'continue' });
    expect(sure.headers.location).toBe('/register/children');
    expect(wordsOf(await someone.get('/register'))).toContain('结婚登记 已完成');
  });

  test('that is found wrong is shown by GET: Back and reload find it, and it tells what holds now', async () => {
    const someone = visitor();
    const wrong = await someone.post('/register/wife', { name: '王芳', idNumber: '', action: 'continue' });
    expect([wrong.statusCode, wrong.headers.location]).toEqual([303, '/register/wife?check']);
    expect(wordsOf(await someone.get('/register/wife?check'))).toContain('请填写女方身份证号码');
    expect((await someone.get('/register/wife')).body).not.toContain('class="field-error"');
    await someone.post('/register/wife', { ...declarationOf(village).wife, action: 'continue' });
    const back = await someone.get('/register/wife?check');
    expect([back.statusCode, back.body.includes('error-summary')]).toEqual([200, false]);
    const asked = await someone.post('/register/husband', { name: '', from: 'check', action: 'continue' });
    expect(asked.headers.location).toBe('/register/husband?check&from=check');
    expect(wordsOf(await someone.get('/register/husband?check&from=check'))).toContain('返回核对页');
  });

  test('that stood open too long says so where the earlier pages are gone with the draft', async () => {
    const page = await visitor().send('/register/wife', { _csrf: 'old', name: '王芳', action: 'continue' });
    expect(page.body).toContain('value="王芳"');
    expect(wordsOf(page)).toContain('之前保存的各步在这个浏览器中已经没有了');
    expect(wordsOf(page)).not.toContain('不受影响');
  });

  test('says in English what it says in Chinese', async () => {
    const someone = visitor();
    await someone.get('/language/en?to=/');
    const page = await someone.send('/register/husband', { name: '张伟', idNumber: '1', action: 'continue' });
    expect(page.body).toContain('lang="en"');
    expect(wordsOf(page)).toContain("Husband's ID number must have 18 characters");
  });
});

test('where the policy lets three children register, pages offer and say so', async () => {
  const { ruleContext } = app.services;
  const widened = { ...ruleContext(), policy: { ...ruleContext().policy, maxParity: 3 } };
  app.services.ruleContext = () => widened;
  const pages = [await visitor().get('/'), await visitor().get('/register/application')];
  app.services.ruleContext = ruleContext;
  expect(wordsOf(pages[0] ?? { body: '' })).toContain('准备生育第一个、第二个或第三个孩子的夫妻');
  expect(wordsOf(pages[1] ?? { body: '' })).toContain('第3个孩子');
  expect(wordsOf(await visitor().get('/'))).toContain('准备生育第一个或第二个孩子的夫妻');
});

test('the demo fills the form with a made-up couple, and what was filled in can be deleted', async () => {
  const someone = visitor();
  expect((await someone.post('/register/example', { example: 'nobody' })).statusCode).toBe(404);
  await someone.post('/register/example', { example: 'outsideProvince' });
  expect(wordsOf(await someone.get('/register'))).toContain('已完成 10 项，共 10 项');
  expect(wordsOf(await someone.get('/register/check'))).toContain('四川省 泸州市 江阳区');
  await someone.get('/register/discard');
  await someone.post('/register/discard');
  expect(wordsOf(await someone.get('/register'))).toContain('已完成 0 项，共 10 项');
});
