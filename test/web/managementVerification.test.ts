import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Staff } from '#application/actor.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { formOf, textOf, type Visitor, wayBackOf } from '../support/managementBrowser.ts';
import { recordOf, type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let yang: Visitor;

beforeAll(async () => {
  scene = await startScene();
  yang = await scene.signedIn('guizhu-yang');
});
afterAll(() => scene.close());

const page = (id: string) => `/registrations/${id}`;
const viewOf = (id: string) => scene.app.services.applicant.view(id);

/** Accepts a couple and looks it up without a script, as the button does. */
const lookedUp = async (answer: (data: RegistrationData) => Scene['app']['population']['answer']) => {
  const made = await scene.accepted();
  scene.app.population.answer = answer(made.data);
  const form = formOf(await yang.get(page(made.id)), `${page(made.id)}/look-up`);
  const asked = await yang.post(`${page(made.id)}/look-up`, form);
  expect(asked.headers.location).toBe(`${page(made.id)}#verification`);
  return { ...made, shown: await yang.get(page(made.id)) };
};

const history = async (id: string) => textOf(await yang.get(`${page(id)}/history`));
const nameDiffers = (data: RegistrationData) => {
  const { record } = recordOf(data);
  return { outcome: 'found' as const, record: { ...record, wife: { ...record.wife, name: '王方' } } };
};

describe('a verification', () => {
  test('asks nobody before the button, then shows declared beside recorded, and registers what agrees', async () => {
    const { id, shown } = await lookedUp(recordOf);
    expect(textOf(shown)).toContain('申报内容与系统记录全部一致');
    expect(textOf(shown)).toContain('全员人口统筹管理信息系统');
    expect(shown.body).not.toContain('badge differs');
    const done = await yang.post(`${page(id)}/register`, formOf(shown, `${page(id)}/register`));
    expect(done.headers.location).toBe(`${page(id)}?done=registered`);
    expect((await viewOf(id))?.row.status).toBe('registered');
    expect(await history(id)).toMatch(/准予登记 .*核实来源 全员人口统筹管理信息系统 .*不一致 全部一致/);
  });

  test('marks differences in words, and registers in spite of them only with an explanation that is recorded', async () => {
    const { id, shown } = await lookedUp(nameDiffers);
    expect(textOf(shown)).toMatch(/有 1 处与系统记录不一致/);
    expect(textOf(shown)).toMatch(/女方姓名 王芳 王方 不一致/);
    const form = formOf(shown, `${page(id)}/register`);
    const without = await yang.post(`${page(id)}/register`, { ...form, evidence: '  ' });
    expect(without.statusCode).toBe(400);
    expect(without.body).toMatch(/<a href="#evidence">有不一致的内容/);
    const done = await yang.post(`${page(id)}/register`, { ...form, evidence: '已核对身份证原件，系统记录有误' });
    expect(done.statusCode).toBe(303);
    const told = await history(id);
    expect(told).toContain('不一致 女方姓名');
    expect(told).toContain('情况说明 已核对身份证原件，系统记录有误');
  });

  test('shows children that were not declared, and ones the record lacks', async () => {
    const made = await scene.accepted();
    const child = { name: 'Anna Maria Li', sex: 'female' as const, bornOn: '2022-06-30' };
    const { record } = recordOf(made.data);
    scene.app.population.answer = { outcome: 'found', record: { ...record, children: [child] } };
    await yang.get(page(made.id));
    await yang.post(`${page(made.id)}/look-up`);
    expect(textOf(await yang.get(page(made.id)))).toMatch(/第1个孩子 （无） Anna Maria Li · 女 · 2022年6月30日 不一致/);
  });

  test.each([
    ['timeout', '系统超时没有应答'],
    ['refused', '拒绝连接或中断了连接'],
    ['malformed', '系统的答复无法识别'],
  ] as const)(
    'says that the system could not be reached (%s), and records the documents that were seen instead',
    async (reason, words) => {
      const { id, shown } = await lookedUp(() => ({ outcome: 'unreachable', reason }));
      expect(textOf(shown)).toContain(words);
      const form = formOf(shown, `${page(id)}/register`);
      const none = await yang.post(`${page(id)}/register`, form);
      expect(none.statusCode).toBe(400);
      expect(textOf(none)).toContain('请填写核对过的证件');
      const half = await yang.post(`${page(id)}/register`, {
        ...form,
        document0: 'marriageCertificate',
        number0: 'J520103-2021-001234',
      });
      expect(half.body).toMatch(/<a href="#shows0">请写明证件上载明的内容/);
      expect(half.body).toContain('value="J520103-2021-001234"');
      const documents = {
        document0: 'marriageCertificate',
        number0: 'J520103-2021-001234',
        shows0: '2021年5月20日登记',
        document1: 'householdBook',
        number1: '520111001',
        shows1: '双方为夫妻，无子女',
        document5: 'idCard',
        number5: '520111002',
        shows5: '女方本人',
      };
      const done = await yang.post(`${page(id)}/register`, { ...form, ...documents });
      expect(done.statusCode).toBe(303);
      const told = await history(id);
      expect(told).toContain('核实来源 工作人员核对的证件');
      expect(told).toContain('查询结果 系统无法连接');
      expect(told).toContain('居民身份证 520111002：女方本人');
      expect(told).toContain('结婚证 J520103-2021-001234：2021年5月20日登记 户口簿 520111001：双方为夫妻，无子女');
    },
  );

  test('of a couple without a record can be declined, after showing what the couple will see', async () => {
    const { id, shown } = await lookedUp(() => ({ outcome: 'absent' }));
    expect(textOf(shown)).toContain('系统里没有查到这对夫妻的记录');
    const decline = `${page(id)}/decline`;
    const form = formOf(shown, decline);
    expect((await yang.post(decline, { ...form, step: 'preview' })).statusCode).toBe(400);
    const typed = { reasons: 'notVerifiable', text: '请携带结婚证到窗口核对' };
    const preview = await yang.post(decline, { ...form, ...typed, step: 'preview' });
    expect(textOf(preview)).toContain('无法通过信息系统核实');
    const edit = await yang.get(wayBackOf(preview));
    expect(edit.body).toContain('value="notVerifiable" checked');
    expect(textOf(edit)).toContain('请携带结婚证到窗口核对');
    const done = await yang.post(decline, { ...formOf(preview, decline), step: 'confirm' });
    expect(done.headers.location).toBe(`${page(id)}?done=declined`);
    expect(await viewOf(id)).toMatchObject({ row: { status: 'declined' }, text: '请携带结婚证到窗口核对' });
    expect(await history(id)).toMatch(/不予登记 .*原因 无法通过信息系统核实（§3\.1\.1\(3\)）/);
  });

  test('is decided only on the answer that was shown: another one since, or none any more, is told and nothing happens', async () => {
    const { id, shown, data } = await lookedUp(nameDiffers);
    const form = { ...formOf(shown, `${page(id)}/register`), evidence: '已核对原件' };
    scene.app.clock.now += 1000;
    scene.app.population.answer = recordOf(data);
    await yang.post(`${page(id)}/look-up`);
    const other = await yang.post(`${page(id)}/register`, form);
    expect(other.statusCode).toBe(409);
    expect(textOf(other)).toContain('查询结果已经过期或有了新的查询');
    scene.app.clock.now += 29 * 60_000;
    await yang.get(page(id));
    scene.app.clock.now += 2 * 60_000;
    const late = await yang.post(`${page(id)}/register`, form);
    expect(late.statusCode).toBe(409);
    expect(textOf(late)).toContain('已核对原件');
    expect((await viewOf(id))?.row.status).toBe('accepted');
    yang = await scene.signedIn('guizhu-yang');
  });

  test('that two decide at once is decided by the first; the second is told', async () => {
    const { id, shown } = await lookedUp(recordOf);
    const elsewhere = await scene.signedIn('guizhu-yang');
    const same = await elsewhere.get(page(id));
    await yang.post(`${page(id)}/register`, formOf(shown, `${page(id)}/register`));
    const typed = { reasons: 'other', text: '还要再核对', step: 'confirm' };
    const second = await elsewhere.post(`${page(id)}/decline`, { ...formOf(same, `${page(id)}/decline`), ...typed });
    expect(second.statusCode).toBe(409);
    expect(textOf(second)).toMatch(/杨秀兰（贵阳市花溪区贵筑街道办事处）：准予登记/);
    expect(textOf(second)).toContain('还要再核对');
    expect((await viewOf(id))?.row.status).toBe('registered');
  });

  test('is a colleague’s only after the question that the review asks too, and then theirs', async () => {
    const { id } = await scene.accepted();
    const wu = await scene.signedIn('guizhu-wu');
    const others = await wu.get(page(id));
    expect(textOf(others)).toContain('杨秀兰 正在办理这件登记');
    expect(others.body).not.toMatch(/look-up|\/register"|\/decline"/);
    const question = await wu.get(`${page(id)}/take-over`);
    expect(textOf(question)).toContain('接手 杨秀兰 正在办理的登记？');
    const taken = await wu.post(`${page(id)}/take`, formOf(question, `${page(id)}/take`));
    expect(taken.headers.location).toBe(`${page(id)}?done=took`);
    expect((await viewOf(id))?.row).toMatchObject({ status: 'accepted', handler: 'guizhu-wu' });
    expect((await wu.get(page(id))).body).toContain('look-up');
    expect((await yang.get(page(id))).body).not.toContain('look-up');
    expect(await history(id)).toMatch(/受理 .*领取任务 .*吴建国/);
  });

  test('is taken up without a question where who accepted only reviews', async () => {
    const reviewer = {
      ...(await scene.directory.find('guizhu-yang')),
      account: 'reviewer',
      authorisations: ['review'],
    };
    scene.directory.add(reviewer as Staff);
    const { id } = await scene.submitted();
    const act = { staff: reviewer as Staff, commandId: scene.app.services.deps.ids(), basedOn: 0 };
    expect(await scene.app.services.staff.accept(id, act)).toMatchObject({ outcome: 'done' });
    const shown = await yang.get(page(id));
    expect(shown.body).toContain('look-up');
    expect(shown.body).not.toContain('take-over');
    const taken = await yang.post(`${page(id)}/take`, formOf(shown, `${page(id)}/take`));
    expect(taken.headers.location).toBe(`${page(id)}?done=took`);
    expect((await viewOf(id))?.row).toMatchObject({ status: 'accepted', handler: 'guizhu-yang' });
  });

  test('is not offered before acceptance, nor to those who may not register', async () => {
    const { id } = await scene.submitted();
    expect((await yang.get(page(id))).body).not.toContain('look-up');
    const accepted = await scene.accepted();
    const gly = await scene.signedIn('guizhu-gly');
    expect((await gly.get(page(accepted.id))).body).not.toContain('look-up');
    expect((await gly.post(`${page(accepted.id)}/look-up`)).statusCode).toBe(403);
  });
});

describe('after the registration', () => {
  test('the certificate is shown and downloaded, and the download stands in the history', async () => {
    const { id, shown } = await lookedUp(recordOf);
    await yang.post(`${page(id)}/register`, formOf(shown, `${page(id)}/register`));
    const number = (await viewOf(id))?.row.certificate ?? '';
    const certificate = await yang.get(`${page(id)}/certificate`);
    expect(certificate.statusCode).toBe(200);
    expect(textOf(certificate)).toContain(number);
    const pdf = await yang.get(`${page(id)}/certificate.pdf`);
    expect([pdf.statusCode, pdf.headers['content-type']]).toEqual([200, 'application/pdf']);
    const named = /^inline; filename="(\S+)\.pdf"; filename\*=UTF-8''(\S+)$/.exec(
      String(pdf.headers['content-disposition']),
    );
    expect(named?.slice(1).map(decodeURIComponent)).toEqual([number, `电子生育服务证-${number}.pdf`]);
    expect(await history(id)).toMatch(/生成电子生育服务证 .*系统自动办理.* 打印电子生育服务证 .*杨秀兰.*工作人员下载/);
    const guiyang = await scene.signedIn('guiyang');
    expect((await guiyang.get(`${page(id)}/certificate`)).statusCode).toBe(403);
    expect((await guiyang.get(`${page(id)}/certificate.pdf`)).statusCode).toBe(403);
  });

  test('one that has none is told so, and a PDF that cannot be made says what to do instead', async () => {
    const { id } = await scene.submitted();
    expect((await yang.get(`${page(id)}/certificate`)).statusCode).toBe(404);
    expect(textOf(await yang.get(`${page(id)}/certificate.pdf`))).toContain('还没有电子证');
  });
});

describe('the history', () => {
  test('is told in English without Chinese punctuation', async () => {
    const { id, shown } = await lookedUp(nameDiffers);
    const documents = { evidence: 'checked the identity card' };
    await yang.post(`${page(id)}/register`, { ...formOf(shown, `${page(id)}/register`), ...documents });
    const english = textOf(await yang.get(`${page(id)}/history`, { 'accept-language': 'en' }));
    expect(english).toContain('GZ-2016-31 (§2.1 §3.1.1(2) §3.1.1(3) A1.1)');
    expect(english).toContain('checked the identity card');
    expect(english).not.toMatch(/[（）；、：]/);
  });

  test('tells every step with actor, time, basis and change, and says kindly what was erased', async () => {
    const { services } = scene.app;
    const { id, data } = await scene.submitted();
    const amended = { ...data, declaration: { ...data.declaration, mobile: '13900000001' } };
    await services.applicant.amend(id, amended, { commandId: services.deps.ids() });
    const told = await history(id);
    expect(told).toMatch(/提交登记 .*申请人 .*依据 GZ-2016-31（§2\.1 §3\.1\.1\(2\) §3\.1\.1\(3\) A1\.1）/);
    expect(told).toMatch(/修改申报内容 .*联系手机 138 0000 0000 139 0000 0001/);
    const { find } = scene.app.stores.dataKeys;
    const [row] = await services.deps.viewStore.get('registration', [id]);
    const lost = services.deps.sealing.keyOf(String(row?.['personal']));
    scene.app.stores.dataKeys.find = async (key) => (key === lost ? undefined : find(key));
    const after = await history(id);
    const erased = await yang.get(page(id));
    scene.app.stores.dataKeys.find = find;
    expect(erased.statusCode).toBe(303);
    expect(erased.headers.location).toBe(`${page(id)}/history`);
    expect(after).toContain('个人信息已按规定删除');
    expect(after).toMatch(/提交登记 .*申请人/);
    expect(after).not.toMatch(/139 0000 0001|王芳|张伟/);
  });
});
