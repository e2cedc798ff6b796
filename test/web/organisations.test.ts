import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator } from '../support/application.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201', '5203', '520302'].includes(code) || code.startsWith('520111'),
);
let scene: Scene;
/** Admins of 贵州省, 花溪区, and of 石板镇, whose record is incomplete; an operator of 花溪区. */
let province: Visitor;
let county: Visitor;
let township: Visitor;
let clerk: Visitor;

beforeAll(async () => {
  scene = await startScene(undefined, some);
  for (const [account, office, role] of [
    ['gly-52', '52', 'admin'],
    ['gly-520111', '520111', 'admin'],
    ['gly-520111102', '520111102', 'admin'],
    ['czy-520111', '520111', 'operator'],
  ] as const) {
    scene.directory.add({ ...operator(office, account), name: account, role });
  }
  province = await scene.signedIn('gly-52');
  county = await scene.signedIn('gly-520111');
  township = await scene.signedIn('gly-520111102');
  clerk = await scene.signedIn('czy-520111');
});
afterAll(() => scene.close());

const page = (code: string) => `/organisations/${code}`;
const send = async (who: Visitor, path: string, fields: Record<string, string>) => {
  const form = await who.get(path);
  return who.post(path, { ...formOf(form, path), ...fields });
};
const record = { phone: '0851 83851234', address: '石板镇花溪大道1号', head: '王芳', contact: '张伟', mobile: '' };

describe('an organisation’s page', () => {
  test('shows where it stands, its record, and what is below, with how many records are incomplete', async () => {
    const shown = textOf(await county.get(page('520111')));
    for (const text of ['贵州省卫生健康委员会', '花溪区卫生健康局', '资料完整', '花溪区人民医院', '石板镇人民政府']) {
      expect(shown).toContain(text);
    }
    expect(shown).toMatch(/贵筑街道办事处 乡镇（街道）办公室 完整 9 \d/);
  });

  test('leads from the top of one’s own subtree down, and no higher', async () => {
    expect((await county.get('/organisations')).headers.location).toBe(page('520111'));
    expect((await county.get(page('520111004'))).statusCode).toBe(200);
    expect((await county.get(page('5201'))).statusCode).toBe(403);
    expect((await county.get(page('520999'))).statusCode).toBe(404);
  });

  test('names who answers there to admins, and not to operators', async () => {
    expect(textOf(await county.get(page('520111004')))).toMatch(/负责人 \p{Script=Han}+ 联系人/u);
    const shown = textOf(await clerk.get(page('520111004')));
    expect(shown).toContain('负责人和联系人仅本单位和上级的系统管理员可见');
    expect(shown).not.toMatch(/联系人手机|负责人 \p{Script=Han}/u);
  });

  test('is recorded as looked at by whoever saw the people in it (S6)', async () => {
    const looks = async () => {
      const events = await scene.app.stores.eventStore.readAll(0, 10_000);
      return events.filter(({ type, data }) => {
        const { subject } = data as { subject?: { kind: string; id: string } };
        return type === 'PersonalDataViewed.v1' && subject?.kind === 'organisation' && subject.id === '520111101';
      }).length;
    };
    await clerk.get(page('520111101'));
    expect(await looks()).toBe(0);
    await county.get(page('520111101'));
    expect(await looks()).toBe(1);
  });

  test('is found by name and by code', async () => {
    expect(textOf(await county.get('/organisations?find=贵筑'))).toContain('贵阳市花溪区贵筑街道办事处');
    expect(textOf(await county.get('/organisations?find=520111-'))).toContain('花溪区人民医院');
    expect(textOf(await county.get('/organisations?find=遵义'))).toContain('没有名称或代码包含“遵义”的机构');
  });
});

