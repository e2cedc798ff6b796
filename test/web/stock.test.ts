import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueSerial } from '#application/stockCommands.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator } from '../support/application.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || code.startsWith('520111'),
);
let scene: Scene;
/** Two keepers of the province, of 贵阳市, of 花溪区 and of 贵筑街道, by account. */
const keepers: Record<string, Visitor> = {};
let outsider: Visitor;

beforeAll(async () => {
  scene = await startScene(undefined, some);
  for (const office of ['52', '5201', '520111', '520111004']) {
    for (const who of ['a', 'b']) {
      const account = `${who}-${office}`;
      scene.directory.add({ ...operator(office, account), name: account, authorisations: ['manageStock'] });
      keepers[account] = await scene.signedIn(account);
    }
  }
  scene.directory.add({ ...operator('520111005', 'outsider'), authorisations: ['review'] });
  outsider = await scene.signedIn('outsider');
});
afterAll(() => scene.close());

const at = (account: string): Visitor => keepers[account] as Visitor;
/** What stands in the long fields and choices of a page already. */
const typedOf = (body: string): Record<string, string> =>
  Object.fromEntries(
    [
      ...body.matchAll(/<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<\/textarea>/g),
      ...body.matchAll(/<select[^>]*name="(\w+)"[^>]*><option value="([^"]*)"/g),
      ...body.matchAll(/<input class="input[^>]*name="(\w+)" value="([^"]*)"/g),
    ].map(([, name = '', value = '']) => [name, value]),
  );
const send = async (who: Visitor, path: string, fields: Record<string, string> = {}) => {
  const form = await who.get(path);
  const [action = path] = path.split('?');
  return who.post(action, { ...typedOf(form.body), ...formOf(form, action), ...fields });
};
const serials = (from: number, to: number) =>
  `GZ1-2026-${String(from).padStart(8, '0')} 至 GZ1-2026-${String(to).padStart(8, '0')}`;
const goesTo = ({ headers }: { headers: Record<string, unknown> }) => String(headers['location']).split('?')[0];
const dispatched = async (from: string, to: string, ranges: string) => {
  const sent = await send(at(`a-${from}`), `/stock/${from}/1/dispatch`, { to, ranges });
  return String(goesTo(sent));
};

describe('the pages of stock (C7)', () => {
  test('take a print run at the province alone, typed by both ends, last digits or count', async () => {
    const page = '/stock/52/1/print-run';
    const wrong = await send(at('a-52'), page, { ranges: 'GZ1-2026-00000001 至 什么' });
    expect(wrong.statusCode).toBe(400);
    expect(textOf(wrong)).toContain('看不懂“GZ1-2026-00000001 至 什么”');
    expect(wrong.body).toContain('value="GZ1-2026-00000001 至 什么"');
    expect(textOf(await send(at('a-52'), page, { ranges: 'GZ2-2026-00000001 共 10' }))).toContain('另一孩次');
    expect(goesTo(await send(at('a-52'), page, { ranges: 'gz1 2026 00000001 共 900' }))).toBe('/stock/52/1');
    expect(goesTo(await send(at('a-52'), page, { ranges: 'GZ1-2026-00000901 – 1000' }))).toBe('/stock/52/1');
    const again = await send(at('a-52'), page, { ranges: serials(1000, 1001) });
    expect(textOf(again)).toContain('已经印制入账');
    expect(textOf(again)).toContain('2026-00001000');
    expect((await at('a-5201').get('/stock/5201/1/print-run')).statusCode).toBe(403);
    expect(textOf(await at('a-52').get('/stock/52/1'))).toContain('2026-00000001 至 2026-00001000（共 1000 份）');
  });

  test('dispatch to one right below, with a slip for two signatures', async () => {
    const refused = await send(at('a-52'), '/stock/52/1/dispatch', { to: '520111', ranges: serials(1, 10) });
    expect(textOf(refused)).toContain('只能派发给直接下级');
    const shipment = await dispatched('52', '5201', serials(1, 500));
    expect(shipment).toBe('/shipments/52-1-1');
    expect(textOf(await at('a-52').get(`${shipment}/slip`))).toMatch(/00000001 GZ1-2026-00000500 500 .*签字.*签字/);
    expect(textOf(await at('a-5201').get('/stock/5201'))).toContain('领取');
  });

  test('receive by another person only, each difference named with its place and confirmed', async () => {
    const page = '/shipments/52-1-1/receive';
    expect((await at('a-52').get(page)).statusCode).toBe(403);
    const miscounted = await send(at('a-5201'), page, { ranges: serials(1, 400), count: '399' });
    expect(textOf(miscounted)).toContain('填写的编号共 400 份');
    const differs = await send(at('a-5201'), page, {
      ranges: `${serials(1, 499)}\n${serials(601, 601)}`,
      count: '500',
    });
    expect(differs.statusCode).toBe(400);
    expect(textOf(differs)).toContain('账上有，没有看到： 2026-00000500');
    expect(textOf(differs)).toMatch(/2026-00000601（共 1 份）：账上在贵州省卫生健康委员会库存/);
    // What is confirmed must be what was shown.
    const other = { ...formOf(differs, page), ranges: serials(1, 498), count: '498', step: 'confirm' };
    expect(textOf(await at('a-5201').post(page, other))).toContain('2026-00000499 至 2026-00000500');
    const same = { ...formOf(differs, page), ranges: `${serials(1, 499)}\n${serials(601, 601)}`, count: '500' };
    expect(goesTo(await at('a-5201').post(page, { ...same, step: 'confirm' }))).toBe('/shipments/52-1-1');
    expect(textOf(await at('a-5201').get('/shipments/52-1-1'))).toContain('途中缺失 1 份');
    expect(textOf(await at('b-5201').get('/stock/5201/1?find=GZ1-2026-00000500'))).toContain('途中缺失');
    expect(goesTo(await send(at('b-5201'), '/shipments/52-1-1/found'))).toBe('/shipments/52-1-1');
    expect(textOf(await at('b-5201').get('/stock/5201/1'))).toContain('2026-00000001 至 2026-00000500');
  });

  test('ask with one press for what is suggested, grant, send by it, and receive', async () => {
    const toCounty = await dispatched('5201', '520111', serials(1, 300));
    await send(at('a-520111'), `${toCounty}/receive`, { ranges: serials(1, 300), count: '300' });
    const toOffice = await dispatched('520111', '520111004', serials(1, 2));
    await send(at('a-520111004'), `${toOffice}/receive`, { ranges: serials(1, 2), count: '2' });
    await send(at('a-520111004'), '/stock/520111004/1/threshold', { count: '1' });
    for (const serial of [202_600_000_001, 202_600_000_002]) {
      const { deps } = scene.app.services;
      const by = { commandId: deps.ids(), actor: { kind: 'system', name: 'issuing' } as const };
      const issued = await issueSerial(
        deps,
        { office: '520111004', parity: 1 },
        { serial, registrationId: deps.ids() },
        by,
      );
      if (issued.outcome !== 'done') throw new Error(issued.outcome);
      await deps.awaitViews(['stock'], issued.position);
    }
    const ledger = await at('a-520111004').get('/stock/520111004/1');
    expect(textOf(ledger)).toContain('库存 0 份，已到预警线 1 份');
    const asked = await at('a-520111004').post(
      '/stock/520111004/1/request',
      formOf(ledger, '/stock/520111004/1/request'),
    );
    expect(goesTo(asked)).toBe('/stock/520111004/1');
    expect(textOf(await at('a-520111').get('/stock/520111'))).toContain('申请第一孩证件 30 份');
    const granted = await send(at('a-520111'), '/stock/520111004/1/approve', { source: '520111' });
    expect(goesTo(granted)).toBe('/stock/520111004/1');
    const link = '/stock/520111/1/dispatch?order=520111004-1%2F1';
    const form = await at('a-520111').get(link);
    expect(form.body).toContain('GZ1-2026-00000003 至 GZ1-2026-00000032');
  });

  test('show the tree with sums that add up to what was printed, and as a spreadsheet', async () => {
    const tree = textOf(await at('a-52').get('/stock/52'));
    expect(tree).toContain('账目相符：各处合计 1000 份，已印制 1000 份');
    expect((await at('a-52').get('/stock')).headers.location).toBe('/stock/52');
    const sheet = await at('a-52').get('/stock/52/numbers.xlsx');
    expect(sheet.headers['content-disposition']).toContain('stock-52.xlsx');
  });

  test('take stock and write off what is missing, each by two people', async () => {
    const own = '/stock/5201/1';
    const page = `${own}/take`;
    const differs = await send(at('a-5201'), page, { ranges: serials(301, 499), count: '199' });
    expect(textOf(differs)).toContain('2026-00000500');
    const fields = { ...formOf(differs, page), ranges: serials(301, 499), count: '199', step: 'confirm' };
    expect(goesTo(await at('a-5201').post(page, fields))).toBe(own);
    expect(textOf(await send(at('a-5201'), `${own}/confirm-take`))).toContain('另一位工作人员');
    expect(goesTo(await send(at('b-5201'), `${own}/confirm-take`))).toBe(own);
    expect(textOf(await at('b-5201').get(own))).toContain('缺失的证件');
    const told = await send(at('a-5201'), `${own}/write-off`, { ranges: serials(500, 500), reason: '搬迁时遗失' });
    expect(goesTo(told)).toBe(own);
    expect(textOf(await at('b-5201').get(`${own}/confirm-disposal`))).toContain('搬迁时遗失');
    expect(goesTo(await send(at('b-5201'), `${own}/confirm-disposal`))).toBe(own);
    const shown = textOf(await at('b-5201').get(own));
    expect(shown).toContain('已核销 1');
    expect(shown).toMatch(/清点 199 份，缺失 1 份，找回 0 份 a-5201 → b-5201/);
    expect(shown).toMatch(/缺失核销 .*2026-00000500（共 1 份）：搬迁时遗失 a-5201 → b-5201/);
  });

  test('are closed to who has nothing to do with stock, and to those beside', async () => {
    expect((await outsider.get('/stock/520111005')).statusCode).toBe(403);
    expect((await at('a-52').get('/')).headers.location).toBe('/stock');
    expect((await outsider.get('/')).body).not.toContain('href="/stock"');
    expect((await at('a-520111004').get('/stock/520111')).statusCode).toBe(403);
    expect((await at('a-520111').get('/stock/520111004/1/take')).statusCode).toBe(403);
    expect((await at('a-520111').get('/stock/520111004/3')).statusCode).toBe(404);
  });

  test('say what they show in English too', async () => {
    await at('a-52').get('/language/en');
    expect(textOf(await at('a-52').get('/stock/52/1'))).toContain('Certificates');
  });
});
