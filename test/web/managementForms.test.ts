import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf, textOf, type Visitor, visitor, wayBackOf } from '../support/managementBrowser.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
const minute = 60_000;
const typed = { reasons: 'wrongChildren', text: '子女出生日期与出生证不符' };

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

const page = (id: string) => `/registrations/${id}`;
const statusOf = async (id: string) => (await scene.app.services.applicant.view(id))?.row.status;

/** What the page says first of what became of the form. */
const noticeOf = ({ body }: { body: string }): string =>
  /<div class="error-summary"[\s\S]*?<\/div>/.exec(body)?.[0] ?? '';

/** Types a rejection, is away until the session has ended, and sends it: where that leads. */
const sentTooLate = async (someone: Visitor, id: string, fields: Record<string, string> = {}) => {
  const form = formOf(await someone.get(page(id)), `${page(id)}/reject`);
  scene.app.clock.now += 31 * minute;
  return someone.post(`${page(id)}/reject`, { ...form, ...typed, step: 'confirm', ...fields });
};

const formIn = (location: unknown): string =>
  new URL(String(location), 'http://localhost').searchParams.get('to') ?? '';

describe('a form that is sent after the session has ended', () => {
  test('is kept, and comes back filled in after the sign-in; nothing is sent by itself', async () => {
    const { id } = await scene.submitted();
    const yang = await scene.signedIn('guizhu-yang');
    const late = await sentTooLate(yang, id);
    expect(late.statusCode).toBe(303);
    expect(late.headers.location).toMatch(/^\/sign-in\?to=.*ended=kept$/);
    const asked = await yang.get(String(late.headers.location));
    expect(textOf(asked)).toContain('您填写的内容已经保存');
    const signed = await yang.signIn('guizhu-yang', password, formIn(late.headers.location));
    const back = await yang.get(String(signed.headers.location));
    expect(back.statusCode).toBe(200);
    expect(textOf(back)).toContain('刚才的内容还没有提交，没有任何改动');
    expect(back.body).toMatch(/value="wrongChildren" checked/);
    expect(back.body).toContain(`>${typed.text}</textarea>`);
    expect(await statusOf(id)).toBe('submitted');
    const done = await yang.post(`${page(id)}/reject`, {
      ...formOf(back, `${page(id)}/reject`),
      ...typed,
      step: 'confirm',
    });
    expect(done.headers.location).toBe(`${page(id)}?done=rejected`);
  });

  test('is shown to nobody but the account it was typed by, and to that one for an hour', async () => {
    const { id } = await scene.submitted();
    const yang = await scene.signedIn('guizhu-yang');
    const to = formIn((await sentTooLate(yang, id)).headers.location);
    const wu = await scene.signedIn('guizhu-wu');
    expect((await wu.get(to)).body).not.toContain(typed.text);
    await yang.signIn('guizhu-yang', password, to);
    expect((await yang.get(to)).body).toContain(typed.text);
    for (let n = 0; n < 3; n += 1) {
      scene.app.clock.now += 21 * minute;
      await yang.get('/');
    }
    const ended = await yang.get(to);
    expect([ended.statusCode, ended.body.includes(typed.text)]).toEqual([200, false]);
  });

  test('is kept for who passes on too, with the office that was chosen', async () => {
    const { id } = await scene.submitted();
    const yang = await scene.signedIn('guizhu-yang');
    const passOn = `${page(id)}/pass-on`;
    const form = {
      ...formOf(await yang.get(passOn), passOn),
      office: '520111101',
      text: '女方住青岩镇',
      step: 'preview',
    };
    scene.app.clock.now += 31 * minute;
    const to = formIn((await yang.post(passOn, form)).headers.location);
    await yang.signIn('guizhu-yang', password, to);
    const back = await yang.get(to);
    expect(back.body).toMatch(/value="520111101" checked/);
    expect(textOf(back)).toContain('女方住青岩镇');
    expect(textOf(back)).toContain('刚才的内容还没有提交');
  });

  test('is not kept without its token, without its owner, or where nothing of ours was sent', async () => {
    const { id } = await scene.submitted();
    const stranger = visitor(scene.sites.managementSite);
    const bare = await stranger.post(`${page(id)}/reject`, { owner: 'x', ...typed }, true);
    expect(bare.statusCode).toBe(403);
    await stranger.get('/sign-in');
    const unowned = await stranger.post(`${page(id)}/reject`, typed);
    expect(unowned.headers.location).toBe(`/sign-in?${new URLSearchParams({ to: page(id), ended: '1' })}`);
    const foreign = formIn((await stranger.post(`${page(id)}/reject`, { owner: 'x', ...typed })).headers.location);
    const yang = await scene.signedIn('guizhu-yang');
    expect((await yang.get(foreign)).body).not.toContain(typed.text);
    for (const form of ['absent', '', 'a'.repeat(3000)]) {
      expect((await yang.get(`${page(id)}?${new URLSearchParams({ form })}`)).statusCode).toBe(200);
    }
    const broken = formIn((await sentTooLate(yang, id, { basedOn: 'x' })).headers.location);
    await yang.signIn('guizhu-yang', password);
    const shown = await yang.get(broken);
    expect(shown.statusCode).toBe(200);
    expect(noticeOf(shown)).not.toContain('您填写的');
  });
});