describe('an incomplete record (O2)', () => {
  test('is shown to its admin on every page, and to the level above in list, picture and spreadsheet', async () => {
    expect(textOf(await township.get(page('520111102')))).toContain('还没有填报， 现在填报');
    expect(textOf(await county.get(page('520111')))).not.toContain('现在填报');
    const list = textOf(await county.get(`${page('520111')}/completeness`));
    expect(list).toContain('石板镇人民政府');
    expect(list).not.toContain('青岩镇人民政府 520111101');
    expect(textOf(await county.get(`${page('520111')}/completeness?show=all`))).toContain('青岩镇人民政府 520111101');
    const sheet = await county.get(`${page('520111')}/completeness.xlsx`);
    expect(sheet.headers['content-disposition']).toContain('organisations-520111.xlsx');
  });

  test('says what is wrong with each field, and keeps what was typed', async () => {
    const faulty = await send(township, `${page('520111102')}/record`, { ...record, phone: '12', head: '???' });
    expect(faulty.statusCode).toBe(400);
    expect(textOf(faulty)).toContain('请填写区号加号码');
    expect(textOf(faulty)).toContain('请填写真实姓名');
    expect(faulty.body).toContain('value="石板镇花溪大道1号"');
  });

  test('is complete once filled in, and the couple then sees phone and address', async () => {
    const done = await send(township, `${page('520111102')}/record`, record);
    expect(done.headers.location).toBe(`${page('520111102')}?done=recorded`);
    const shown = textOf(await township.get(`${page('520111102')}?done=recorded`));
    expect(shown).toContain('单位信息已保存');
    expect(shown).toContain('由 gly-520111102 填报');
    expect(shown).not.toContain('现在填报');
    expect(scene.app.services.deps.offices.find('520111102')).toMatchObject({
      phone: '0851-83851234',
      address: '石板镇花溪大道1号',
      complete: true,
    });
    const [row] = await scene.app.services.deps.viewStore.get('organisation', ['520111102']);
    expect(JSON.stringify(row)).not.toContain('王芳');
  });
});

describe('establishing below', () => {
  const path = `${page('520111')}/establish`;

  test('offers what fits there, and puts it into the tree', async () => {
    const form = await county.get(path);
    expect(textOf(form)).toContain('例如 520111-H02');
    const done = await send(county, path, { kind: 'institution.county', code: '520111-H02', name: '花溪区妇幼保健院' });
    expect(done.statusCode).toBe(303);
    expect(textOf(await county.get(String(done.headers.location)))).toContain('已设立 花溪区妇幼保健院');
  });

  test.each([
    [{ kind: 'administration.county', code: '520112', name: '乌当区卫生健康局' }, '请选择类别'],
    [{ kind: 'administration.township', code: '520112001', name: '别处的街道办事处' }, '不在上级的辖区内'],
    [
      { kind: 'administration.township', code: '520111004', name: '又一个贵筑街道' },
      '这个代码已有机构：贵阳市花溪区贵筑街道办事处',
    ],
    [{ kind: 'administration.township', code: '520111099', name: '！' }, '请填写机构全称'],
  ])('refuses %j', async (fields, message) => {
    const refused = await send(county, path, fields);
    expect(refused.statusCode).toBe(400);
    expect(textOf(refused)).toContain(message);
  });

  test('asks before a name that a neighbour bears, and takes it once that is confirmed', async () => {
    const name = scene.app.services.deps.offices.find('520111004')?.name ?? '';
    const fields = { kind: 'administration.township', code: '520111098', name: ` ${name}` };
    const asked = await send(county, path, fields);
    expect(asked.statusCode).toBe(400);
    expect(textOf(asked)).toContain(`已有机构使用这个名称：${name}（代码 520111004）`);
    expect(asked.body).toContain(`name="sameName" value="${name}"`);
    const other = await send(county, path, { ...fields, sameName: '花溪区另一街道办事处' });
    expect(other.statusCode).toBe(400);
    const confirmed = { ...formOf(await county.get(path), path), ...fields, sameName: name };
    expect((await county.post(path, confirmed)).statusCode).toBe(303);
    expect((await county.post(path, confirmed)).statusCode).toBe(303);
    expect(scene.app.services.deps.offices.find('520111098')?.name).toBe(name);
  });

  test('is not for operators, nor for a township’s hospital', async () => {
    expect((await clerk.get(path)).statusCode).toBe(403);
    expect((await county.get(`${page('520111-H01')}/establish`)).statusCode).toBe(403);
  });
});

