import { describe, expect, test } from 'vitest';
import { openSites } from '../support/sites.ts';
import { type Visitor, visitorOf, wordsOf } from '../support/visitor.ts';

const { sites } = await openSites();

const visitor = () => visitorOf(sites.publicSite);

describe('children', () => {
  const child = {
    name: '罗雨萱',
    sex: 'female',
    'bornOn-year': '14',
    'bornOn-month': '9',
    'bornOn-day': '3',
    parentage: 'both',
    living: 'living',
  };

  test('are added, changed and removed one by one', async () => {
    const someone = visitor();
    expect((await someone.post('/register/children/1', { ...child, action: 'continue' })).headers.location).toBe(
      '/register/children',
    );
    expect(wordsOf(await someone.get('/register/children'))).toContain('罗雨萱 女 · 2014年9月3日');
    await someone.post('/register/children/1', { ...child, name: '罗雨轩', action: 'continue' });
    expect(wordsOf(await someone.get('/register/children'))).toContain('罗雨轩');
    await someone.post('/register/children', { action: (await removals(someone))[0] ?? '' });
    expect(wordsOf(await someone.get('/register/children'))).toContain('还没有添加孩子');
  });

  const removals = async (someone: Visitor) => {
    const { body } = await someone.get('/register/children');
    return [...body.matchAll(/value="(remove:[^"]+)"/g)].map(([, action = '']) => action);
  };
  const addTwo = async (someone: Visitor) => {
    await someone.post('/register/children/1', { ...child, action: 'continue' });
    await someone.post('/register/children/2', { ...child, name: '罗雨轩', action: 'continue' });
  };

  test('are removed one at a time, however often the button is pressed', async () => {
    const someone = visitor();
    await addTwo(someone);
    const [first = ''] = await removals(someone);
    await Promise.all([first, first].map((action) => someone.post('/register/children', { action })));
    await someone.post('/register/children', { action: first });
    const left = wordsOf(await someone.get('/register/children'));
    expect([left.includes('罗雨萱'), left.includes('罗雨轩')]).toEqual([false, true]);
  });

  test('are changed as themselves though the list has moved up, and nothing typed is written over', async () => {
    const someone = visitor();
    await addTwo(someone);
    const idOn = async (number: number) =>
      /name="child" value="([^"]+)"/.exec((await someone.get(`/register/children/${number}`)).body)?.[1] ?? '';
    const second = await idOn(2);
    const [first = ''] = await removals(someone);
    await someone.post('/register/children', { action: first });
    await someone.post('/register/children/2', { ...child, child: second, name: '罗雨泽', action: 'continue' });
    const added = [await idOn(2), 'another-tab'];
    for (const [at, id] of added.entries()) {
      await someone.post('/register/children/2', {
        ...child,
        child: id,
        name: `罗小${'甲乙'[at]}`,
        action: 'continue',
      });
    }
    const listed = wordsOf(await someone.get('/register/children'));
    expect(listed).toMatch(/罗雨泽.*罗小甲.*罗小乙/);
    expect(listed).not.toContain('罗雨轩');
    expect(await removals(someone)).toHaveLength(3);
  });

  test('say their years in four digits where two were typed', async () => {
    const someone = visitor();
    await someone.post('/register/children/1', { ...child, 'bornOn-year': '95', action: 'continue' });
    expect(wordsOf(await someone.get('/register/children'))).toContain('1995年9月3日');
  });

  test('tell at their own page what is wrong with a child', async () => {
    const page = await visitor().send('/register/children/1', { ...child, 'bornOn-day': '31', action: 'continue' });
    expect(page.statusCode).toBe(400);
    expect(wordsOf(page)).toContain('第1个孩子的出生日期不是一个存在的日期');
    expect(page.body).toContain('value="31"');
  });

  test('whose mother would have been very young are asked about once, on their page and in the list, and stop nobody', async () => {
    const someone = visitor();
    await someone.post('/register/wife', { name: '王芳', idNumber: '520111199512249203', action: 'continue' });
    const young = { ...child, 'bornOn-year': '2007' };
    const asked = await someone.send('/register/children/1', { ...young, action: 'continue' });
    expect(asked.statusCode).toBe(200);
    expect(wordsOf(asked)).toMatch(
      /有 1 处请核对.*请核对：按第1个孩子的出生日期计算，母亲当时年龄很小，请检查日期是否填错/,
    );
    expect(asked.body).toContain('aria-describedby="f-bornOn-hint f-bornOn-doubt"');
    const doubted = /name="doubted" value="([^"]+)"/.exec(asked.body)?.[1] ?? '';
    const sure = await someone.post('/register/children/1', { ...young, doubted, action: 'continue' });
    expect(sure.headers.location).toBe('/register/children');
    expect(wordsOf(await someone.get('/register/children'))).toContain('请核对：按第1个孩子的出生日期计算');
    expect((await someone.post('/register/children', { action: 'continue' })).headers.location).not.toContain('check');
  });

  test('born in the future are told of at once, on their own page', async () => {
    const page = await visitor().send('/register/children/1', { ...child, 'bornOn-year': '2030', action: 'continue' });
    expect([page.statusCode, wordsOf(page)]).toEqual([400, expect.stringContaining('第1个孩子的出生日期在今天之后')]);
  });

  test('must fit the child that is being registered, which is told where they are listed', async () => {
    const someone = visitor();
    await someone.post('/register/application', { parity: '2', action: 'continue' });
    const page = await someone.send('/register/children', { action: 'continue' });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('<a href="/register/application">登记孩次与现有子女数不一致');
  });
});
