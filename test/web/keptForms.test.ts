import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { demoPassword } from '../../src/demo/staff.ts';
import { formOf, textOf, type Visitor, visitor } from '../support/managementBrowser.ts';
import { walkedRoutes } from '../support/routeTable.ts';
import { addressOf, openProvince } from '../support/routeWalk.ts';

const minute = 60_000;
const unsent = '刚才的内容还没有提交，没有任何改动';

/** Passwords, codes, passkeys, files, and leaving: what is sent there is kept nowhere. */
const neverKept = [
  '/people/roster',
  '/registrations/:id/scans',
  '/security/app',
  '/security/app/remove',
  '/security/codes/kept',
  '/security/codes/new',
  '/security/passkeys',
  '/security/passkeys/options',
  '/security/passkeys/remove',
  '/security/password',
  '/security/sessions/end',
  '/sign-in',
  '/sign-in/again',
  '/sign-in/code',
  '/sign-in/new-password',
  '/sign-in/passkey',
  '/sign-in/passkey/options',
  '/sign-out',
];

let province: Awaited<ReturnType<typeof openProvince>>;
beforeAll(async () => {
  province = await openProvince();
});
afterAll(async () => {
  await province.sites.close();
  await province.app.stop();
});

const site = () => province.sites.managementSite;

const arrived = async (account: string): Promise<Visitor> => {
  const someone = visitor(site());
  await someone.signIn(account, demoPassword);
  return someone;
};

/** The page that a sign-in leads on to. */
const onwards = (location: unknown): string =>
  new URL(String(location), 'http://localhost').searchParams.get('to') ?? '';

/** Opens a page, fills in its form, and sends it as late as `waits` say, each wait but the last ended by a look elsewhere. */
const sentLate = async (
  someone: Visitor,
  page: string,
  fields: Record<string, string>,
  waits = [31],
  action = page,
) => {
  const form = formOf(await someone.get(page), action.split('?')[0] ?? action);
  expect(Object.keys(form)).toContain('owner');
  for (const [n, wait] of waits.entries()) {
    if (n > 0) await someone.get('/session');
    province.app.clock.now += wait * minute;
  }
  return someone.post(action, { ...form, ...fields });
};

/** What stands in a form of theirs and says whose it is. */
const tagOf = async (someone: Visitor): Promise<string> =>
  formOf(await someone.get('/people/search'), '/people/search')['owner'] ?? '';

