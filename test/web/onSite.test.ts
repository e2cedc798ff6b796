import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { translate } from '../../web/locale.ts';
import { boxesOf } from '../../web/routes/management/onSiteForm.ts';
import { declarationOf } from '../support/declarations.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { recordOf, type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let yang: Visitor;
let wu: Visitor;
let couples = 500;

beforeAll(async () => {
  scene = await startScene();
  yang = await scene.signedIn('guizhu-yang');
  wu = await scene.signedIn('guizhu-wu');
});
afterAll(() => scene.close());

const nextCouple = (): RegistrationData => {
  couples += 1;
  return declarationOf('520111004005', couples);
};
const seen = (data: RegistrationData) => ({
  'seen.idCard': 'yes',
  'number.idCard': data.wife.idNumber,
  'seen.marriageCertificate': 'yes',
  'number.marriageCertificate': data.marriage.certificateNumber,
});
const actionOf = (body: string): string => /action="(\/on-site\/drafts\/[^"]+)"/.exec(body)?.[1] ?? '';

/** Opens an empty screen and sends it filled in; what came of it, and where the draft is. */
const sent = async (who: Visitor, fields: Record<string, string>, step: string, at = '/on-site/new') => {
  const page = await who.get(at);
  const action = actionOf(page.body);
  const answer = await who.post(action, { ...formOf(page, action), ...fields, step });
  return { action, answer, location: String(answer.headers.location) };
};

