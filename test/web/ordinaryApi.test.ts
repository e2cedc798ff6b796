import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { serialText } from '#domain/stock/serial.ts';
import { apiCaller } from '../support/apiCaller.ts';
import { operator } from '../support/application.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const [one, third] = ['520111004', '520111005'] as const;
let scene: Scene;
const tokens = new Map<string, string>();
const program = apiCaller(() => scene.sites.managementSite, '/api/v1');
const get = (path: string, office: string = one) => program.call('GET', path, { token: tokens.get(office) ?? '' });
const post = (path: string, payload: object, { office = one as string, key = randomUUID() as string } = {}) =>
  program.call('POST', path, { token: tokens.get(office) ?? '', payload, key });
const serial = (n: number) => serialText(1, firstSerial + n);

beforeAll(async () => {
  scene = await startScene();
  const { deps } = scene.app.services;
  const command = { type: 'EnterPrintRun', run: { from: firstSerial + 1, to: firstSerial + 50 } } as const;
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
  await handleCommand(deps, stockDecider, stockId(one, 1), command, act);
  for (const office of [one, third]) {
    scene.directory.add({ ...operator(office, `fz-${office}`), authorisations: ['issueOrdinaryCertificates'] });
    tokens.set(office, await program.signedIn(`fz-${office}`, password));
  }
});
afterAll(() => scene.close());

const registered = async () => {
  const { id, data } = await scene.submitted();
  await register(scene.app, id, data);
  const bearer = { document: 'idCard', name: data.wife.name, documentNumber: data.wife.idNumber };
  return { id, data, bearer, path: `/registrations/${id}/ordinary-certificate` };
};

describe('ordinary certificates through the API (C3–C6)', () => {
  test('are found, issued once per key, replaced and voided', async () => {
    const { id, data, bearer, path } = await registered();
    const found = await post('/ordinary-certificates/find', { text: data.wife.idNumber });
    expect(found.json()).toMatchObject({ registrations: [{ id, status: 'registered', parity: 1 }] });
    expect(found.body).not.toContain(data.wife.idNumber);
    expect((await get(path)).json()).toMatchObject({ lowest: serial(1), voided: [], mayVoid: false });
    const key = randomUUID();
    const first = await post(`${path}/issue`, { bearer }, { key });
    expect(first.json()).toMatchObject({ issued: { serial: serial(1), office: one }, mayVoid: true });
    expect((await post(`${path}/issue`, { bearer }, { key })).json()).toEqual(first.json());
    const voids = { serial: serial(1), reason: 'lost', note: '搬家时遗失' };
    const replaced = await post(`${path}/replace`, { bearer, serial: serial(9), voids });
    expect(replaced.json()).toMatchObject({ issued: { serial: serial(9) }, voided: [{ serial: serial(1) }] });
    const ended = await post(`${path}/void`, { serial: serial(9), reason: 'spoilt' });
    expect(ended.json()).toMatchObject({ voided: [{ reason: 'lost' }, { reason: 'spoilt' }] });
    expect(ended.json()).not.toHaveProperty('issued');
  });

  test('are refused with a code, its words, and who was first', async () => {
    const { bearer, path } = await registered();
    const refusal = async (act: string, payload: object, office: string = one) =>
      (await post(`${path}/${act}`, payload, { office })).json();
    const told = (field: string, code: string) => ({
      status: 400,
      errors: [{ field, code, message: expect.stringMatching(/\p{Script=Han}/u) }],
    });
    expect(await refusal('issue', { bearer, serial: '7' })).toMatchObject(told('serial', 'badSerial'));
    expect(await refusal('issue', { bearer }, third)).toMatchObject(told('serial', 'outOfStock'));
    const unnamed = { ...bearer, name: '' };
    expect(await refusal('issue', { bearer: unnamed })).toMatchObject(told('bearer.documentNumber', 'noIdentity'));
    const issued = (await post(`${path}/issue`, { bearer })).json().issued;
    expect(await refusal('issue', { bearer })).toMatchObject({ ...told('', 'issued'), issued });
    const voids = { serial: issued.serial, reason: 'lost' };
    expect(await refusal('void', voids, third)).toMatchObject({ ...told('', 'otherOffice'), offices: [one] });
    const keyless = await program.call('POST', `${path}/void`, { token: tokens.get(one) ?? '', payload: voids });
    expect(keyless.json()).toMatchObject({ status: 400, type: expect.stringContaining('keyRequired') });
    expect((await get(`/registrations/${randomUUID()}/ordinary-certificate`)).statusCode).toBe(404);
  });
});
