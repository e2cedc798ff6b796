import { describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { operator } from '../support/application.ts';
import { codeOn, formCouples, submit } from '../support/formCouples.ts';
import { openSites } from '../support/sites.ts';
import { wordsOf } from '../support/visitor.ts';

const office = '520111004';

const { app, sites } = await openSites();

const { nextCouple, filledIn, submitted } = formCouples(() => ({ app, sites }));

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
    const page = await visitor.send('/register/check');
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<a href="#f-true">请先勾选承诺</a>');
    await submit(visitor);
    const back = await visitor.follow(await visitor.get('/register/check?wrong=promiseMissing'));
    expect(wordsOf(back)).toContain('您刚提交了登记');
  });

  test('leads to a receipt with the code, the days in words and the office; the draft is gone', async () => {
    const { visitor, code } = await submitted();
    const receipt = await visitor.get('/receipt');
    expect(code).toMatch(/^(\w{4}-){3}\w{4}$/);
    expect(wordsOf(receipt)).toContain('最迟 2026年11月25日（星期三）');
    expect(wordsOf(receipt)).toContain('最迟 2026年11月26日（星期四）');
    expect(wordsOf(receipt)).toContain('贵阳市花溪区贵筑街道办事处');
    expect(visitor.locations.join()).not.toContain(code);
    await visitor.send('/register/another');
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 0 项');
  });

  test('is told where the form is opened again, with the ways to it and to another couple', async () => {
    const { visitor, code, id } = await submitted();
    for (const path of [
      '/register',
      '/register/check',
      '/register/wife',
      '/register/children',
      '/register/children/1',
    ]) {
      const page = await visitor.follow(await visitor.get(path));
      expect([path, wordsOf(page).includes('您刚提交了登记')]).toEqual([path, true]);
    }
    const other = await submitted();
    await visitor.post('/lookup', { code: other.code, name: other.data.wife.name });
    expect(codeOn(await visitor.send('/register/submitted', { to: 'receipt' }))).toBe(code);
    const page = await visitor.send('/register/submitted', { to: 'registration' });
    expect(wordsOf(page)).toContain('等待办公室初审');
    expect((await visitor.send('/register/another')).body).toContain('href="/register/application"');
    expect((await visitor.send('/register/submitted')).body).toContain('action="/lookup"');
    expect((await app.services.applicant.view(id))?.row.status).toBe('submitted');
  });

  test('is told for half an hour', async () => {
    const { visitor } = await submitted();
    app.clock.now += 31 * 60_000;
    expect(wordsOf(await visitor.get('/register'))).toContain('已完成 0 项');
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
    const page = await visitor.follow(await submit(visitor));
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
    const page = await visitor.follow(await submit(visitor));
    expect(wordsOf(page)).toContain('后来改的内容不能再提交');
    expect(codeOn(await visitor.get('/receipt'))).toBe(applicant.queryCode(id));
    expect(wordsOf(await visitor.get('/register'))).toContain('您刚提交了登记');
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
    const sent = await submit(visitor);
    const page = await visitor.follow(sent);
    expect([sent.statusCode, page.statusCode]).toEqual([303, 409]);
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
