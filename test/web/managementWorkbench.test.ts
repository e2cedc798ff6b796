import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '#application/ports.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import { textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let yang: Visitor;

const rowsOf = (body: string) => [...body.matchAll(/data-row="([^"]+)"/g)].map(([, id]) => id ?? '');
const hrefOf = (body: string, rel: string) =>
  /href="([^"]+)"/
    .exec(body.split('<a ').find((link) => link.includes(`rel="${rel}"`)) ?? '')?.[1]
    ?.replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&');

const reapply = async () => {
  yang = await scene.signedIn('guizhu-yang');
};

beforeAll(async () => {
  scene = await startScene('2026-11-20T02:00:00Z');
  await scene.submitted();
  scene.app.clock.now = Date.parse('2026-11-23T02:00:00Z');
  for (let n = 0; n < 34; n += 1) await scene.submitted();
  scene.app.clock.now = Date.parse('2026-11-24T02:00:00Z');
  await scene.submitted();
  await reapply();
});
afterAll(() => scene.close());

describe('the workbench', () => {
  test('counts its tabs, sorts by what is due first and says so in words', async () => {
    const page = await yang.get('/');
    const text = textOf(page);
    expect(text).toContain('待初审 36');
    expect(text).toContain('有 1 件已超期');
    const badges = [...page.body.matchAll(/class="badge (overdue|today|soon|later)"/g)].map(([, state]) => state);
    expect(badges).toEqual(['overdue', ...Array.from({ length: 29 }, () => 'today')]);
    expect(rowsOf(page.body)).toHaveLength(30);
    expect(text).toContain('花溪区贵筑街道');
    expect(textOf(await yang.get('/?tab=registered'))).toContain('还没有登记成功的记录');
  });

  test('pages on and back through all, each once', async () => {
    const first = await yang.get('/');
    const second = await yang.get(hrefOf(first.body, 'next') ?? '');
    expect(new Set([...rowsOf(first.body), ...rowsOf(second.body)]).size).toBe(36);
    expect(textOf(second)).toContain('第 2 页');
    expect(textOf(second)).toContain('剩 1 个工作日');
    expect(hrefOf(second.body, 'next')).toBeUndefined();
    expect(rowsOf((await yang.get(hrefOf(second.body, 'prev') ?? '')).body)).toEqual(rowsOf(first.body));
    expect((await yang.get('/?at=nonsense')).statusCode).toBe(400);
  });

  test.each([
    ['due=overdue', 1],
    ['due=today', 30],
    ['due=later', 1],
    ['handler=mine', 0],
    ['parity=2', 0],
    ['flagged=1', 0],
    ['due=sideways&parity=x&tab=nowhere', 30],
  ])('narrows by %s', async (query, count) => {
    const page = await yang.get(`/?${query}`);
    expect(rowsOf(page.body)).toHaveLength(count);
    if (count === 0) expect(textOf(page)).toContain('没有符合筛选条件的登记');
  });

  test('shows who has a task, and leads to what is due first', async () => {
    const next = await yang.get('/next');
    const id = String(next.headers.location).replace('/registrations/', '');
    expect(rowsOf((await yang.get('/')).body)[0]).toBe(id);
    await yang.get(`/registrations/${id}`);
    const ids = { commandId: scene.app.services.deps.ids(), basedOn: '0' };
    await yang.post(`/registrations/${id}/take`, ids);
    expect(textOf(await yang.get('/?tab=received&handler=mine'))).toContain('杨秀兰 （我）');
    expect(rowsOf((await yang.get('/?tab=received&handler=nobody')).body)).toEqual([]);
    expect((await yang.get('/next')).headers.location).toBe(`/registrations/${id}`);
  });
});

describe('the next task', () => {
  const next = async (account: string) => {
    const location = (await (await scene.signedIn(account)).get('/next')).headers.location;
    return String(location).replace('/registrations/', '');
  };
  const only = (authorisation: 'review' | 'register') => ({
    account: `only-${authorisation}`,
    name: '只办一项',
    role: 'operator' as const,
    office: '520111101',
    authorisations: [authorisation],
    verified: true,
    person: authorisation,
  });

  test('is also an accepted one that nobody has, and for who only registers what anyone accepted', async () => {
    scene.directory.add(only('review'));
    scene.directory.add(only('register'));
    const { services } = scene.app;
    expect(await next('only-register')).toBe('/');
    const { id } = await scene.accepted();
    const act = { staff: await staffOf('guizhu-yang'), commandId: services.deps.ids(), basedOn: 2 };
    expect(await services.staff.redirect(id, act, '520111101', '女方住青岩镇')).toMatchObject({ outcome: 'done' });
    expect([await next('only-review'), await next('only-register')]).toEqual([id, id]);
  });
});