describe('what answers a form', () => {
  test('is shown by GET, so that Back and reload find it: the preview, a form with errors, the page of who came second', async () => {
    const { id } = await scene.submitted();
    const yang = await scene.signedIn('guizhu-yang');
    const reject = `${page(id)}/reject`;
    const { site, sent } = { site: scene.sites.managementSite, sent: formOf(await yang.get(page(id)), reject) };
    const payload = new URLSearchParams({ ...sent, ...typed, step: 'preview' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const cookies = Object.fromEntries(yang.cookies);
    const answer = await site.inject({ method: 'POST', url: reject, headers, cookies, payload });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toMatch(new RegExp(`^${reject}\\?form=[\\da-f-]{36}$`));
    const [preview, again] = [
      await yang.get(String(answer.headers.location)),
      await yang.get(String(answer.headers.location)),
    ];
    for (const one of [preview, again]) expect(textOf(one)).toContain(typed.text);
    expect((await yang.get(wayBackOf(preview))).body).toMatch(/value="wrongChildren" checked/);
    const errors = await yang.post(reject, { ...sent, step: 'preview', text: '' });
    expect(errors.statusCode).toBe(400);
    expect(textOf(errors)).toContain('请至少选择一个原因');
  });

  test('leads on where it is no longer kept', async () => {
    const { id } = await scene.submitted();
    const yang = await scene.signedIn('guizhu-yang');
    for (const [path, to] of [
      [`${page(id)}/reject`, page(id)],
      [`${page(id)}/decline?form=absent`, page(id)],
      [`${page(id)}/pass-on/check?form=absent`, `${page(id)}/pass-on?form=absent`],
    ] as const) {
      expect((await yang.get(path)).headers.location).toBe(to);
    }
  });

  test('says that what was typed is still there only where something was', async () => {
    const { id } = await scene.submitted();
    const wu = await scene.signedIn('guizhu-wu');
    const yang = await scene.signedIn('guizhu-yang');
    const late = await wu.get(page(id));
    await yang.post(`${page(id)}/take`, formOf(await yang.get(page(id)), `${page(id)}/take`));
    const nothing = await wu.post(`${page(id)}/accept`, formOf(late, `${page(id)}/accept`));
    expect(nothing.statusCode).toBe(409);
    expect(noticeOf(nothing)).toContain('刚刚有了变化');
    expect(noticeOf(nothing)).not.toContain('您填写的');
    const something = await wu.post(`${page(id)}/reject`, {
      ...formOf(late, `${page(id)}/reject`),
      ...typed,
      step: 'confirm',
    });
    expect(noticeOf(something)).toContain('您填写的内容还在');
  });
});
