import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { steps } from '#domain/registration/fields.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';
import { fillIn, visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';
let app: Running;
let sites: Sites;

beforeAll(async () => {
  app = await startApplication();
  sites = await buildSites(app);
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

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

describe('the place of an address', () => {
  test('is found by name or pinyin initials, chosen from what was found, and kept', async () => {
    const someone = visitor();
    const looked = await someone.post('/register/wifeHousehold', {
      'division-search': 'zasq',
      street: '明清街',
      action: 'find:division',
    });
    expect(looked.headers.location).toBe('/register/wifeHousehold#f-division');
    const page = await someone.get('/register/wifeHousehold');
    expect(page.body).toContain(`name="division" value="${village}"`);
    expect(page.body).toContain('value="明清街"');
    const rest = { street: '明清街', door: '16号' };
    await someone.post('/register/wifeHousehold', {
      ...rest,
      division: village,
      'division-search': 'zasq',
      action: 'continue',
    });
    const chosen = await someone.get('/register/wifeHousehold');
    expect(chosen.body).toContain(`value="${village}" checked`);
    expect(chosen.body).not.toContain('value="zasq"');
  });

  test('is looked for by “continue” too, where something was typed and nothing chosen', async () => {
    const someone = visitor();
    const answer = await someone.post('/register/husbandHousehold', {
      'division-search': '筑安社区',
      action: 'continue',
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/register/husbandHousehold#f-division']);
  });

  test('is reached level by level, also outside the province', async () => {
    const someone = visitor();
    for (const [under, next] of [
      ['all', '四川省'],
      ['51', '泸州市'],
      ['5105', '江阳区'],
    ] as const) {
      await someone.post('/register/wifeHousehold', { action: `under:division:${under}` });
      expect((await someone.get('/register/wifeHousehold')).body).toContain(next);
    }
    expect((await someone.get('/register/wifeHousehold')).body).toContain('name="division" value="510502"');
  });

  test('outside the province brings up the question for township and village', async () => {
    const someone = visitor();
    const outside = { division: '510502', street: '2组', door: '9号', action: 'continue' };
    const answer = await someone.post('/register/wifeHousehold', outside);
    expect(answer.headers.location).toBe('/register/wifeHousehold#f-locality');
    const missing = await someone.send('/register/wifeHousehold', { ...outside, locality: '' });
    expect(wordsOf(missing)).toContain('省外地址请填写女方户籍地的乡镇（街道）、村');
    const done = await someone.post('/register/wifeHousehold', { ...outside, locality: '永安镇' });
    expect(done.headers.location).toBe('/register/wifeResidence');
  });

  test.each([
    ['999999999999', '没有查到'],
    ['5201110040', '没有查到'],
    ['52011', '没有这个地方'],
    ['520111', '要选到村（居）'],
  ])('%s is refused: %s', async (division, message) => {
    const page = await visitor().send('/register/wifeHousehold', {
      division,
      street: '1组',
      door: '1',
      action: 'continue',
    });
    expect(page.statusCode).toBe(400);
    expect(wordsOf(page)).toContain(message);
  });

  test('is taken over from an earlier address with one touch', async () => {
    const someone = visitor();
    const { wifeHousehold } = declarationOf(village);
    await someone.post('/register/wifeHousehold', { ...wifeHousehold, action: 'continue' });
    expect(wordsOf(await someone.get('/register/husbandResidence'))).toContain('与女方户籍地相同');
    const taken = await someone.post('/register/wifeResidence', { action: 'take:wifeHousehold' });
    expect(taken.statusCode).toBe(303);
    expect((await someone.get('/register/wifeResidence')).body).toContain('霞晖路88号');
  });

  test('is offered once, however many earlier addresses are the same', async () => {
    const someone = visitor();
    const { wifeHousehold } = declarationOf(village);
    await someone.post('/register/wifeHousehold', { ...wifeHousehold, action: 'continue' });
    await someone.post('/register/wifeResidence', { action: 'take:wifeHousehold' });
    const page = await someone.get('/register/husbandHousehold');
    expect(page.body.match(/value="take:\w+"/g)).toEqual(['value="take:wifeHousehold"']);
    await someone.post('/register/wifeResidence', { ...wifeHousehold, door: '9号', action: 'continue' });
    expect((await someone.get('/register/husbandHousehold')).body.match(/value="take:\w+"/g)).toHaveLength(2);
  });

  test('needs no door number, and says so', async () => {
    const someone = visitor();
    const page = wordsOf(await someone.get('/register/wifeHousehold'));
    expect(page).toContain('没有门牌的可不填');
    expect(page).toMatch(/例如：清溪路、明清街、3组。/);
    const done = await someone.post('/register/wifeHousehold', {
      division: village,
      street: '3组',
      action: 'continue',
    });
    expect(done.headers.location).toBe('/register/wifeResidence');
  });

  test('comes as JSON while one types, without saying who asks', async () => {
    const found = await visitor().get('/divisions?text=hxgz');
    expect(found.json().divisions[0]).toEqual({
      code: '520111004',
      label: '贵州省 贵阳市 花溪区 贵筑街道',
      leaf: false,
    });
    expect((await visitor().get('/divisions?under=520111004')).json().divisions).toContainEqual({
      code: village,
      label: '筑安社区',
      leaf: true,
    });
    expect((await visitor().get(`/divisions?text=${'x'.repeat(200)}`)).statusCode).toBe(400);
    const brings = async (text: string, of: string) =>
      (await visitor().get(`/divisions?${new URLSearchParams({ text, of })}`)).json().divisions[0].brings;
    expect(await brings('泸州 江阳', 'wifeHousehold.division')).toEqual(['locality']);
    expect(await brings('zasq', 'wifeHousehold.division')).toEqual([]);
    expect(await brings('zasq', 'constructor.division')).toBeUndefined();
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
