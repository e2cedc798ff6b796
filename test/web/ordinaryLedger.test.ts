import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import type { LedgerPart } from '#application/ordinaryLedger.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { serialText } from '#domain/stock/serial.ts';
import { operator } from '../support/application.ts';
import { textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const office = '520111004';
const serial = serialText(1, firstSerial + 1);
let scene: Scene;
let desk: Visitor;
let county: Visitor;
let issued: { id: string; name: string; documentNumber: string };

beforeAll(async () => {
  scene = await startScene();
  const staff = { ...operator(office, 'fz-own'), authorisations: ['issueOrdinaryCertificates', 'register'] } as const;
  scene.directory.add(staff);
  scene.directory.add({ ...operator('520111', 'fz-county'), authorisations: ['supervise'] });
  const { deps, ordinary } = scene.app.services;
  const run = { from: firstSerial + 1, to: firstSerial + 9 };
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId(office, 1), { type: 'EnterPrintRun', run }, act);
  const { id, data } = await scene.submitted();
  await register(scene.app, id, data);
  const { name, idNumber: documentNumber } = data.wife;
  issued = { id, name, documentNumber };
  const bearer = { document: 'idCard', name, documentNumber } as const;
  await ordinary.issueOrdinary(id, { staff, commandId: deps.ids() }, { bearer });
  [desk, county] = await Promise.all([scene.signedIn('fz-own'), scene.signedIn('fz-county')]);
});
afterAll(() => scene.close());

describe('the register of issues (C5)', () => {
  test('shows the own counter to whom each serial went, with sums, a picture and a spreadsheet', async () => {
    const page = await desk.get('/ordinary/ledger');
    expect(textOf(page)).toContain(serial);
    expect(page.body).toContain(issued.documentNumber);
    expect(textOf(page)).toMatch(/共 1 本：有效 1，作废 0/);
    expect(page.body).toContain('<rect class="issued"');
    const file = await desk.get('/ordinary/ledger.xlsx');
    expect(file.headers['content-type']).toContain('spreadsheetml');
  });

  test('is masked above, and says what to do where the days are wrong', async () => {
    const page = await county.get(`/ordinary/ledger?office=${office}`);
    expect(textOf(page)).toContain(serial);
    expect(page.body).not.toContain(issued.documentNumber);
    const wrong = await desk.get('/ordinary/ledger?from=2026-02-01&to=2026-01-01');
    expect(wrong.statusCode).toBe(400);
    expect(textOf(wrong)).toContain('起止日期不对');
  });

  test('goes on to further pages, with the sums of the whole period on each; the spreadsheet holds all', async () => {
    const { ordinary } = scene.app.services;
    const staff = { ...operator(office, 'fz-own'), authorisations: ['issueOrdinaryCertificates', 'register'] } as const;
    const { id, data } = await scene.submitted();
    await register(scene.app, id, data);
    const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber } as const;
    await ordinary.issueOrdinary(id, { staff, commandId: scene.app.services.deps.ids() }, { bearer });
    const asked = { office, from: '2000-01-01', to: '2099-12-31' } as const;
    const serialsOf = async (part: LedgerPart) => {
      const found = await ordinary.ledger(staff, asked, part);
      return found.outcome === 'found' && { serials: found.lines.map((line) => line.serial), all: found.all.length };
    };
    const second = serialText(1, firstSerial + 2);
    expect(await serialsOf({ page: 1, size: 1 })).toEqual({ serials: [serial], all: 2 });
    expect(await serialsOf({ page: 2, size: 1 })).toEqual({ serials: [second], all: 2 });
    expect(await serialsOf('all')).toEqual({ serials: [serial, second], all: 2 });
    const beyond = await desk.get('/ordinary/ledger?page=2');
    expect(beyond.headers.location).toMatch(/^\/ordinary\/ledger\?office=520111004/);
  });

  test('leaves out what another parity, another time or another office would list', async () => {
    const none = '这段时间没有发证';
    expect(textOf(await desk.get('/ordinary/ledger?parity=2'))).toContain(none);
    expect(textOf(await desk.get('/ordinary/ledger?from=2020-01-01&to=2020-02-01'))).toContain(none);
    expect((await desk.get('/ordinary/ledger?office=520103019')).statusCode).toBe(403);
  });
});

describe('elsewhere', () => {
  test('the history of the registration tells to whom the serial was assigned', async () => {
    const told = textOf(await desk.get(`/registrations/${issued.id}/history`));
    expect(told).toContain('普通生育服务证编号分配');
    expect(told).toContain(issued.documentNumber);
  });
});
