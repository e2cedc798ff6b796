import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '#application/ports.ts';
import { operator } from '../support/application.ts';
import { codeOn, formCouples, submit, submitAgain } from '../support/formCouples.ts';
import { openSites } from '../support/sites.ts';
import { visitorOf, wordsOf } from '../support/visitor.ts';

const office = '520111004';

const { app, sites } = await openSites();

const { nextCouple, submitted } = formCouples(() => ({ app, sites }));

const act = (basedOn: number) => ({ staff: operator(office), commandId: app.services.deps.ids(), basedOn });

describe('what was submitted', () => {
  test('is changed until the review on the same pages, prefilled', async () => {
    const { visitor, data, id } = await submitted();
    await visitor.get('/registration');
    expect((await visitor.post('/registration/amend')).headers.location).toBe('/register/check');
    expect(wordsOf(await visitor.get('/register/check'))).toContain('您正在修改已提交的登记');
    expect(wordsOf(await visitor.follow(await submitAgain(visitor)))).toContain('您没有修改任何内容');
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
    const page = await visitor.follow(await submitAgain(visitor));
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
    const page = await visitor.follow(await submitAgain(visitor));
    expect([page.statusCode, wordsOf(page)]).toEqual([409, expect.stringContaining('这条登记刚刚修改过')]);
    expect(wordsOf(page)).not.toContain('办公室');
    expect((await app.services.applicant.view(id))?.data.declaration.mobile).toBe('13900000000');
    await spouse.post('/registration/withdraw');
    expect(wordsOf(await visitor.follow(await submitAgain(visitor)))).toContain('这条登记已经撤回');
    await visitor.get('/registration');
    expect(wordsOf(await visitor.send('/registration/amend'))).toContain('这条登记已经撤回');
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
    const page = await visitor.follow(await submitAgain(visitor));
    expect(page.statusCode).toBe(409);
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
    const page = await visitor.follow(await submitAgain(visitor));
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
    expect((await visitor.send('/registration/withdraw')).statusCode).toBe(409);
    expect((await visitor.send('/registration/amend')).statusCode).toBe(409);
  });

  test('when rejected is corrected where the office found fault, under its words, until it was changed', async () => {
    const { visitor, data, id } = await submitted();
    await app.services.staff.reject(id, act(0), ['untrueMarriage', 'wrongAddress'], '结婚登记日期与证件不符');
    await visitor.get('/registration');
    const list = await visitor.send('/registration/resubmit');
    expect(wordsOf(list)).toMatch(/婚姻登记信息不实.*结婚登记日期与证件不符.*从办公室指出的地方改起/);
    expect(wordsOf(list)).toContain('结婚登记 办公室指出，请改正');
    expect(wordsOf(list)).toContain('女方户籍地 办公室指出，请改正');
    expect(wordsOf(list)).toContain('女方信息 已完成');
    expect(list.body).toContain('start" href="/register/wifeHousehold"');
    expect(wordsOf(await visitor.get('/register/marriage'))).toContain('结婚登记日期与证件不符');
    expect(wordsOf(await visitor.get('/register/wife'))).not.toContain('结婚登记日期与证件不符');
    const { certificateNumber, authority } = data.marriage;
    const on = { 'registeredOn-year': '2021', 'registeredOn-month': '5', 'registeredOn-day': '21' };
    await visitor.post('/register/marriage', { certificateNumber, authority, ...on, action: 'continue' });
    expect(wordsOf(await visitor.get('/register'))).toContain('结婚登记 已完成');
    expect(wordsOf(await visitor.get('/register/marriage'))).not.toContain('结婚登记日期与证件不符');
  });

  test('when passed on says when, to which office and why, between what was before and what comes', async () => {
    const { visitor, id } = await submitted();
    await app.services.staff.receiveTask(id, act(0));
    app.clock.now += 60_000;
    await app.services.staff.redirect(id, act(1), '520111101', '女方现住青岩镇，由青岩镇办理更方便');
    const page = wordsOf(await visitor.get('/registration'));
    expect(page).toContain(
      '已提交 2026-11-24 10:00 已转到贵阳市花溪区青岩镇人民政府办理 2026-11-24 10:01 原因： 女方现住青岩镇，由青岩镇办理更方便 等待办公室初审',
    );
    const code = app.services.applicant.queryCode(id);
    const opened = await sites.publicSite.inject({
      method: 'POST',
      url: '/api/v1/registrations/open',
      payload: { queryCode: code, name: '王芳' },
    });
    expect(opened.json().registration.passedOn).toEqual([
      {
        at: new Date(app.clock.now).toISOString(),
        office: '贵阳市花溪区青岩镇人民政府',
        reason: '女方现住青岩镇，由青岩镇办理更方便',
      },
    ]);
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