describe('renaming, moving and merging', () => {
  test('keep the former name on the page and in the history', async () => {
    const code = '520111006';
    const done = await send(county, `${page(code)}/rename`, { name: '花溪区清溪街道服务中心' });
    expect(done.statusCode).toBe(303);
    const shown = textOf(await county.get(page(code)));
    expect(shown).toContain('花溪区清溪街道服务中心');
    expect(shown).toMatch(/曾用名 贵阳市花溪区清溪街道办事处（至 2026年11月24日）/);
    const history = textOf(await county.get(`${page(code)}/history`));
    expect(history).toContain('机构更名');
    expect(history).toContain('gly-520111');
  });

  test('the own organisation is renamed by the level above', async () => {
    expect((await county.get(`${page('520111')}/rename`)).statusCode).toBe(403);
    expect((await province.get(`${page('520111')}/rename`)).statusCode).toBe(200);
  });

  test('moves a township under another county, by whoever stands above both', async () => {
    const path = `${page('520111207')}/move`;
    expect(textOf(await county.get(path))).toContain('没有级别相符的机构');
    const found = await send(province, path, { step: 'find', find: '520302' });
    expect(textOf(found)).toContain('红花岗区卫生健康局');
    const check = await send(province, path, { step: 'preview', other: '520302' });
    expect(textOf(check)).toContain('将隶属 红花岗区卫生健康局');
    const done = await province.post(path, { ...formOf(check, path), step: 'confirm' });
    expect(done.headers.location).toBe(`${page('520111207')}?done=moved`);
    expect(scene.app.services.deps.offices.find('520111207')?.parent).toBe('520302');
  });

  test('previews what goes along with a merger, and leaves a page that leads to the successor', async () => {
    const path = `${page('520111012')}/merge`;
    expect((await send(county, path, { step: 'preview' })).statusCode).toBe(400);
    const check = await send(county, path, { step: 'preview', other: '520111011' });
    expect(textOf(check)).toContain('办理期限不变');
    const done = await county.post(path, { ...formOf(check, path), step: 'confirm' });
    expect(done.headers.location).toBe(`${page('520111011')}?done=merged`);
    const list = await (await scene.signedIn('huaxi')).get('/offices/520111011/inbox');
    expect(list.body).toContain('href="/offices/520111012/inbox?tab&#x3D;registered"');
    expect(textOf(await county.get(page('520111011')))).toMatch(/已并入本单位 贵阳市花溪区党武街道办事处/);
    const gone = textOf(await county.get(page('520111012')));
    expect(gone).toContain('已于 2026年11月24日 并入 贵阳市花溪区金筑街道办事处');
    expect(gone).not.toContain('填报单位信息');
    for (const act of ['merge', 'rename', 'move', 'record']) {
      const late = await county.get(`${page('520111012')}/${act}`);
      expect(late.statusCode).toBe(409);
      expect(textOf(late)).toContain('贵阳市花溪区党武街道办事处已并入贵阳市花溪区金筑街道办事处，不能再修改');
    }
    expect(textOf(await county.get('/offices/520111'))).toContain('党武街道办事处 已并入，其办理情况计入本单位');
  });

  test('does not send an admin who may not do something to the admin', async () => {
    const refused = await county.get('/offices/52');
    expect(refused.statusCode).toBe(403);
    expect(textOf(refused)).toContain('或联系上一级系统管理员');
    expect(textOf(refused)).not.toContain('请联系本单位系统管理员');
  });

  test('tells who comes second that someone was faster, and keeps what they typed', async () => {
    const path = `${page('520111010')}/rename`;
    const form = await county.get(path);
    await send(province, path, { name: '花溪区小孟街道服务中心' });
    const second = await county.post(path, { ...formOf(form, path), name: '小孟街道新名称' });
    expect(second.statusCode).toBe(409);
    expect(textOf(second)).toContain('刚刚被他人修改');
    expect(second.body).toContain('value="小孟街道新名称"');
  });

  test('a new name that a neighbour bears is asked about first', async () => {
    const path = `${page('520111101')}/rename`;
    const name = scene.app.services.deps.offices.find('520111004')?.name ?? '';
    const asked = await send(county, path, { name });
    expect(asked.statusCode).toBe(400);
    expect(textOf(asked)).toContain(`已有机构使用这个名称：${name}`);
    expect(scene.app.services.deps.offices.find('520111101')?.names).toHaveLength(1);
    expect((await send(county, path, { name, sameName: name })).statusCode).toBe(303);
  });

  test('a form that is sent twice acts once', async () => {
    const path = `${page('520111009')}/rename`;
    const fields = { ...formOf(await county.get(path), path), name: '花溪区平桥街道服务中心' };
    expect((await county.post(path, fields)).statusCode).toBe(303);
    expect((await county.post(path, fields)).statusCode).toBe(303);
    expect(scene.app.services.deps.offices.find('520111009')?.names).toHaveLength(2);
  });
});