describe('the forms of the management site', () => {
  it('are all kept when the session has ended, and lead back to their page, but for a few that hold secrets or files', async () => {
    const posts = (await walkedRoutes(site())).filter(
      ({ method, path }) => method === 'POST' && !path.startsWith('/api/'),
    );
    const stranger = visitor(site());
    await stranger.get('/sign-in');
    const owner = await tagOf(await arrived('guizhu-gly'));
    const lost: string[] = [];
    for (const route of posts) {
      const { statusCode, headers } = await stranger.post(addressOf(route, province.id), { owner });
      const to = onwards(headers.location);
      if (statusCode !== 303 || !/\?form=[\da-f-]{36}$/.test(to)) {
        lost.push(route.path);
        continue;
      }
      const page = await stranger.get(to);
      expect({ page: to.split('?')[0], status: page.statusCode }).toEqual({ page: to.split('?')[0], status: 303 });
    }
    expect(lost.toSorted()).toEqual(neverKept);
  });

  it('are kept by a tag of their own page for a day, and by nothing that is made up', async () => {
    const gly = await arrived('guizhu-gly');
    const [tag, another] = [await tagOf(gly), await tagOf(gly)];
    expect(tag).not.toBe(another);
    const stranger = visitor(site());
    await stranger.get('/sign-in');
    const kept = async (owner: string) =>
      String((await stranger.post('/people/search', { owner, text: '王芳' })).headers.location).includes('ended=kept');
    expect([await kept(tag), await kept('guizhu-gly'), await kept(`${tag.slice(0, -2)}AA`)]).toEqual([
      true,
      false,
      false,
    ]);
    province.app.clock.now += 24 * 60 * minute;
    expect(await kept(another)).toBe(false);
  });

  it('all say whose they are', () => {
    const root = new URL('../../web/', import.meta.url);
    const templates = ['views/management/', 'components/management/'].flatMap((folder) =>
      readdirSync(new URL(folder, root)).map((name) => readFileSync(new URL(`${folder}${name}`, root), 'utf8')),
    );
    const forms = templates.flatMap((text) => text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []);
    expect(forms.length).toBeGreaterThan(30);
    const bare = forms.filter((form) => !/\{\{> management\/(hidden|ownForm)\b/.test(form));
    expect(bare.filter((form) => !neverKept.some((path) => form.includes(path)))).toEqual([]);
  });
});

describe('what was typed before the session ended', () => {
  test.each<[string, string, Record<string, string>, string, string?]>([
    ['guizhu-gly', '/people/new?where=operator.520111004', { name: '石光明' }, 'value="石光明"', '/people/new'],
    ['guizhu-gly', '/people/czy-520111004/change', { note: '下月调回' }, 'value="下月调回"'],
    ['guizhu-gly', '/people/czy-520111004/grants', { 'until-review': '2026-12-30' }, 'value="2026-12-30"'],
    ['guizhu-gly', '/people/czy-520111004/disable', { reason: '休产假到明年' }, '休产假到明年</textarea>'],
    ['guizhu-gly', '/people/czy-520111004/close', { reason: '已经退休' }, '已经退休</textarea>'],
    ['guizhu-gly', '/people/search', { text: '吴建国' }, 'value="吴建国"'],
    ['guizhu-gly', '/organisations/520111004/record', { address: '清溪路8号' }, 'value="清溪路8号"'],
    ['guizhu-gly', '/audit', { kind: 'organisation', id: '520111004' }, 'value="520111004"', '/audit/records'],
    ['guizhu-gly', '/me', { qq: '10001' }, 'value="10001"'],
    ['gly-520111', '/organisations/520111004/rename', { name: '贵筑街道人口办' }, 'value="贵筑街道人口办"'],
    ['gly-520111', '/organisations/520111/establish', { name: '石板镇卫生院' }, 'value="石板镇卫生院"'],
    ['gly-520111', '/organisations/520111004/move', { find: '贵阳', step: 'find' }, 'value="贵阳"'],
    ['gly-520111', '/organisations/520111004/merge', { other: '520111005' }, 'value="520111005" checked'],
    ['guizhu-yang', '/ordinary', { text: 'GZ1-2026-00000001' }, 'value="GZ1-2026-00000001"'],
    ['huaxi-yiyuan', '/institution', { text: 'GZ1-2026-00000001' }, 'value="GZ1-2026-00000001"'],
    ['guizhu-yang', '/search', { text: '王芳' }, 'value="王芳"'],
    ['guizhu-yang', '/stock/520111004/1/take', { ranges: 'GZ1-2026-00000007' }, 'GZ1-2026-00000007</textarea>'],
    ['guizhu-yang', '/printers', { name: '三号窗口' }, 'value="三号窗口"'],
    ['guizhu-yang', '/stock/520111004/1/request', { count: '77' }, 'value="77"'],
  ])('comes back after the sign-in: %s at %s', async (account, page, fields, found, action = page) => {
    const late = await sentLate(await arrived(account), page, fields, [31], action);
    expect(late.headers.location).toContain('ended=kept');
    const back = await (await arrived(account)).get(onwards(late.headers.location));
    expect(back.statusCode).toBe(200);
    expect(textOf(back)).toContain(unsent);
    expect(back.body).toContain(found);
  });

  it('comes back where a reason was asked for before data are shown', async () => {
    const huaxi = await arrived('huaxi');
    const page = `/registrations/${province.id}`;
    const late = await sentLate(huaxi, page, { reason: 'other', text: '来电核实' }, [31], '/access-reason');
    const again = await arrived('huaxi');
    const back = await again.get(onwards(late.headers.location));
    expect(back.body).toContain('来电核实</textarea>');
    const shown = await again.post('/access-reason', { ...formOf(back, '/access-reason'), text: '来电核实' });
    expect([shown.statusCode, shown.body.includes('来电核实</textarea>')]).toEqual([400, true]);
    const given = await again.post('/access-reason', {
      ...formOf(shown, '/access-reason'),
      reason: 'other',
      text: '来电核实',
    });
    expect(given.headers.location).toBe(page);
  });

  it('leads back to the page of a button, on which nothing was typed', async () => {
    const gly = await arrived('guizhu-gly');
    const person = '/people/czy-520111004';
    const late = await sentLate(gly, person, {}, [31], `${person}/sign-out`);
    const back = await (await arrived('guizhu-gly')).get(onwards(late.headers.location));
    expect(textOf(back)).toContain(unsent);
  });

  it('is still based on what was seen then: it overwrites nothing that another wrote meanwhile', async () => {
    const page = '/people/gly-520111004/change';
    const late = await sentLate(await arrived('gly-520111'), page, { note: '早先的备注' });
    const other = await arrived('gly-520111');
    await other.post(page, { ...formOf(await other.get(page), page), ...(await typedOf(other, page)), note: '新备注' });
    const back = await other.get(onwards(late.headers.location));
    const sent = { ...formOf(back, page), ...(await typedOf(other, page)), note: '早先的备注' };
    const refused = await other.post(page, sent);
    expect(refused.statusCode).toBe(409);
    const again = await other.post(page, { ...sent, ...formOf(refused, page) });
    expect(again.headers.location).toBe('/people/gly-520111004?done=changed');
  });

  it('comes back too where who sits there is asked again before what is delicate', async () => {
    const gly = await arrived('guizhu-gly');
    const page = '/people/czy-520111004/grants';
    const asked = await sentLate(gly, page, { 'until-review': '2026-12-29' }, [20, 20]);
    expect(asked.headers.location).toMatch(/^\/sign-in\/again\?to=/);
    const to = onwards(asked.headers.location);
    await gly.get(String(asked.headers.location));
    const proven = await gly.post('/sign-in/again', { proof: demoPassword, to });
    expect(proven.body).toContain('value="2026-12-29"');
    expect(textOf(proven)).toContain(unsent);
  });
});

/** What the text fields of a page hold. */
const typedOf = async (someone: Visitor, page: string): Promise<Record<string, string>> => {
  const { body } = await someone.get(page);
  const fields = [...body.matchAll(/<input class="input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
};
