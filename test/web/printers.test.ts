import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrintedDocument } from '#application/documents.ts';
import { handleCommand, load } from '#application/handleCommand.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { operator } from '../support/application.ts';
import { formOf, textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

let scene: Scene;
let yang: Visitor;
let elsewhere: Visitor;
let issued: { id: string; serial: string };
const printed: PrintedDocument[] = [];

beforeAll(async () => {
  scene = await startScene();
  const { services } = scene.app;
  const { deps } = services;
  const rendered = deps.documents.pdf;
  deps.documents.pdf = (document) => {
    printed.push(document);
    return rendered(document);
  };
  const run = { from: firstSerial + 1, to: firstSerial + 9 };
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId('520111004', 1), { type: 'EnterPrintRun', run }, act);
  const { id, data } = await scene.submitted();
  await register(scene.app, id, data);
  const staff = await scene.directory.find('guizhu-yang');
  if (staff === undefined) throw new Error('guizhu-yang is gone');
  const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber } as const;
  const outcome = await services.ordinary.issueOrdinary(id, { staff, commandId: deps.ids() }, { bearer });
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  issued = { id, serial: outcome.serial };
  yang = await scene.signedIn('guizhu-yang');
  const other = { ...operator('520111005', 'fz-520111005'), authorisations: ['issueOrdinaryCertificates'] } as const;
  scene.directory.add({ ...other, name: '他处' });
  elsewhere = await scene.signedIn('fz-520111005');
});
afterAll(() => scene.close());

const send = async (who: Visitor, action: string, fields: Record<string, string>) =>
  who.post(action, { ...formOf(await who.get('/printers'), action), ...fields });

describe('the printers of an office', () => {
  test('are added, adjusted and removed on their page', async () => {
    expect((await send(yang, '/printers', { name: '清溪窗口' })).headers.location).toBe('/printers');
    expect((await send(yang, '/printers/1', { dx: '1.5', dy: '-0.3' })).headers.location).toBe('/printers');
    const page = await yang.get('/printers');
    expect([page.body.includes('value="1.5"'), page.body.includes('value="-0.3"')]).toEqual([true, true]);
    await send(yang, '/printers', { name: '二号窗口' });
    await send(yang, '/printers/2/remove', {});
    expect(textOf(await yang.get('/printers'))).not.toContain('二号窗口');
  });

  test('are told what was wrong, with all that was typed', async () => {
    const refused = await send(yang, '/printers/1', { dx: '25', dy: 'far' });
    expect(refused.statusCode).toBe(400);
    expect(textOf(refused)).toContain('移动量须在 -20 到 20 毫米之间');
    expect(refused.body).toContain('value="25"');
    const named = await send(yang, '/printers', { name: '清溪窗口' });
    expect(textOf(named)).toContain('已有同名的打印机');
    expect((await yang.get('/printers')).body).toContain('value="1.5"');
  });

  test('are those of the own office alone', async () => {
    expect(textOf(await elsewhere.get('/printers'))).not.toContain('清溪窗口');
  });
});

describe('printing an ordinary certificate', () => {
  test('goes to the chosen printer, moved by what it is off, and this browser keeps the choice', async () => {
    const page = await yang.get(`/ordinary/${issued.id}/print?printer=1`);
    expect(page.body).toContain(`/ordinary/${issued.id}/overprint.pdf?printer=1`);
    expect((await yang.get(`/ordinary/${issued.id}/print`)).body).toContain('overprint.pdf?printer=1');
    const pdf = await yang.get(`/ordinary/${issued.id}/overprint.pdf?printer=1`);
    expect([pdf.statusCode, pdf.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(printed.at(-1)).toMatchObject({
      kind: 'ordinaryOverprint',
      offset: { dx: 1.5, dy: -0.3 },
      papers: [{ number: issued.serial, specimen: true }],
    });
    const { events } = await load(scene.app.services.deps, certificateDecider, issued.serial);
    expect(events.map(({ type }) => type)).toEqual(['CertificateIssued', 'CertificatePrinted']);
  });

  test('prints the slip of the issue with who handed it to whom', async () => {
    expect((await yang.get(`/ordinary/${issued.id}/slip.pdf`)).statusCode).toBe(200);
    expect(printed.at(-1)).toMatchObject({
      kind: 'issueSlip',
      slips: [{ serial: issued.serial, handler: 'guizhu-yang', bearer: { document: 'idCard' } }],
    });
  });

  test('prints the calibration sheet as the printer is set', async () => {
    expect((await yang.get('/printers/calibration.pdf?printer=1')).statusCode).toBe(200);
    expect(printed.at(-1)).toMatchObject({ kind: 'calibration', offset: { dx: 1.5, dy: -0.3 } });
  });

  test('is for the office that issued it, and finds nothing where none was issued', async () => {
    expect((await elsewhere.get(`/ordinary/${issued.id}/overprint.pdf`)).statusCode).toBe(403);
    const { id } = await scene.submitted();
    expect((await yang.get(`/ordinary/${id}/overprint.pdf`)).statusCode).toBe(404);
  });
});
