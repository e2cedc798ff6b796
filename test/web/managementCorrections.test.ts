import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';

let scene: Scene;
let yang: Visitor;
let wu: Visitor;
let huaxi: Visitor;

beforeAll(async () => {
  scene = await startScene();
  yang = await scene.signedIn('guizhu-yang');
  wu = await scene.signedIn('guizhu-wu');
  huaxi = await scene.signedIn('huaxi');
});
afterAll(() => scene.close());

const page = (id: string) => `/registrations/${id}`;

const registered = async (): Promise<{ id: string; data: RegistrationData; number: string }> => {
  const { id, data } = await scene.submitted();
  const { number } = await register(scene.app, id, data);
  return { id, data, number };
};

/** The answers of a form as its page fills them in. */
const answersOn = (body: string): Record<string, string> => {
  const inputs = [...body.matchAll(/<input class="input[^"]*" id="(answer\.[^"]+)" name="[^"]+" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
};

const basis = {
  text: '录入时漏写一字，与身份证不符',
  document0: 'idCard',
  number0: '520111199512249003',
  shows0: '姓名王芳芳',
};

const corrected = async (who: Visitor, id: string, changes: Record<string, string>) => {
  const form = await who.get(`${page(id)}/correct`);
  const fields = { ...formOf(form, `${page(id)}/correct`), ...answersOn(form.body), ...basis, ...changes };
  return who.post(`${page(id)}/correct`, { ...fields, step: 'preview' });
};

describe('a misspelt name', () => {
  test('is proposed with before and after, waits for another person, and is approved by them', async () => {
    const { id, number } = await registered();
    const check = await corrected(yang, id, { 'answer.wife.name': '王芳芳' });
    expect(textOf(check)).toMatch(/女方姓名 王芳 王芳芳/);
    expect(textOf(check)).toContain('由另一个人复核');
    const sent = { ...formOf(check, `${page(id)}/correct`), step: 'confirm' };
    const proposed = await yang.post(`${page(id)}/correct`, sent);
    expect(proposed.headers.location).toBe(`${page(id)}?done=proposed`);
    expect(textOf(await yang.get(page(id)))).toContain('提出更正 1 处，等待他人复核');
    const own = await yang.get(`${page(id)}/correction`);
    expect(textOf(own)).toContain('要由另一个人复核');
    expect(own.body).not.toContain('correction/approve"');

    expect(textOf(await wu.get('/corrections'))).toContain('王芳 / 张伟');
    const waiting = await wu.get(`${page(id)}/correction`);
    expect(textOf(waiting)).toContain('姓名王芳芳');
    const approve = `${page(id)}/correction/approve`;
    const done = await wu.post(approve, formOf(waiting, approve));
    expect(done.headers.location).toBe(`${page(id)}?done=corrected`);
    expect(textOf(await wu.get(page(id)))).toContain('王芳芳');
    expect(textOf(await wu.get(`${page(id)}/history`))).toMatch(/更正登记内容.*王芳 王芳芳/);
    const { certificates, deps } = scene.app.services;
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await certificates.verify(number)).outcome === 'void') break;
      await deps.wait(20);
    }
    const verified = await scene.sites.publicSite.inject({ url: `/verify/${number}` });
    expect(textOf(verified)).toContain('证件已换发');
    expect(textOf(verified)).toContain('请持证人出示新证');
  });

  test('is dismissed with a reason', async () => {
    const { id } = await registered();
    const check = await corrected(yang, id, { 'answer.wife.name': '王芳芳' });
    await yang.post(`${page(id)}/correct`, { ...formOf(check, `${page(id)}/correct`), step: 'confirm' });
    const dismiss = `${page(id)}/correction/dismiss`;
    const form = formOf(await wu.get(`${page(id)}/correction`), dismiss);
    expect(textOf(await wu.post(dismiss, { ...form, text: '.' }))).toContain('有');
    const again = formOf(await wu.get(`${page(id)}/correction`), dismiss);
    const done = await wu.post(dismiss, { ...again, text: '身份证复印件不清晰' });
    expect(done.headers.location).toBe(`${page(id)}?done=dismissed`);
    expect(textOf(await wu.get(`${page(id)}/correction`))).toContain('没有等待复核的更正');
  });
});

describe('what is wrong in a correction', () => {
  test('is said at its field, and nothing typed is lost', async () => {
    const { id } = await registered();
    const shown = await corrected(yang, id, { 'answer.wife.idNumber': '12345', text: '.', number0: '' });
    expect(shown.statusCode).toBe(400);
    expect(textOf(shown)).toContain('请写明更正原因');
    expect(textOf(shown)).toContain('请填写至少一份证明材料');
    expect(shown.body).toContain('value="12345"');
  });

  test('may be that nothing changed', async () => {
    const { id } = await registered();
    expect(textOf(await corrected(yang, id, {}))).toContain('没有改动');
  });

  test('other fields are corrected at once', async () => {
    const { id } = await registered();
    const check = await corrected(yang, id, { 'answer.declaration.mobile': '13900000000' });
    expect(textOf(check)).toContain('确认后立即生效');
    const done = await yang.post(`${page(id)}/correct`, {
      ...formOf(check, `${page(id)}/correct`),
      step: 'confirm',
    });
    expect(done.headers.location).toBe(`${page(id)}?done=corrected`);
  });
});

test('the county revokes what was obtained wrongly; the office cannot', async () => {
  const { id, number } = await registered();
  expect((await yang.get(`${page(id)}/revoke`)).statusCode).toBe(403);
  await huaxi.sayWhy(id);
  const form = formOf(await huaxi.get(`${page(id)}/revoke`), `${page(id)}/revoke`);
  const given = {
    reasons: 'forgedDocuments',
    text: '结婚证系伪造，登记依法撤销',
    evidence: '民政部门来函：无此登记',
    heardOn: '2026-11-20',
    statement: '未作陈述',
  };
  const missing = await huaxi.post(`${page(id)}/revoke`, { ...form, ...given, heardOn: '2027-01-01', step: 'preview' });
  expect(textOf(missing)).toContain('请填写告知日期');
  const check = await huaxi.post(`${page(id)}/revoke`, { ...form, ...given, step: 'preview' });
  expect(textOf(check)).toContain('提交的证件或材料系伪造');
  const done = await huaxi.post(`${page(id)}/revoke`, { ...formOf(check, `${page(id)}/revoke`), step: 'confirm' });
  expect(done.headers.location).toBe(`${page(id)}?done=revoked`);
  expect(textOf(await huaxi.get(page(id)))).toContain('已撤销');
  expect(await scene.app.services.applicant.view(id)).toMatchObject({ row: { status: 'revoked' }, canResubmit: true });
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await scene.app.services.certificates.verify(number)).outcome === 'void') break;
    await scene.app.services.deps.wait(20);
  }
  expect(textOf(await scene.sites.publicSite.inject({ url: `/verify/${number}` }))).toContain('证件已撤销');
});

test('one of the two withdraws at the counter, their document checked', async () => {
  const { id, data } = await scene.submitted();
  const form = formOf(await yang.get(`${page(id)}/withdraw`), `${page(id)}/withdraw`);
  expect(textOf(await yang.post(`${page(id)}/withdraw`, form))).toContain('请选择来办理的人');
  const shown = { of: 'wife', document: 'idCard', documentNumber: data.wife.idNumber };
  const done = await yang.post(`${page(id)}/withdraw`, { ...form, ...shown });
  expect(done.headers.location).toBe(`${page(id)}?done=withdrawn`);
  expect((await scene.app.services.applicant.view(id))?.row.status).toBe('withdrawn');
});
