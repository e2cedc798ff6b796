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

const office = '520111004';
const page = '/ordinary/batch';
const serial = (n: number) => serialText(1, firstSerial + n);
let scene: Scene;
let desk: Visitor;

beforeAll(async () => {
  scene = await startScene();
  scene.directory.add({ ...operator(office, 'fz-batch'), authorisations: ['issueOrdinaryCertificates'] });
  const { deps } = scene.app.services;
  const command = { type: 'EnterPrintRun', run: { from: firstSerial + 1, to: firstSerial + 3 } } as const;
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId(office, 1), command, act);
  desk = await scene.signedIn('fz-batch');
});
afterAll(() => scene.close());

const registered = async () => {
  const { id, data } = await scene.submitted();
  await register(scene.app, id, data);
  const { eventStore } = scene.app.stores;
  await scene.app.services.deps.awaitViews(['unissued'], await eventStore.lastPosition());
  return {
    id,
    data,
    ticked: { [`pick-${id}`]: '1', [`name-${id}`]: data.wife.name, [`documentNumber-${id}`]: data.wife.idNumber },
  };
};
/** Sends the form of a page that was shown; the page that shows what came of it. */
const sent = async (from: Awaited<ReturnType<Visitor['get']>>, fields: Record<string, string>) => {
  const answer = await desk.post(page, { ...formOf(from, page), ...fields });
  return answer.statusCode === 303 ? desk.get(String(answer.headers.location)) : answer;
};

describe('issuing many at once (C3)', () => {
  test('goes from the ticked list by the preview of serials to what was issued, with links for printing', async () => {
    const [one, other, third] = [await registered(), await registered(), await registered()];
    expect((await desk.get('/ordinary')).body).toContain(`href="${page}"`);
    expect((await desk.get(page)).body).toContain(`name="name-${one.id}" value="${one.data.wife.name}"`);
    const preview = await sent(await desk.get(page), { ...one.ticked, ...other.ticked, step: 'preview' });
    expect(textOf(preview)).toContain(serial(1));
    expect(textOf(preview)).toContain(serial(2));
    expect(preview.body).not.toContain(third.id);
    const stranger = { [`documentNumber-${other.id}`]: third.data.wife.idNumber };
    const shown = await sent(preview, { ...stranger, step: 'confirm' });
    expect(textOf(shown)).toContain('已发 1 张');
    expect(textOf(shown)).toContain('不是夫妻任何一方的');
    expect(shown.body).toContain(`href="/ordinary/${one.id}/print"`);
    expect(shown.body).not.toContain(`href="/ordinary/${other.id}/print"`);
    const list = await desk.get(page);
    expect([one, other, third].map(({ id }) => list.body.includes(id))).toEqual([false, true, true]);
  });

  test('keeps what was typed where something is missing, and when going back from the preview', async () => {
    const { id, data, ticked } = await registered();
    const none = await sent(await desk.get(page), { step: 'preview' });
    expect([none.statusCode, textOf(none).includes('请至少勾选一件')]).toEqual([400, true]);
    const missing = await sent(await desk.get(page), { ...ticked, [`documentNumber-${id}`]: '', step: 'preview' });
    expect(textOf(missing)).toContain('请填写领证人姓名和证件号码');
    expect(missing.body).toMatch(new RegExp(`name="pick-${id}"[^>]* checked`));
    const preview = await sent(await desk.get(page), { ...ticked, step: 'preview' });
    const back = await sent(preview, { step: 'edit' });
    expect(back.body).toContain(`name="documentNumber-${id}" value="${data.wife.idNumber}"`);
  });

  test('says so where more are ticked than the office has', async () => {
    const rows = [await registered(), await registered(), await registered()];
    const ticked = Object.assign({ step: 'preview' }, ...rows.map((row) => row.ticked));
    expect(textOf(await sent(await desk.get(page), ticked))).toContain('勾选的比本单位的空白证多');
  });
});
