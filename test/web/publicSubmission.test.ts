import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { buildSites, type Sites } from '../support/sites.ts';
import { fillIn, type Visitor, visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';
const office = '520111004';
let app: Running;
let sites: Sites;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
  sites = await buildSites(app);
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

const nextCouple = () => {
  couples += 1;
  return declarationOf(village, couples);
};

const filledIn = async (data = nextCouple()): Promise<Visitor> => {
  const visitor = visitorOf(sites.publicSite, `192.0.2.${couples}`);
  await fillIn(visitor, data);
  await visitor.get('/register/check');
  return visitor;
};

const submit = (visitor: Visitor) => visitor.post('/register/check', { true: 'yes' });
const codeOn = (page: { body: string }) => /id="query-code"[^>]*>([^<]+)</.exec(page.body)?.[1] ?? '';

const submitted = async (data = nextCouple()) => {
  const visitor = await filledIn(data);
  await submit(visitor);
  const code = codeOn(await visitor.get('/receipt'));
  const id = (await app.services.applicant.open(code, data.wife.name)) ?? '';
  return { visitor, data, code, id };
};

const act = (basedOn: number) => ({ staff: operator(office), commandId: app.services.deps.ids(), basedOn });

describe('checking and submitting', () => {
  test('shows every answer with the way to change it, and what is worth a second look', async () => {
    const data = nextCouple();
    const visitor = await filledIn({ ...data, marriage: { ...data.marriage, registeredOn: '2020-05-20' } });
    const page = await visitor.get('/register/check');
    expect(wordsOf(page)).toContain('贵州省 贵阳市 花溪区 贵筑街道 筑安社区');
    expect(page.body).toContain('href="/register/marriage?from&#x3D;check"');
    expect(wordsOf(page)).toContain('结婚证字号中的年份与结婚登记日期不一致');
    expect(wordsOf(page)).toContain('提交后由贵阳市花溪区贵筑街道办事处办理');
  });

  test('asks for the promise first', async () => {
    const visitor = await filledIn();
    const page = await visitor.post('/register/check');
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<a href="#f-true">请先勾选承诺</a>');
  });

  test('leads to a receipt with the code, the days in words and the office; the draft is gone', async () => {
    const { visitor, code } = await submitted();
    const receipt = await visitor.get('/receipt');
    expect(code).toMatch(/^(\w{4}-){3}\w{4}$/);
    expect(wordsOf(receipt)).toContain('最迟 2026年11月25日（星期三）');
    expect(wordsOf(receipt)).toContain('最迟 2026年11月26日（星期四）');
    expect(wordsOf(receipt)).toContain('贵阳市花溪区贵筑街道办事处');
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 0 项');
    expect(visitor.locations.join()).not.toContain(code);
  });

  test('happens once, however often it is sent: twice at once, from another tab, again later', async () => {
    const data = nextCouple();
    const visitor = await filledIn(data);
    const before = (await app.services.staff.inbox(operator(office), { status: 'submitted' })).lines.length;
    const answers = await Promise.all([submit(visitor), submit(visitor)]);
    const again = await submit(visitor);
    expect([...answers, again].map(({ headers }) => headers.location)).toEqual(['/receipt', '/receipt', '/receipt']);
    const code = codeOn(await visitor.get('/receipt'));
    await submit(visitor);
    expect(codeOn(await visitor.get('/receipt'))).toBe(code);
    expect((await app.services.staff.inbox(operator(office), { status: 'submitted' })).lines).toHaveLength(before + 1);
  });

  test('shows the code for half an hour, however often it is looked at or sent again', async () => {
    const { visitor } = await submitted();
    app.clock.now += 20 * 60_000;
    expect((await visitor.get('/receipt')).statusCode).toBe(200);
    await submit(visitor);
    app.clock.now += 11 * 60_000;
    expect((await visitor.get('/receipt')).headers.location).toBe('/lookup?ended');
    expect((await visitor.get('/registration')).statusCode).toBe(200);
  });

  test('that was kept though the answer failed is not taken for what was corrected since', async () => {
    const data = nextCouple();
    const visitor = await filledIn(data);
    const { transientStore } = app.services.deps;
    const { put } = transientStore;
    transientStore.put = async () => Promise.reject(new StoreUnavailable('away', new Error('away')));
    expect((await submit(visitor)).statusCode).toBe(503);
    transientStore.put = put;
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    const page = await submit(visitor);
    expect([page.statusCode, wordsOf(page)]).toEqual([409, expect.stringContaining('登记已经提交过了')]);
    const code = codeOn(await visitor.get('/receipt'));
    const id = (await app.services.applicant.open(code, data.wife.name)) ?? '';
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe(data.declaration.mobile);
    expect(wordsOf(await visitor.get('/register/check'))).toContain('您正在修改已提交的登记');
    expect((await submit(visitor)).headers.location).toBe('/registration?amended');
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe('13900000000');
    expect(codeOn(await visitor.get('/receipt'))).toBe(code);
  });

  test('that was kept and reviewed before it was corrected says that it is too late', async () => {
    const data = nextCouple();
    const visitor = await filledIn(data);
    const { applicant, deps } = app.services;
    const { put } = deps.transientStore;
    const { submit: sending } = applicant;
    let id = '';
    applicant.submit = (...sent) => {
      [id] = sent;
      return sending(...sent);
    };
    deps.transientStore.put = async () => Promise.reject(new StoreUnavailable('away', new Error('away')));
    await submit(visitor);
    Object.assign(deps.transientStore, { put });
    applicant.submit = sending;
    await app.services.staff.accept(id, act(0));
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    const page = await submit(visitor);
    expect(wordsOf(page)).toContain('后来改的内容不能再提交');
    expect(codeOn(await visitor.get('/receipt'))).toBe(applicant.queryCode(id));
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 0 项');
  });

  test('that another’s try has ended is sent again under an id of its own, and nothing is lost', async () => {
    const data = nextCouple();
    const visitor = await filledIn(data);
    const { applicant, deps } = app.services;
    const { submit: sending } = applicant;
    const tried: string[] = [];
    applicant.submit = async (...sent) => {
      const [id] = sent;
      tried.push(id);
      const by = { commandId: deps.ids(), actor: { kind: 'system', name: 'reservation' } } as const;
      const ending = { type: 'AbandonSubmission', by: 'another' } as const;
      if (tried.length === 1) await handleCommand(deps, registrationDecider, id, ending, by);
      return sending(...sent);
    };
    const sent = await submit(visitor);
    applicant.submit = sending;
    expect(sent.headers.location).toBe('/receipt');
    const code = codeOn(await visitor.get('/receipt'));
    expect(await applicant.open(code, data.wife.name)).toBe(tried[1]);
    expect((await applicant.view(tried[1] ?? ''))?.data).toEqual(data);
  });

  test('of a couple that is registered already says where, since when and what to do', async () => {
    const { data } = await submitted();
    const visitor = await filledIn({ ...data, wife: { ...data.wife, idNumber: data.wife.idNumber.toLowerCase() } });
    const page = await submit(visitor);
    expect(page.statusCode).toBe(409);
    expect(wordsOf(page)).toContain('提交于 2026年11月24日');
    expect(wordsOf(page)).toContain('贵阳市花溪区贵筑街道办事处');
    expect(page.body).toContain('href="tel:0851-00111004"');
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 10 项');
  });

  test('in a year whose holidays are not published says so and keeps what was filled in', async () => {
    const now = app.clock.now;
    app.clock.now = Date.parse('2026-12-31T02:00:00Z');
    const visitor = await filledIn();
    const page = await submit(visitor);
    const list = await visitor.get('/register');
    app.clock.now = now;
    expect(page.statusCode).toBe(503);
    expect(wordsOf(page)).toContain('2027 年的节假日安排尚未公布');
    expect(wordsOf(page)).toContain('您填写的内容已经保存');
    expect(wordsOf(list)).toContain('已完成 10 项');
  });

  test('leaves no name, number or address in any log line or Location', async () => {
    const { visitor, data, code } = await submitted();
    const told = JSON.stringify([sites.lines, visitor.locations]);
    const secrets = [
      data.wife.name,
      data.wife.idNumber,
      data.husband.idNumber,
      data.declaration.mobile,
      '霞晖路',
      code,
    ];
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    expect(sites.lines.length).toBeGreaterThan(20);
  });
});

describe('what was submitted', () => {
  test('is changed until the review on the same pages, prefilled', async () => {
    const { visitor, data, id } = await submitted();
    await visitor.get('/registration');
    expect((await visitor.post('/registration/amend')).headers.location).toBe('/register/check');
    expect(wordsOf(await visitor.get('/register/check'))).toContain('您正在修改已提交的登记');
    expect(wordsOf(await submitAgain(visitor))).toContain('您没有修改任何内容');
    await visitor.post('/register/wifeResidence', {
      ...data.wifeResidence,
      door: '502室',
      from: 'check',
      action: 'continue',
    });
    expect((await submitAgain(visitor)).headers.location).toBe('/registration?amended');
    expect(wordsOf(await visitor.get('/registration?amended'))).toContain('修改已提交');
    expect((await app.services.applicant.view(id))?.data.wifeResidence.door).toBe('502室');
  });

  test('is changed too when the office has only taken the task meanwhile, but not once it has reviewed', async () => {
    const { visitor, data, id } = await submitted();
    await visitor.get('/registration');
    await visitor.post('/registration/amend');
    await app.services.staff.receiveTask(id, act(0));
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    expect((await submitAgain(visitor)).headers.location).toBe('/registration?amended');
    await visitor.post('/registration/amend');
    await app.services.staff.accept(id, act(2));
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13700000000', action: 'continue' });
    const page = await submitAgain(visitor);
    expect(page.statusCode).toBe(409);
    expect(wordsOf(page)).toContain('办公室刚刚处理了这条登记');
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe('13900000000');
  });

  test('says that it was changed or withdrawn by the couple themselves, not by the office', async () => {
    const { visitor, data, code, id } = await submitted();
    await visitor.get('/registration');
    await visitor.post('/registration/amend');
    const spouse = visitorOf(sites.publicSite, '192.0.2.250');
    await spouse.post('/lookup', { code, name: data.husband.name });
    await spouse.post('/registration/amend');
    await spouse.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    await submitAgain(spouse);
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13700000000', action: 'continue' });
    const page = await submitAgain(visitor);
    expect([page.statusCode, wordsOf(page)]).toEqual([409, expect.stringContaining('这条登记刚刚修改过')]);
    expect(wordsOf(page)).not.toContain('办公室');
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe('13900000000');
    await spouse.post('/registration/withdraw');
    expect(wordsOf(await submitAgain(visitor))).toContain('这条登记已经撤回');
    await visitor.get('/registration');
    expect(wordsOf(await visitor.post('/registration/amend'))).toContain('这条登记已经撤回');
  });

  test('is changed anew where the answer to a change failed and more was changed since', async () => {
    const { visitor, data, id } = await submitted();
    await visitor.get('/registration');
    await visitor.post('/registration/amend');
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    await visitor.get('/register/check');
    const { transientStore } = app.services.deps;
    const { remove } = transientStore;
    transientStore.remove = async () => Promise.reject(new StoreUnavailable('away', new Error('away')));
    expect((await submit(visitor)).statusCode).toBe(503);
    transientStore.remove = remove;
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13700000000', action: 'continue' });
    const page = await submitAgain(visitor);
    expect(page.headers.location).toBeUndefined();
    expect(wordsOf(page)).toContain('您或另一方已经提交了一次修改');
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe('13900000000');
  });

  test('keeps a township in words that came over the API, when something else is changed', async () => {
    const data = nextCouple();
    const { applicant, deps } = app.services;
    const id = deps.ids();
    const withWords = { ...data, wifeHousehold: { ...data.wifeHousehold, locality: '三组' } };
    await applicant.submit(id, withWords, { commandId: deps.ids() });
    const visitor = visitorOf(sites.publicSite, '192.0.2.251');
    await visitor.post('/lookup', { code: applicant.queryCode(id), name: data.wife.name });
    await visitor.post('/registration/amend');
    await visitor.post('/register/declaration', { ...data.declaration, mobile: '13900000000', action: 'continue' });
    const page = await visitor.get('/register/wifeHousehold');
    expect(page.body).toContain('value="三组"');
    const given = /name="locality-given" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const change = { ...withWords.wifeHousehold, 'locality-given': given, door: '502室', action: 'continue' };
    await visitor.post('/register/wifeHousehold', change);
    await submitAgain(visitor);
    expect((await applicant.view(id))?.data).toMatchObject({
      wifeHousehold: { locality: '三组', door: '502室' },
      declaration: { mobile: '13900000000' },
    });
  });

  test('cannot become another couple’s', async () => {
    const { visitor } = await submitted();
    await visitor.get('/registration');
    await visitor.post('/registration/amend');
    await visitor.post('/register/wife', { ...nextCouple().wife, name: '李娜', action: 'continue' });
    const page = await submitAgain(visitor);
    expect(page.statusCode).toBe(400);
    expect(wordsOf(page)).toContain('请先撤回原登记，再重新登记');
  });

  test('is withdrawn after a question, and submitted again prefilled', async () => {
    const { visitor, id } = await submitted();
    expect(wordsOf(await visitor.get('/registration/withdraw'))).toContain('确定要撤回登记吗');
    expect((await visitor.post('/registration/withdraw')).headers.location).toBe('/registration?withdrawn');
    const page = await visitor.get('/registration?withdrawn');
    expect(wordsOf(page)).toContain('登记已撤回');
    expect(page.body).not.toContain('/registration/amend');
    await visitor.post('/registration/resubmit');
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 10 项');
    await submitAgain(visitor);
    const receipt = await visitor.get('/receipt');
    expect(receipt.statusCode).toBe(200);
    const again = await app.services.applicant.open(codeOn(receipt), '王芳');
    expect(again).not.toBe(id);
    expect((await app.services.applicant.view(again ?? ''))?.row.predecessor).toBe(id);
  });

  test('when rejected says why in plain words and in the office’s own, and can be corrected', async () => {
    const { visitor, id } = await submitted();
    await app.services.staff.reject(id, act(0), ['untrueMarriage', 'garbledName'], '结婚登记日期与证件不符\n请更正');
    const page = await visitor.get('/registration');
    expect(wordsOf(page)).toContain('婚姻登记信息不实');
    expect(wordsOf(page)).toContain('姓名有乱码或明显错误');
    expect(wordsOf(page)).toContain('结婚登记日期与证件不符');
    expect(page.body).toContain('action="/registration/resubmit"');
    expect((await visitor.post('/registration/withdraw')).statusCode).toBe(409);
    expect((await visitor.post('/registration/amend')).statusCode).toBe(409);
  });

  test('keeps a form that was half filled in behind the changes', async () => {
    const { visitor } = await submitted();
    await visitor.post('/register/husband', { name: '石磊', idNumber: '', action: 'save' });
    await visitor.get('/registration');
    await visitor.post('/registration/amend');
    await visitor.get('/register/discard');
    expect((await visitor.post('/register/discard')).headers.location).toBe('/registration');
    expect((await visitor.get('/register/husband')).body).toContain('石磊');
  });
});

const submitAgain = async (visitor: Visitor) => {
  await visitor.get('/register/check');
  return submit(visitor);
};