describe('a search', () => {
  test('finds by full name or ID number, and keeps both out of every address', async () => {
    const { deps } = scene.app.services;
    const { data, id } = await scene.submitted({
      wife: { name: '欧阳明珠', idNumber: withCheckCharacter('52011119951224908') },
    });
    await deps.awaitViews(['search'], await deps.eventStore.lastPosition());
    await yang.get('/search');
    for (const text of ['欧阳明珠', data.husband.idNumber.toLowerCase()]) {
      const sent = await yang.post('/search', { text });
      expect(sent.headers.location).toBe('/search');
      const found = await yang.get('/search');
      expect(rowsOf(found.body)).toContain(id);
      expect(textOf(found)).toContain('欧阳明珠 / 张伟');
      expect(found.body).toContain(`href="/registrations/${id}?from=search"`);
    }
    expect((await yang.get(`/registrations/${id}?from=search`)).body).toContain('href="/search">返回查找结果<');
    expect((await yang.get(`/registrations/${id}`)).body).toContain('href="/">返回工作台<');
    const absent = await yang.post('/search', { text: '无此人' }).then(() => yang.get('/search'));
    expect(textOf(absent)).toContain('没有找到“无此人”的登记');
    const wu = await scene.signedIn('guizhu-wu');
    expect(textOf(await wu.get('/search'))).not.toContain('无此人');
    expect((await yang.post('/search', { text: 'x'.repeat(51) })).statusCode).toBe(400);
    expect(JSON.stringify(scene.sites.lines)).not.toMatch(/欧阳|无此人|5201111995/);
  });
});

describe('offices above', () => {
  test('see those below with their numbers, a picture and a spreadsheet, and may read their workbenches', async () => {
    const guiyang = await scene.signedIn('guiyang');
    expect((await guiyang.get('/')).headers.location).toBe('/offices');
    const overview = await guiyang.get('/offices');
    expect(textOf(overview)).toContain('花溪区卫生健康局');
    expect(overview.body).toMatch(/<rect class="submitted"/);
    const below = await guiyang.get('/offices/520111');
    expect(textOf(below)).toMatch(/贵阳市花溪区贵筑街道办事处 37 1/);
    expect(textOf(below)).toContain('上一级：贵阳市卫生健康局');
    const sheet = await guiyang.get('/offices/520111/numbers.xlsx');
    expect(sheet.statusCode).toBe(200);
    expect(sheet.rawPayload.subarray(0, 2).toString()).toBe('PK');
    const inbox = await guiyang.get('/offices/520111004/inbox');
    expect(textOf(inbox)).toContain('只能查看，不能办理');
    expect(rowsOf(inbox.body).length).toBe(30);
  });

  test('see nothing beside their own subtree', async () => {
    const huaxi = await scene.signedIn('huaxi');
    for (const path of ['/offices/5201', '/offices/520103/inbox', '/offices/52/numbers.xlsx']) {
      expect((await huaxi.get(path)).statusCode).toBe(403);
    }
    const stream = await huaxi.get('/inbox/events?office=52', { accept: 'text/event-stream' });
    expect(stream.statusCode).toBe(403);
    expect((await huaxi.get('/offices/999999')).statusCode).toBe(404);
    expect((await huaxi.get('/')).statusCode).toBe(200);
    expect(textOf(await huaxi.get('/offices'))).toContain('花溪区卫生健康局（本级）');
  });

  test('an account without registration work is told what to do, and reads nothing', async () => {
    const found = await staffOf('huaxi-yiyuan');
    scene.directory.add({ ...found, account: 'huaxi-xinren', authorisations: [] });
    const clinic = await scene.signedIn('huaxi-xinren');
    const home = await clinic.get('/');
    expect(textOf(home)).toMatch(/何静，您好 .*您现在可以 到公众网站查验电子生育服务证/);
    expect(textOf(home)).not.toContain('填注出生');
    expect(home.body).toContain('<li><a href="/me">');
    expect(home.body).toContain(`href="${scene.app.services.deps.publicUrl}/verify"`);
    for (const path of ['/search', '/offices', '/offices/520111004/inbox']) {
      expect((await clinic.get(path)).statusCode).toBe(403);
    }
    expect((await clinic.get('/inbox/events', { accept: 'text/event-stream' })).statusCode).toBe(403);
    expect((await clinic.post('/search', { text: '王芳' })).statusCode).toBe(403);
    expect(await scene.app.services.staff.search(await staffOf('huaxi-xinren'), '王芳')).toEqual([]);
  });
});

