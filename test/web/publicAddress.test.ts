import { describe, expect, test } from 'vitest';
import { declarationOf } from '../support/declarations.ts';
import { openSites } from '../support/sites.ts';
import { visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';

const { sites } = await openSites();

const visitor = () => visitorOf(sites.publicSite);

describe('the place of an address', () => {
  test('is found by name or pinyin initials, chosen from what was found, and kept', async () => {
    const someone = visitor();
    const looked = await someone.post('/register/wifeHousehold', {
      'division-search': 'zasq',
      street: '明清街',
      action: 'find:division',
    });
    expect(looked.headers.location).toBe('/register/wifeHousehold#f-division');
    const page = await someone.get('/register/wifeHousehold');
    expect(page.body).toContain(`name="division" value="${village}"`);
    expect(page.body).toContain('value="明清街"');
    const rest = { street: '明清街', door: '16号' };
    await someone.post('/register/wifeHousehold', {
      ...rest,
      division: village,
      'division-search': 'zasq',
      action: 'continue',
    });
    const chosen = await someone.get('/register/wifeHousehold');
    expect(chosen.body).toContain(`value="${village}" checked`);
    expect(chosen.body).not.toContain('value="zasq"');
  });

  test('is looked for by “continue” too, where something was typed and nothing chosen', async () => {
    const someone = visitor();
    const answer = await someone.post('/register/husbandHousehold', {
      'division-search': '筑安社区',
      action: 'continue',
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/register/husbandHousehold#f-division']);
  });

  test('is reached level by level, also outside the province', async () => {
    const someone = visitor();
    for (const [under, next] of [
      ['all', '四川省'],
      ['51', '泸州市'],
      ['5105', '江阳区'],
    ] as const) {
      await someone.post('/register/wifeHousehold', { action: `under:division:${under}` });
      expect((await someone.get('/register/wifeHousehold')).body).toContain(next);
    }
    expect((await someone.get('/register/wifeHousehold')).body).toContain('name="division" value="510502"');
  });

  test('outside the province brings up the question for township and village', async () => {
    const someone = visitor();
    const outside = { division: '510502', street: '2组', door: '9号', action: 'continue' };
    const answer = await someone.post('/register/wifeHousehold', outside);
    expect(answer.headers.location).toBe('/register/wifeHousehold#f-locality');
    const missing = await someone.send('/register/wifeHousehold', { ...outside, locality: '' });
    expect(wordsOf(missing)).toContain('省外地址请填写女方户籍地的乡镇（街道）、村');
    const done = await someone.post('/register/wifeHousehold', { ...outside, locality: '永安镇' });
    expect(done.headers.location).toBe('/register/wifeResidence');
  });

  test.each([
    ['999999999999', '没有查到'],
    ['5201110040', '没有查到'],
    ['52011', '没有这个地方'],
    ['520111', '要选到村（居）'],
  ])('%s is refused: %s', async (division, message) => {
    const page = await visitor().send('/register/wifeHousehold', {
      division,
      street: '1组',
      door: '1',
      action: 'continue',
    });
    expect(page.statusCode).toBe(400);
    expect(wordsOf(page)).toContain(message);
  });

  test('is taken over from an earlier address with one touch', async () => {
    const someone = visitor();
    const { wifeHousehold } = declarationOf(village);
    await someone.post('/register/wifeHousehold', { ...wifeHousehold, action: 'continue' });
    expect(wordsOf(await someone.get('/register/husbandResidence'))).toContain('与女方户籍地相同');
    const taken = await someone.post('/register/wifeResidence', { action: 'take:wifeHousehold' });
    expect(taken.statusCode).toBe(303);
    expect((await someone.get('/register/wifeResidence')).body).toContain('霞晖路88号');
  });

  test('is offered once, however many earlier addresses are the same', async () => {
    const someone = visitor();
    const { wifeHousehold } = declarationOf(village);
    await someone.post('/register/wifeHousehold', { ...wifeHousehold, action: 'continue' });
    await someone.post('/register/wifeResidence', { action: 'take:wifeHousehold' });
    const page = await someone.get('/register/husbandHousehold');
    expect(page.body.match(/value="take:\w+"/g)).toEqual(['value="take:wifeHousehold"']);
    await someone.post('/register/wifeResidence', { ...wifeHousehold, door: '9号', action: 'continue' });
    expect((await someone.get('/register/husbandHousehold')).body.match(/value="take:\w+"/g)).toHaveLength(2);
  });

  test('needs no door number, and says so', async () => {
    const someone = visitor();
    const page = wordsOf(await someone.get('/register/wifeHousehold'));
    expect(page).toContain('没有门牌的可不填');
    expect(page).toMatch(/例如：清溪路、明清街、3组。/);
    const done = await someone.post('/register/wifeHousehold', {
      division: village,
      street: '3组',
      action: 'continue',
    });
    expect(done.headers.location).toBe('/register/wifeResidence');
  });

  test('comes as JSON while one types, without saying who asks', async () => {
    const found = await visitor().get('/divisions?text=hxgz');
    expect(found.json().divisions[0]).toEqual({
      code: '520111004',
      label: '贵州省 贵阳市 花溪区 贵筑街道',
      leaf: false,
    });
    const named = await visitor().get(`/divisions?${new URLSearchParams({ text: '平桥街道' })}`);
    const [township, ...inside] = named.json<{ divisions: { code: string; leaf: boolean }[] }>().divisions;
    expect([township?.code, township?.leaf]).toEqual(['520111009', false]);
    const first = inside.slice(0, 3).map(({ code, leaf }) => [code.slice(0, 9), leaf]);
    expect(first).toEqual(Array.from({ length: 3 }, () => ['520111009', true]));
    expect((await visitor().get('/divisions?under=520111004')).json().divisions).toContainEqual({
      code: village,
      label: '筑安社区',
      leaf: true,
    });
    expect((await visitor().get(`/divisions?text=${'x'.repeat(200)}`)).statusCode).toBe(400);
    const brings = async (text: string, of: string) =>
      (await visitor().get(`/divisions?${new URLSearchParams({ text, of })}`)).json().divisions[0].brings;
    expect(await brings('泸州 江阳', 'wifeHousehold.division')).toEqual(['locality']);
    expect(await brings('zasq', 'wifeHousehold.division')).toEqual([]);
    expect(await brings('zasq', 'constructor.division')).toBeUndefined();
  });
});
