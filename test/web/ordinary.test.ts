import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { serialText } from '#domain/stock/serial.ts';
import { operator } from '../support/application.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const [one, other] = ['520111004', '520201002'] as const;
let scene: Scene;
let desk: Visitor;
let elsewhere: Visitor;

const supply = async (office: string, from: number, to: number): Promise<void> => {
  const { deps } = scene.app.services;
  const command = { type: 'EnterPrintRun', run: { from: firstSerial + from, to: firstSerial + to } } as const;
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId(office, 1), command, act);
};

beforeAll(async () => {
  scene = await startScene();
  for (const office of [one, other]) {
    scene.directory.add({ ...operator(office, `fz-${office}`), authorisations: ['issueOrdinaryCertificates'] });
  }
  await supply(one, 1, 50);
  await supply(other, 1001, 1050);
  [desk, elsewhere] = await Promise.all([scene.signedIn(`fz-${one}`), scene.signedIn(`fz-${other}`)]);
});
afterAll(() => scene.close());

const serial = (n: number) => serialText(1, firstSerial + n);
const registered = async () => {
  const { id, data } = await scene.submitted();
  await register(scene.app, id, data);
  const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber };
  return { id, data, bearer, page: `/ordinary/${id}` };
};
/** Fills in the form of the page that is sent to `act`, shows what came of it. */
const sent = async (who: Visitor, page: string, fields: Record<string, string>, act = 'issue') => {
  const action = `${page}/${act === 'void' ? 'replace' : act}`;
  const shown = formOf(await who.get(page), action);
  const answer = await who.post(`${page}/${act}`, { ...shown, ...fields });
  const to = String(answer.headers.location);
  return { to, shown: answer.statusCode === 303 ? await who.get(to) : answer };
};

describe('issuing at the counter (C3–C5)', () => {
  test('goes from the ID number to the certificate, at another office too, and shows what was issued', async () => {
    const { data, bearer, page } = await registered();
    await elsewhere.get('/ordinary');
    const searched = await elsewhere.post('/ordinary', { text: data.husband.idNumber });
    expect(searched.headers.location).toBe('/ordinary');
    const found = await elsewhere.get('/ordinary');
    expect(textOf(found)).toMatch(/已登记.*登记单位 \S*贵筑街道.*普通证 还没有发过/);
    expect(found.body).not.toContain(data.wife.idNumber);
    expect(found.body).toContain(`href="${page}"`);
    expect((await elsewhere.get(page)).body).toContain(`value="${serial(1001)}"`);
    const { to, shown } = await sent(elsewhere, page, { ...bearer, serial: 'gz1 2026 00001005' });
    expect(to).toBe(`${page}?done=issued`);
    expect(textOf(shown)).toContain(`已发证，证号 ${serial(1005)}`);
    expect(textOf(shown)).toContain(`经办人`);
    expect(shown.body).not.toContain(`${page}/issue`);
  });

  test.each<[string, Record<string, string>, string]>([
    ['not in stock', { serial: serial(1001) }, `${serial(1001)} 不在本单位库存里`],
    ['for another child', { serial: serialText(2, firstSerial + 1) }, '与登记的孩次不同'],
    ['no serial', { serial: '7' }, '证号写法不对'],
    ['nobody of the couple', { documentNumber: '52011119900101001X' }, '不是夫妻任何一方的'],
    ['unnamed', { name: '' }, '请填写领证人的姓名和证件号码'],
  ])('says in plain words why nothing is issued: %s; what was typed stays', async (_, wrong, told) => {
    const { bearer, page } = await registered();
    const { shown } = await sent(desk, page, { ...bearer, ...wrong });
    expect(shown.statusCode).toBe(400);
    expect(textOf(shown)).toContain(told);
    for (const typed of Object.values(wrong)) expect(shown.body).toContain(`value="${typed}"`);
  });

  test('tells who comes second by which office and when, and where no registration stands', async () => {
    const { bearer, page } = await registered();
    const open = formOf(await elsewhere.get(page), `${page}/issue`);
    await sent(desk, page, bearer);
    const late = await elsewhere.post(`${page}/issue`, { ...open, ...bearer });
    expect(textOf(late)).toMatch(/贵筑街道\S*已于 \S+ 发过普通证/);
    const { id } = await scene.submitted();
    expect(textOf(await desk.get(`/ordinary/${id}`))).toContain('现在不是“已登记”，不能发证');
  });

  test('is not for those who may not', async () => {
    const { id, page } = await registered();
    scene.directory.add({ ...operator('520111', 'reader'), authorisations: ['supervise'] });
    const reader = await scene.signedIn('reader');
    expect([(await reader.get('/ordinary')).statusCode, (await reader.get(page)).statusCode]).toEqual([403, 403]);
    expect((await desk.get('/ordinary/018f0000-0000-7000-8000-000000000000')).statusCode).toBe(404);
    await desk.sayWhy(id, 'atTheCounter');
    expect((await desk.get(`/registrations/${id}`)).body).toContain(`href="${page}"`);
  });
});

describe('lost or spoilt (C6)', () => {
  test('another takes its place, and the page lists the old one as void', async () => {
    const { bearer, page } = await registered();
    await sent(desk, page, { ...bearer, serial: serial(20) });
    const none = await sent(desk, page, { ...bearer, serial: serial(21) }, 'replace');
    expect(textOf(none.shown)).toContain('请选择是遗失还是损毁');
    const { to, shown } = await sent(desk, page, { ...bearer, serial: serial(21), reason: 'lost' }, 'replace');
    expect(to).toBe(`${page}?done=replaced`);
    expect(textOf(shown)).toMatch(new RegExp(`新证证号 ${serial(21)}.*${serial(20)} 遗失`));
  });

  test('it is voided alone too, and a third office is told where to go', async () => {
    const { bearer, page } = await registered();
    await sent(desk, page, { ...bearer, serial: serial(30) });
    expect(textOf(await elsewhere.get(page))).toMatch(/由\S*贵筑街道\S*作废和换发/);
    const { to, shown } = await sent(desk, page, { reason: 'spoilt', note: '打印错位' }, 'void');
    expect(to).toBe(`${page}?done=voided`);
    expect(textOf(shown)).toContain('现在没有有效的普通证');
    expect(shown.body).toContain(`action="${page}/issue"`);
  });
});