const staffOf = async (account: string) => {
  const staff = await scene.directory.find(account);
  if (staff === undefined) throw new Error(`${account} is gone`);
  return staff;
};

/** Reads a stream until it said something `times`, then leaves it. */
const listen = async (url: string, cookie: string, times: number, act: () => Promise<unknown>) => {
  const leaving = new AbortController();
  const response = await fetch(url, { headers: { cookie, accept: 'text/event-stream' }, signal: leaving.signal });
  const events: string[] = [];
  let acted = false;
  for await (const chunk of response.body ?? []) {
    events.push(
      ...[
        ...Buffer.from(chunk)
          .toString()
          .matchAll(/event: (\w+)\ndata: (.+)\n/g),
      ].map(([, name, data]) => `${name} ${data}`),
    );
    if (!acted) await act();
    acted = true;
    if (events.length >= times) break;
  }
  leaving.abort();
  return { status: response.status, events };
};

describe('the live workbench', () => {
  test('is told when something came, with counts and nothing about a person; other offices are not', async () => {
    const address = await scene.sites.managementSite.listen({ port: 0, host: '127.0.0.1' });
    const cookie = `management-session=${encodeURIComponent(yang.cookies.get('management-session') ?? '')}`;
    const heard = await listen(`${address}/inbox/events`, cookie, 2, () => scene.submitted());
    expect(heard.status).toBe(200);
    const [opened, changed] = heard.events.map(
      (event) => JSON.parse(event.replace(/^\w+ /, '')) as { submitted: number },
    );
    expect(changed?.submitted).toBe((opened?.submitted ?? 0) + 1);
    expect(heard.events.join()).not.toMatch(/王芳|张伟|personal/);
    const huaxi = await scene.signedIn('huaxi');
    const above = `management-session=${encodeURIComponent(huaxi.cookies.get('management-session') ?? '')}`;
    const county = await listen(`${address}/inbox/events?office=520111`, above, 2, () => scene.submitted());
    expect(county.events[1]).toMatch(/^changed/);
  });

  test('ends when the store does not answer, harms nobody else, and is there again afterwards', async () => {
    const address = scene.sites.managementSite.listeningOrigin;
    const cookie = `management-session=${encodeURIComponent(yang.cookies.get('management-session') ?? '')}`;
    const { transientStore } = scene.app.services.deps;
    const { get } = transientStore;
    const heard = await listen(`${address}/inbox/events`, cookie, 5, async () => {
      transientStore.get = () => Promise.reject(new StoreUnavailable('down'));
      await scene.submitted();
    });
    transientStore.get = get;
    expect(heard.events).toHaveLength(1);
    expect((await listen(`${address}/inbox/events`, cookie, 2, () => scene.submitted())).events).toHaveLength(2);
  });

  test.each([
    ['may not read registrations any more', { authorisations: [] }],
    ['is no longer verified', { verified: false }],
    ['belongs to another office now', { office: '520103001' }],
  ])('ends, without another word, for one who %s', async (_, change) => {
    const address = scene.sites.managementSite.listeningOrigin;
    const wu = await scene.signedIn('guizhu-wu');
    const cookie = `management-session=${encodeURIComponent(wu.cookies.get('management-session') ?? '')}`;
    const { find } = scene.directory;
    const heard = await listen(`${address}/inbox/events?office=520111004`, cookie, 2, async () => {
      const now = { ...(await staffOf('guizhu-wu')), ...change };
      scene.directory.find = async (account) => (account === now.account ? now : find(account));
      await scene.submitted();
    });
    scene.directory.find = find;
    expect(heard.events.map((event) => event.split(' ')[0])).toEqual(['open']);
  });

  test('ends for one whose account is disabled', async () => {
    const address = scene.sites.managementSite.listeningOrigin;
    const wu = await scene.signedIn('guizhu-wu');
    const cookie = `management-session=${encodeURIComponent(wu.cookies.get('management-session') ?? '')}`;
    const heard = await listen(`${address}/inbox/events`, cookie, 5, async () => {
      scene.directory.disabled.add('guizhu-wu');
      await scene.submitted();
    });
    expect(heard.events).toHaveLength(1);
    scene.directory.disabled.delete('guizhu-wu');
  });
});
