import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiCaller } from '../support/apiCaller.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';
import { jpeg, pdf, png } from '../support/scanFiles.ts';
import { formWith } from '../support/uploads.ts';

let scene: Scene;
let yang: Visitor;

beforeAll(async () => {
  scene = await startScene();
  yang = await scene.signedIn('guizhu-yang');
});
afterAll(() => scene.close());

type File = { name: string; bytes: Uint8Array };
const caseOf = (id: string) => `/registrations/${id}`;
const scansOf = (id: string) => `${caseOf(id)}/scans`;

const upload = async (id: string, file: File | undefined, fields: Record<string, string> = {}, who = yang) => {
  const shown = formOf(await who.get(caseOf(id)), scansOf(id));
  const form = await formWith({ ...shown, document: 'idCard', ...fields }, file);
  const cookies = Object.fromEntries(who.cookies);
  const headers = { ...form.headers, accept: 'text/html' };
  return scene.sites.managementSite.inject({ method: 'POST', url: scansOf(id), ...form, headers, cookies });
};
const linksOn = (body: string): readonly string[] =>
  [...body.matchAll(/href="(\/registrations\/[\w-]+\/scans\/[\w-]+)"/g)].map(([, href = '']) => href);
const photo: File = { name: '王芳身份证.jpg', bytes: jpeg };

describe('scans on a registration’s page', () => {
  test('are attached, listed by what they are of, and taken away to be saved, never to be shown', async () => {
    const { id } = await scene.submitted();
    expect(textOf(await yang.get(caseOf(id)))).toContain('没有扫描件');
    const sent = await upload(id, photo);
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `${caseOf(id)}#scans`]);
    const page = await yang.get(caseOf(id));
    expect(textOf(page)).toMatch(/身份证 JPEG 图片 · 1 KB/);
    expect(page.body).not.toContain('王芳身份证.jpg');
    const [href = ''] = linksOn(page.body);
    const file = await yang.get(href);
    expect(file.rawPayload.equals(jpeg)).toBe(true);
    expect(file.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    });
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="idCard-[\w-]+\.jpg"$/);
  });

  test.each([
    ['kind', { name: 'a.jpg', bytes: Buffer.from('<html>') }, '不是 JPEG、PNG 或 PDF'],
    ['a script', { name: 'a.pdf', bytes: pdf('/OpenAction 1 0 R') }, '脚本、自动动作'],
    ['more than a picture', { name: 'a.png', bytes: Buffer.concat([png, Buffer.from('PK')]) }, '夹带了别的内容'],
    ['nothing chosen', undefined, '请选择要上传的文件'],
  ])('with %s are refused, which the page says with what to do', async (_, file, words) => {
    const { id } = await scene.submitted();
    const answer = await upload(id, file);
    expect(answer.statusCode).toBe(422);
    expect(textOf(answer)).toContain(words);
    expect(linksOn((await yang.get(caseOf(id))).body)).toEqual([]);
  });

  test('beyond 5 MB are refused before they are read', async () => {
    const { id } = await scene.submitted();
    const answer = await upload(id, { name: 'a.jpg', bytes: Buffer.alloc(5 * 1024 * 1024 + 1) });
    expect(answer.statusCode).toBe(413);
    expect(textOf(answer)).toContain('文件超过 5 MB');
  });

  test('of a kind of document that there is not are asked for again', async () => {
    const { id } = await scene.submitted();
    const answer = await upload(id, photo, { document: 'passport' });
    expect(answer.statusCode).toBe(422);
    expect(textOf(answer)).toContain('请选择证件种类');
  });

  test('are removed with a reason; the history tells of both', async () => {
    const { id } = await scene.submitted();
    await upload(id, photo);
    const page = await yang.get(caseOf(id));
    const [href = ''] = linksOn(page.body);
    const remove = `${href}/remove`;
    const again = await yang.post(remove, { ...formOf(page, remove), reason: '' });
    expect(again.statusCode).toBe(422);
    expect(textOf(again)).toContain('请写明移除的原因');
    const done = await yang.post(remove, { ...formOf(page, remove), reason: '拍成了别人的身份证' });
    expect(done.statusCode).toBe(303);
    expect((await yang.get(href)).statusCode).toBe(404);
    const history = textOf(await yang.get(`${caseOf(id)}/history`));
    expect(history).toMatch(/附上证件扫描件.*王芳身份证\.jpg/);
    expect(history).toMatch(/移除证件扫描件.*拍成了别人的身份证/);
  });

  test('are not there for who does not decide at that office', async () => {
    const { id } = await scene.submitted();
    await upload(id, photo);
    const [href = ''] = linksOn((await yang.get(caseOf(id))).body);
    const county = await scene.signedIn('huaxi');
    await county.sayWhy(id);
    const page = await county.get(caseOf(id));
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('id="scans"');
    for (const path of [href, scansOf(id)]) expect((await county.get(path)).statusCode).toBe(403);
  });
});

describe('scans for programs', () => {
  test('are attached once under a key, listed, taken away and removed', async () => {
    const { id } = await scene.submitted();
    const site = scene.sites.managementSite;
    const token = await apiCaller(() => site, '/api/v1').signedIn('guizhu-yang', password);
    const call = (asked: { method: 'GET' | 'POST'; url: string; payload?: object; headers?: object }) =>
      site.inject({ ...asked, headers: { ...asked.headers, authorization: `Bearer ${token}` } });
    const url = `/api/v1${scansOf(id)}`;
    const form = await formWith({ document: 'marriageCertificate' }, { name: 'a.png', bytes: png });
    const key = { 'idempotency-key': 'a-key-for-one-scan' };
    for (let n = 0; n < 2; n += 1) {
      const sent = await call({ method: 'POST', url, ...form, headers: { ...form.headers, ...key } });
      expect([sent.statusCode, sent.json()]).toEqual([
        200,
        { scans: [expect.objectContaining({ mediaType: 'image/png' })] },
      ]);
    }
    const listed = (await call({ method: 'GET', url })).json<{ scans: { scan: string }[] }>();
    const scan = listed.scans[0]?.scan ?? '';
    expect((await call({ method: 'GET', url: `${url}/${scan}` })).rawPayload.equals(png)).toBe(true);
    const script = await formWith({ document: 'other' }, { name: 'a.pdf', bytes: pdf('/AA 1 0 R') });
    const refused = await call({ method: 'POST', url, ...script });
    expect(refused.json()).toMatchObject({ errors: [{ field: 'file', code: 'active' }] });
    const removed = await call({
      method: 'POST',
      url: `${url}/${scan}/remove`,
      payload: { reason: '拍成了别人的结婚证' },
    });
    expect(removed.json()).toEqual({ scans: [] });
  });
});
