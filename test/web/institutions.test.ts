import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { registrationRow } from '#application/opened.ts';
import { operator } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

const village = '520111004005';
let scene: Scene;
let nurse: Visitor;
let count = 300;

beforeAll(async () => {
  scene = await startScene();
  nurse = await scene.signedIn('huaxi-yiyuan');
});
afterAll(() => scene.close());

const check = async (text: string) => {
  const shown = formOf(await nurse.get('/institution'), '/institution');
  return nurse.post('/institution', { ...shown, text });
};
const pageOf = ({ headers }: { headers: Readonly<Record<string, unknown>> }) => String(headers['location']);
const checked = async (text: string) => {
  const path = pageOf(await check(text));
  expect(path).toMatch(/^\/institution\/checks\/[\w-]+$/);
  return { path, page: await nurse.get(path) };
};
const declared = () => {
  count += 1;
  return declarationOf(village, count);
};
const registered = async () => {
  const data = declared();
  return { data, ...(await registeredCouple(scene.app, data)) };
};
const annotate = async (path: string, rows: Record<string, string>) => {
  const form = formOf(await nurse.get(`${path}/birth`), `${path}/birth`);
  return nurse.post(`${path}/birth`, { ...form, ...rows });
};
const confirm = async (path: string, preview: { body: string }, rows: Record<string, string>) =>
  nurse.post(`${path}/birth`, { ...formOf(preview as never, `${path}/birth`), ...rows, step: 'confirm' });

describe('the page of an institution', () => {
  test('is where its people begin, and nobody else’s', async () => {
    expect(pageOf(await nurse.get('/'))).toBe('/institution');
    const yang = await scene.signedIn('guizhu-yang');
    expect((await yang.get('/institution')).statusCode).toBe(403);
    expect((await yang.get('/')).body).not.toContain('href="/institution"');
  });

  test('says what to do where nothing, or nothing that can be, was typed', async () => {
    expect(textOf(await check(''))).toContain('请扫码或输入内容后再查验');
    expect(textOf(await check('520111'))).toContain('这不是证号、二维码或身份证号码');
  });

  test('answers plainly by certificate number, code and ID number, without her name', async () => {
    const { data, content } = await registered();
    for (const text of [content.number, content.code, data.wife.idNumber]) {
      const { page } = await checked(text);
      expect(page.body).toContain('<h1>已登记</h1>');
      expect(page.body).not.toContain(data.wife.idNumber);
      expect(page.body).not.toContain(data.wife.name);
    }
  });

  test('shows on a check made earlier that the certificate became void', async () => {
    const { id, content } = await registered();
    const { path } = await checked(content.number);
    expect(textOf(await nurse.get(path))).toMatch(new RegExp(`${content.number}.*有效`));
    const { staff, deps } = scene.app.services;
    const revocation = {
      reasons: ['untrueData'],
      text: '婚姻登记不属实',
      evidence: '民政系统查无此婚姻登记',
    } as const;
    const heard = { heardOn: '2026-11-24', statement: '未作陈述' };
    const basedOn = (await registrationRow(deps, id))?.revision ?? 0;
    const act = {
      staff: { ...operator('520111', 'jd-520111'), authorisations: ['supervise'] as const },
      commandId: deps.ids(),
      basedOn,
    };
    expect(await staff.revoke(id, act, { ...revocation, ...heard })).toMatchObject({ outcome: 'done' });
    await vi.waitFor(async () => {
      expect(textOf(await nurse.get(path))).toMatch(new RegExp(`${content.number} *已作废`));
    });
  });

  test('tells who is unregistered where she may go, with a leaflet, and follows her up', async () => {
    const data = declared();
    const { path, page } = await checked(data.wife.idNumber);
    expect(page.body).toContain('<h1>没有查到登记</h1>');
    const form = formOf(page, path);
    expect(textOf(await nurse.post(path, { ...form, how: 'leaflet' }))).toContain('请选择她可以去的窗口');
    expect(textOf(await nurse.post(path, { ...form, step: 'find', find: '贵筑' }))).toContain('贵筑街道');
    const told = await nurse.post(path, { ...form, how: 'leaflet', office: '520111004' });
    expect(pageOf(told)).toBe(path);
    expect((await nurse.get(path)).body).toContain(`${path}/leaflet.pdf`);
    expect(textOf(await nurse.get('/institution'))).toContain('尚未登记');
  });

  test('annotates twins once they were compared, and the certificate and its verification tell of them', async () => {
    const { content } = await registered();
    const { path, page } = await checked(content.number);
    expect(page.body).toContain(`${path}/birth`);
    const rows = { bornOn0: '2026-11-23', sex0: 'female', bornOn1: '2026/11/23', sex1: 'male' };
    const preview = await annotate(path, rows);
    expect(textOf(preview)).toContain('活产 2 名');
    expect(pageOf(await confirm(path, preview, rows))).toBe(`${path}?done=done`);
    expect(textOf(await nurse.get(`${path}?done=done`))).toContain('出生已标注');
    const verified = await scene.sites.publicSite.inject(`/verify/${content.number}`);
    expect(textOf(verified)).toContain('2026年11月出生，2 名（花溪区人民医院标注）');
    const shown = await scene.app.services.certificates.verify(content.number);
    expect(shown).toMatchObject({ born: { liveBorn: 2, month: '2026-11' } });
  });

  test('keeps what was typed, names the row that is wrong, and corrects only with a reason', async () => {
    const { content } = await registered();
    const { path } = await checked(content.number);
    const wrong = await annotate(path, { bornOn0: '2026-13-40', sex0: 'male', bornOn1: '2026-11-23' });
    expect(textOf(wrong)).toContain('第 1 个孩子：没有这一天');
    expect(textOf(wrong)).toContain('第 2 个孩子：请选择性别');
    expect(wrong.body).toContain('value="2026-13-40"');
    const rows = { bornOn0: '2026-11-23', sex0: 'male' };
    await confirm(path, await annotate(path, rows), rows);
    expect(textOf(await annotate(path, { ...rows, sex0: 'female' }))).toContain('写明更正原因');
    const better = { ...rows, sex0: 'female', reason: '性别录错了，应为女' };
    expect(pageOf(await confirm(path, await annotate(path, better), better))).toBe(`${path}?done=corrected`);
  });

  test('counts by month, with a picture and a spreadsheet', async () => {
    const page = await nurse.get('/institution/months');
    expect(textOf(page)).toContain('2026-11');
    expect(page.body).toContain('<svg class="bars"');
    expect((await nurse.get('/institution/months.xlsx')).statusCode).toBe(200);
  });
});
