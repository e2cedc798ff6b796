import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formOf, textOf, type Visitor, valuesOf, wayBackOf } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let yang: Visitor;
let wu: Visitor;

beforeAll(async () => {
  scene = await startScene();
  yang = await scene.signedIn('guizhu-yang');
  wu = await scene.signedIn('guizhu-wu');
});
beforeEach(() => {
  scene.app.population.answer = { outcome: 'absent' };
});
afterAll(() => scene.close());

const page = (id: string) => `/registrations/${id}`;
const officeOf = async (id: string) => (await scene.app.services.applicant.view(id))?.row.office;
const statusOf = async (id: string) => (await scene.app.services.applicant.view(id))?.row.status;

describe('the review of a registration', () => {
  test('shows all that was declared, both people side by side, with what flags it beside the field', async () => {
    const { id, data } = await scene.submitted({
      marriage: { certificateNumber: '黔花结字第0123号', registeredOn: '2021-05-20', authority: '贵阳市云岩区民政局' },
    });
    const shown = textOf(await yang.get(page(id)));
    for (const text of [
      '王芳',
      '张伟',
      '女方',
      '男方',
      '2021年5月20日',
      '霞晖路88号 清溪小区 3栋2单元 501室',
      '138 0000 0000',
    ]) {
      expect(shown).toContain(text);
    }
    expect(shown).toContain(data.wife.idNumber.replace(/^(.{6})(.{8})(.{4})$/, '$1 $2 $3'));
    expect(shown).toContain('1995年12月24日出生，30 周岁');
    expect(shown).toMatch(/黔花结字第0123号 *疑点 结婚证字号为旧式编号，请与结婚证核对 §3\.1\.1\(2\)/);
    expect(shown).toContain('最迟 2026年11月25日（星期三）');
  });

  test('marks what the couple changed before it, with what stood there, masked for who sees it masked', async () => {
    const { services } = scene.app;
    const { id, data } = await scene.submitted();
    expect(textOf(await yang.get(page(id)))).not.toContain('已修改');
    const declaration = { ...data.declaration, mobile: '13900000001' };
    await services.applicant.amend(id, { ...data, declaration }, { commandId: services.deps.ids() });
    const shown = textOf(await yang.get(page(id)));
    expect(shown).toContain('申请人提交后修改过 1 处');
    expect(shown).toMatch(/139 0000 0001 已修改 原为 138 0000 0000/);
    const guiyang = await scene.signedIn('guiyang');
    await guiyang.sayWhy(id);
    const masked = textOf(await guiyang.get(page(id)));
    expect(masked).toContain('已修改');
    expect(masked).not.toContain('138 0000 0000');
    const late = formOf(await yang.get(page(id)), `${page(id)}/accept`);
    await yang.post(`${page(id)}/accept`, late);
    expect(textOf(await yang.get(page(id)))).toContain('已修改 原为');
  });

  test('is taken by one, and taken over by another only after a question', async () => {
    const { id } = await scene.submitted();
    const before = await yang.get(page(id));
    const taken = await yang.post(`${page(id)}/take`, formOf(before, `${page(id)}/take`));
    expect([taken.statusCode, taken.headers.location]).toEqual([303, `${page(id)}?done=took`]);
    expect(textOf(await yang.get(`${page(id)}?done=took`))).toContain('已领取，由您办理');
    const others = await wu.get(page(id));
    expect(textOf(others)).toContain('杨秀兰 正在办理这件登记');
    expect(others.body).not.toContain('/accept"');
    const question = await wu.get(`${page(id)}/take-over`);
    expect(textOf(question)).toContain('接手 杨秀兰 正在办理的登记？');
    await wu.post(`${page(id)}/take`, formOf(question, `${page(id)}/take`));
    expect((await scene.app.services.applicant.view(id))?.row.handler).toBe('guizhu-wu');
    expect((await yang.get(`${page(id)}/take-over`)).statusCode).toBe(200);
    expect((await wu.get(`${page(id)}/take-over`)).statusCode).toBe(303);
    expect((await wu.get('/registrations/nobody/take-over')).statusCode).toBe(404);
  });

  test('accepts in one step and goes on to the verification', async () => {
    const { id } = await scene.submitted();
    const form = formOf(await yang.get(page(id)), `${page(id)}/accept`);
    const done = await yang.post(`${page(id)}/accept`, form);
    expect(done.headers.location).toBe(`${page(id)}?done=accepted`);
    expect(await statusOf(id)).toBe('accepted');
    expect(textOf(await yang.get(`${page(id)}?done=accepted`))).toContain('查询人口信息系统');
  });

  test('rejects only with a reason and words, after showing what the couple will see', async () => {
    const { id } = await scene.submitted();
    const reject = `${page(id)}/reject`;
    const form = formOf(await yang.get(page(id)), reject);
    const without = await yang.post(reject, { ...form, step: 'preview', text: '' });
    expect(without.statusCode).toBe(400);
    expect(textOf(without)).toContain('请至少选择一个原因');
    expect(without.body).toMatch(/href="#text"/);
    const preview = await yang.post(reject, {
      ...form,
      step: 'preview',
      reasons: ['untrueMarriage', 'other'],
      text: '日期<b>不符</b>',
    });
    expect(preview.statusCode).toBe(200);
    expect(textOf(preview)).toContain('婚姻登记信息不实');
    expect(preview.body).toContain('日期&lt;b&gt;不符&lt;/b&gt;');
    const kept = { ...formOf(preview, reject), reasons: valuesOf(preview, 'reasons') };
    const edit = await yang.get(wayBackOf(preview));
    expect(edit.body).toMatch(/value="untrueMarriage" checked/);
    expect(await statusOf(id)).toBe('submitted');
    const done = await yang.post(reject, { ...kept, text: '日期不符', step: 'confirm' });
    expect(done.headers.location).toBe(`${page(id)}?done=rejected`);
    expect(await scene.app.services.applicant.view(id)).toMatchObject({
      text: '日期不符',
      row: { status: 'rejected' },
    });
    expect(textOf(await yang.get(page(id)))).toContain('已告知申请人');
  });

  test('tells the second of two who was first and when, and keeps what they typed', async () => {
    const { id } = await scene.submitted();
    const reject = `${page(id)}/reject`;
    const late = formOf(await wu.get(page(id)), reject);
    await yang.post(`${page(id)}/take`, formOf(await yang.get(page(id)), `${page(id)}/take`));
    const typed = { reasons: ['wrongChildren'], text: '子女出生日期与出生证不符' };
    const stale = await wu.post(reject, { ...late, ...typed, step: 'confirm' });
    expect(stale.statusCode).toBe(409);
    const told = textOf(stale);
    expect(told).toContain('刚刚有了变化');
    expect(told).toMatch(/2026-11-24 10:00 杨秀兰（贵阳市花溪区贵筑街道办事处）：领取任务/);
    expect(told).toContain('子女出生日期与出生证不符');
    expect(formOf(stale, reject)['basedOn']).toBe('1');
    expect(stale.body).toMatch(/value="wrongChildren" checked/);
    expect(await statusOf(id)).toBe('received');
    await yang.post(`${page(id)}/accept`, formOf(await yang.get(page(id)), `${page(id)}/accept`));
    const later = await wu.post(reject, { ...late, ...typed, step: 'confirm', basedOn: '2' });
    expect(later.statusCode).toBe(409);
    expect(textOf(later)).toContain('已受理，核实中');
    expect(textOf(later)).toContain('子女出生日期与出生证不符');
  });

  test('lets the second go on after that, knowing who has the task', async () => {
    const { id } = await scene.submitted();
    const reject = `${page(id)}/reject`;
    const late = formOf(await wu.get(page(id)), reject);
    await yang.post(`${page(id)}/take`, formOf(await yang.get(page(id)), `${page(id)}/take`));
    const typed = { reasons: ['wrongChildren'], text: '子女出生日期与出生证不符', step: 'confirm' };
    const stale = await wu.post(reject, { ...late, ...typed });
    expect(textOf(stale)).toContain('杨秀兰 正在办理这件登记');
    const done = await wu.post(reject, { ...formOf(stale, reject), ...typed });
    expect(done.headers.location).toBe(`${page(id)}?done=rejected`);
    expect((await scene.app.services.applicant.view(id))?.row.handler).toBe('guizhu-wu');
  });

  test('does one thing for a form that is sent twice', async () => {
    const { id } = await scene.submitted();
    const form = formOf(await yang.get(page(id)), `${page(id)}/accept`);
    const twice = [await yang.post(`${page(id)}/accept`, form), await yang.post(`${page(id)}/accept`, form)];
    expect(twice.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect((await scene.app.services.applicant.view(id))?.row.revision).toBe(2);
  });

  test('passes a registration on to an office that is searched for, with a reason', async () => {
    const { id } = await scene.submitted();
    const passOn = `${page(id)}/pass-on`;
    const form = formOf(await yang.get(passOn), passOn);
    const found = await yang.post(passOn, { ...form, step: 'find', find: '青岩', text: '女方住青岩镇' });
    expect(textOf(found)).toContain('青岩镇人民政府');
    expect(textOf(found)).toContain('女方住青岩镇');
    const near = await yang.post(passOn, { ...form, step: 'preview', office: '520111101', text: '女方住青岩镇' });
    expect(textOf(near)).toContain('确认转给贵阳市花溪区青岩镇人民政府');
    expect(textOf(near)).toMatch(/申请人会看到 已转到贵阳市花溪区青岩镇人民政府办理 女方住青岩镇/);
    expect(textOf(near)).toContain('不是双方户籍地、现居住地所在的乡镇、街道');
    expect(await officeOf(id)).toBe('520111004');
    const edit = await yang.get(wayBackOf(near));
    expect(edit.body).toMatch(/value="520111101" checked/);
    expect(textOf(edit)).toContain('女方住青岩镇');
    const missing = await yang.post(passOn, { ...form, step: 'confirm', office: '999999', text: '' });
    expect(missing.statusCode).toBe(400);
    expect(textOf(missing)).toContain('请写明转办的原因');
    const same = await yang.post(passOn, { ...form, step: 'confirm', office: '520111004', text: '误转' });
    expect(textOf(same)).toContain('已经在那个办公室');
    const done = await yang.post(passOn, { ...form, step: 'confirm', office: '520111101', text: '女方住青岩镇' });
    expect(done.headers.location).toBe('/?done=passedOn');
    expect(textOf(await yang.get('/?done=passedOn'))).toContain('已转给另一个办公室');
    expect((await scene.app.services.applicant.view(id))?.row.office).toBe('520111101');
    expect(textOf(await yang.get(page(id)))).toContain('您的办公室已把这件登记转给贵阳市花溪区青岩镇人民政府');
    expect(JSON.parse((await yang.get('/offices/search?find=qy')).body).length).toBeGreaterThan(0);
    expect((await yang.get('/offices/search')).json()).toEqual([]);
  });

  test('offers to pass on to the couple’s own townships and the county first, and warns of none of these', async () => {
    const { data } = await scene.submitted();
    const { id } = await scene.submitted({
      wifeResidence: { ...data.wifeResidence, division: '520382001001' },
      husbandHousehold: { ...data.husbandHousehold, division: '520382001001' },
      husbandResidence: { ...data.husbandResidence, division: '430102', locality: '文艺路街道' },
    });
    const passOn = `${page(id)}/pass-on`;
    const offered = await yang.get(passOn);
    expect(valuesOf(offered, 'office')).toEqual(['520382001', '520111']);
    expect(textOf(offered)).toMatch(/女方现居住地和男方户籍地 · 贵州省/);
    const form = { ...formOf(offered, passOn), step: 'preview', text: '女方住在那里' };
    expect(textOf(await yang.post(passOn, { ...form, office: '520382001' }))).not.toContain('有没有选错');
    expect(textOf(await yang.post(passOn, { ...form, office: '520103019' }))).toContain('有没有选错');
  });

  test('tells who passes on too late what happened and keeps what they typed, in the words of the case', async () => {
    const { id } = await scene.submitted();
    const passOn = `${page(id)}/pass-on`;
    const form = {
      ...formOf(await wu.get(passOn), passOn),
      step: 'confirm',
      office: '520111101',
      text: '女方住青岩镇',
    };
    await yang.post(`${page(id)}/take`, formOf(await yang.get(page(id)), `${page(id)}/take`));
    const stale = await wu.post(passOn, form);
    expect(stale.statusCode).toBe(409);
    expect(textOf(stale)).toContain('这件登记刚刚有了变化');
    expect(textOf(stale)).toMatch(/杨秀兰（贵阳市花溪区贵筑街道办事处）：领取任务/);
    expect(textOf(stale)).toContain('女方住青岩镇');
    await scene.app.services.applicant.withdraw(id, { commandId: scene.app.services.deps.ids() });
    const untimely = await wu.post(passOn, { ...form, basedOn: '2' });
    expect(untimely.statusCode).toBe(409);
    expect(textOf(untimely)).toContain('这件登记现在是“已撤回”');
    expect(textOf(untimely)).not.toContain('刚刚有了变化');
    expect(textOf(untimely)).toContain('女方住青岩镇');
  });

  test('offers to pass on only to offices that register', async () => {
    const { id } = await scene.submitted();
    const passOn = `${page(id)}/pass-on`;
    const form = { ...formOf(await yang.get(passOn), passOn), step: 'confirm', text: '误转' };
    for (const office of ['5201', '52', '52GA']) {
      const answer = await yang.post(passOn, { ...form, office });
      expect(answer.statusCode).toBe(400);
      expect(textOf(answer)).toContain('请查找并选择转往的办公室');
    }
    const found = (await yang.get(`/offices/search?find=${encodeURIComponent('贵阳')}`)).json<{ code: string }[]>();
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ code }) => !scene.app.services.deps.offices.registers(code))).toEqual([]);
  });

  test('says that a due day cannot be computed where holidays are not published yet', async () => {
    const { deps } = scene.app.services;
    const { calendarOf } = deps;
    const now = scene.app.clock.now;
    const { id } = await scene.submitted();
    deps.calendarOf = (division) => {
      const { years, ...calendar } = calendarOf(division);
      return { ...calendar, years: Object.fromEntries(Object.entries(years).filter(([year]) => year <= '2026')) };
    };
    scene.app.clock.now = Date.parse('2026-12-31T02:00:00Z');
    const late = await scene.signedIn('guizhu-yang');
    const form = formOf(await late.get(page(id)), `${page(id)}/accept`);
    const answer = await late.post(`${page(id)}/accept`, form);
    deps.calendarOf = (division) => ({ ...calendarOf(division), years: {} });
    const unknown = await late.get(page(id));
    deps.calendarOf = calendarOf;
    scene.app.clock.now = now;
    [yang, wu] = [await scene.signedIn('guizhu-yang'), await scene.signedIn('guizhu-wu')];
    expect(answer.statusCode).toBe(503);
    expect(textOf(answer)).toContain('2027 年的节假日安排还没有公布');
    expect(textOf(unknown)).toContain('最迟 2026年11月25日（星期三）');
    expect(await statusOf(id)).toBe('submitted');
  });
});