describe('the on-site screen without scripts', () => {
  test('fills in what the text of a card says, for the spouse of its sex', async () => {
    const { wife } = nextCouple();
    const card = `${wife.name}|女|汉族|贵州省贵阳市花溪区贵筑街道明珠大道12号|${wife.idNumber}`;
    const { location } = await sent(yang, { card }, 'fill');
    const page = await yang.get(location);
    expect(textOf(page)).toContain('已按身份证填入');
    expect(page.body).toContain(`name="wife.name" value="${wife.name}"`);
    expect(page.body).toContain(`name="wife.idNumber" value="${wife.idNumber}"`);
    expect(page.body).toContain('name="wifeHousehold.street" value="明珠大道12号"');
    expect(page.body).toMatch(/name="husband.name" value=""/);
    const unread = await sent(yang, { card: '不是身份证' }, 'fill');
    expect(textOf(await yang.get(unread.location))).toContain('没有读出有效的身份证号码');
  });

  test('says that the population system knows nobody of these ID numbers', async () => {
    const data = nextCouple();
    scene.app.services.deps.population = { lookUp: async () => ({ outcome: 'absent' }) } as never;
    const { location } = await sent(yang, boxesOf(data), 'check');
    expect(textOf(await yang.get(location))).toContain(translate('zh-CN', 'onSite.populationNone'));
  });

  test('says at each field what is wrong, and of the couple what the population system knows', async () => {
    const data = nextCouple();
    scene.app.services.deps.population = { lookUp: async () => recordOf(data) } as never;
    const faulty = { ...boxesOf(data), 'declaration.mobile': '12345' };
    const { location } = await sent(yang, faulty, 'check');
    const page = textOf(await yang.get(location));
    expect(page).toMatch(/有 1 处要改/);
    expect(page).toContain('与所填一致');
  });

  test('says of a couple that is registered already where and since when, and enters it no second time', async () => {
    const { data } = await scene.submitted();
    const { location } = await sent(yang, boxesOf(data), 'check');
    expect(textOf(await yang.get(location))).toMatch(/已有登记 这对夫妻同一孩次已在.+登记，提交于/);
    const again = await sent(yang, { ...boxesOf(data), ...seen(data) }, 'submitReview');
    expect(again.location).toContain('trouble=duplicate');
    expect(textOf(await yang.get(again.location))).toContain('没有提交：这对夫妻已有登记');
  });

  test('keeps drafts for whoever typed them and nobody else', async () => {
    const data = nextCouple();
    const { action } = await sent(yang, { 'wife.name': data.wife.name }, 'save');
    expect(textOf(await yang.get('/on-site'))).toContain(data.wife.name);
    expect((await yang.get(action)).body).toContain(`value="${data.wife.name}"`);
    expect((await wu.get(action)).statusCode).toBe(404);
    expect(textOf(await wu.get('/on-site'))).toContain('没有草稿');
    await yang.post(action, { ...formOf(await yang.get(action), action), step: 'drop' });
    expect((await yang.get(action)).statusCode).toBe(404);
    const typed = { step: 'save', commandId: '01900000-0000-7000-8000-000000000000', 'wife.name': '端木清秋' };
    const misnamed = await yang.post('/on-site/drafts/none', typed);
    expect(misnamed.statusCode).toBe(404);
    expect(textOf(await yang.get('/on-site'))).not.toContain('端木清秋');
  });

  test('is not submitted before it is complete and the documents were seen', async () => {
    const data = nextCouple();
    const { 'wife.name': _, ...rest } = boxesOf(data);
    const incomplete = await sent(yang, { ...rest, ...seen(data) }, 'submitReview');
    expect(incomplete.location).toContain('trouble=faulty');
    expect(textOf(await yang.get(incomplete.location))).toContain('女方姓名');
    const undocumented = await sent(yang, boxesOf(data), 'submitReview');
    expect(undocumented.location).toContain('trouble=undocumented');
    const unnumbered = await sent(yang, { ...boxesOf(data), 'seen.idCard': 'yes' }, 'submitReview');
    expect(textOf(await yang.get(unnumbered.location))).toContain('请写上这份证件的号码');
  });

  test('leads through the receipt to the verification, and shows the receipt to nobody else', async () => {
    const data = nextCouple();
    const { location } = await sent(yang, { ...boxesOf(data), ...seen(data) }, 'submitReview');
    expect(location).toMatch(/^\/on-site\/[^/]+\/receipt$/);
    const receipt = await yang.get(location);
    expect(textOf(receipt)).toMatch(/查询码 [A-Z0-9-]+/);
    expect(receipt.body).toContain('<svg');
    const id = location.split('/')[2] ?? '';
    expect(receipt.body).toContain(`/registrations/${id}`);
    expect(textOf(await yang.get(`/registrations/${id}`))).toContain('核实');
    expect(textOf(await wu.get(location))).not.toMatch(/查询码 [A-Z0-9]/);
  });

  test('goes on from a registration that was rejected, with what was declared there', async () => {
    const { id, data } = await scene.submitted();
    const { services, directory } = { services: scene.app.services, directory: scene.directory };
    const staff = await directory.find('guizhu-yang');
    if (staff === undefined) throw new Error('guizhu-yang is gone');
    const act = { staff, commandId: services.deps.ids(), basedOn: 0 };
    await services.staff.reject(id, act, ['other'], '结婚证号码不清，请到现场办理');
    const casePage = await yang.get(`/registrations/${id}`);
    expect(casePage.body).toMatch(new RegExp(`/on-site/new\\?from(=|&#x3D;)${id}`));
    const screen = await yang.get(`/on-site/new?from=${id}`);
    expect(screen.body).toContain(`name="wife.name" value="${data.wife.name}"`);
    const fields = { ...boxesOf(data), predecessor: id, ...seen(data) };
    const { location } = await sent(yang, fields, 'submitReview', `/on-site/new?from=${id}`);
    expect(location).toMatch(/receipt$/);
  });

  test('once sent, tells in the inbox and on its page that and where it was entered on site', async () => {
    const data = nextCouple();
    const { location } = await sent(yang, { ...boxesOf(data), ...seen(data) }, 'submitOnly');
    const [, id = ''] = /on-site\/([^/]+)\/receipt/.exec(location) ?? [];
    const line = (await yang.get('/')).body.split('<tr').find((row) => row.includes(id));
    expect(line).toContain('现场登记');
    expect(textOf(await yang.get(`/registrations/${id}`))).toContain('现场登记：贵阳市花溪区贵筑街道办事处');
    const online = await scene.submitted();
    expect((await yang.get(`/registrations/${online.id}`)).body).not.toContain('现场登记：');
  });

  test('tells the code again to one of the couple who shows their card, and to nobody else', async () => {
    const { id, data } = await scene.submitted();
    const at = `/registrations/${id}/query-code`;
    expect((await yang.get(`/registrations/${id}`)).body).toContain(`href="${at}"`);
    const form = formOf(await yang.get(at), at);
    const send = (fields: Record<string, string>) => yang.post(at, { ...form, ...fields });
    expect(textOf(await send({}))).toContain('请选择来办理的人');
    const shown = { of: 'wife', document: 'idCard', documentNumber: data.husband.idNumber };
    const refused = await send(shown);
    expect(textOf(refused)).toContain('与登记的本人不一致');
    expect(refused.body).toContain(`value="${data.husband.idNumber}"`);
    expect(textOf(await yang.get(`${at}/receipt`))).toContain('重新告知');
    const given = await send({ ...shown, documentNumber: data.wife.idNumber });
    expect(given.headers.location).toBe(`${at}/receipt`);
    const told = await yang.get(`${at}/receipt`);
    const code = scene.app.services.applicant.queryCode(id);
    expect(told.body).toContain(code);
    expect((await wu.get(`${at}/receipt`)).body).not.toContain(code);
  });

  test('hands what a committee enters to the township above it', async () => {
    const found = await scene.directory.find('guizhu-yang');
    if (found === undefined) throw new Error('guizhu-yang is gone');
    const office = '520111004005';
    scene.directory.add({
      ...found,
      account: 'cun-yang',
      office,
      authorisations: ['enterOnSite'],
      person: 'someone else',
    });
    const village = await scene.signedIn('cun-yang');
    const data = nextCouple();
    expect((await village.get('/')).headers.location).toBe('/on-site');
    const screen = await village.get('/on-site/new');
    expect(textOf(screen)).toContain('提交，转乡镇（街道）审核');
    expect(screen.body).not.toContain('value="submitReview"');
    const { location } = await sent(village, { ...boxesOf(data), ...seen(data) }, 'submitOnly');
    const receipt = await village.get(location);
    expect(textOf(receipt)).toMatch(/已转.+审核/);
    const id = location.split('/')[2] ?? '';
    expect(receipt.body).not.toContain(`/registrations/${id}`);
    expect((await yang.get(`/registrations/${id}`)).body).toContain(`/registrations/${id}/accept`);
  });

  test('is open to nobody who may not enter', async () => {
    const admin = await scene.signedIn('guizhu-gly');
    expect((await admin.get('/on-site/new')).statusCode).toBe(403);
    expect((await admin.get('/on-site')).statusCode).toBe(403);
  });
});