describe('what is out of reach', () => {
  test('another office is told 403 and nothing about the couple, reading or acting', async () => {
    const { id } = await scene.submitted();
    scene.directory.add({
      account: 'qingyan',
      name: '外人',
      role: 'operator',
      office: '520111101',
      authorisations: ['review', 'register'],
      verified: true,
      person: 'qingyan',
    });
    const other = await scene.signedIn('qingyan');
    for (const path of [page(id), `${page(id)}/history`, `${page(id)}/pass-on`, `${page(id)}/take-over`]) {
      const answer = await other.get(path);
      expect(answer.statusCode).toBe(403);
      expect(answer.body).not.toMatch(/王芳|张伟/);
      expect(textOf(answer)).toContain('由其他办公室办理');
    }
    const ids = { commandId: scene.app.services.deps.ids(), basedOn: '0' };
    await other.get('/');
    for (const act of ['take', 'accept', 'look-up']) {
      expect((await other.post(`${page(id)}/${act}`, ids)).statusCode).toBe(403);
    }
    const reject = await other.post(`${page(id)}/reject`, { ...ids, step: 'confirm', reasons: 'other', text: '不' });
    expect(reject.statusCode).toBe(403);
    expect(await statusOf(id)).toBe('submitted');
  });

  test('supervisors read it with numbers, addresses and phone masked, and cannot act', async () => {
    const { id, data } = await scene.submitted();
    const guiyang = await scene.signedIn('guiyang');
    await guiyang.sayWhy(id);
    const shown = await guiyang.get(page(id));
    expect(textOf(shown)).toContain('王芳');
    expect(textOf(shown)).toContain('已隐去一部分');
    expect(textOf(shown)).toContain('520111********');
    for (const secret of [data.wife.idNumber, '霞晖路', '138 0000 0000', 'J520103-2021']) {
      expect(textOf(shown)).not.toContain(secret);
      expect(textOf(await guiyang.get(`${page(id)}/history`))).not.toContain(secret);
    }
    expect(shown.body).not.toContain('/accept"');
    const ids = { commandId: scene.app.services.deps.ids(), basedOn: '0' };
    expect((await guiyang.post(`${page(id)}/accept`, ids)).statusCode).toBe(403);
  });

  test('forms without token, or that are malformed, change nothing', async () => {
    const { id } = await scene.submitted();
    const form = formOf(await yang.get(page(id)), `${page(id)}/accept`);
    const { _csrf: _, ...bare } = form;
    expect((await yang.post(`${page(id)}/accept`, bare, true)).statusCode).toBe(403);
    const bad = [
      { commandId: 'x' },
      { commandId: '' },
      { basedOn: '-1' },
      { basedOn: 'now' },
      { text: 'x'.repeat(2001) },
      { step: 'leap' },
    ];
    for (const one of bad) {
      expect((await yang.post(`${page(id)}/accept`, { ...form, ...one })).statusCode).toBe(400);
    }
    expect(await statusOf(id)).toBe('submitted');
    expect((await yang.get('/registrations/absent')).statusCode).toBe(404);
    expect(textOf(await yang.get('/no/such/page'))).toContain('杨秀兰');
  });

  test('no name or number of a person ever stands in an address or a log line', () => {
    const log = JSON.stringify(scene.sites.lines);
    expect(scene.sites.lines.length).toBeGreaterThan(40);
    expect(log).not.toMatch(/王芳|张伟|5201111995|13800000000|霞晖路|guizhu-/);
  });
});
