import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiCaller } from '../support/apiCaller.ts';
import { operator } from '../support/application.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';

const hospital = '520111-H01';
const child = { bornOn: '2026-11-23', sex: 'female', outcome: 'live' };
let scene: Scene;
let [nurse, clerk] = ['', ''];
const program = apiCaller(() => scene.sites.managementSite, '/api/v1');
const post = (path: string, payload: object, { token = nurse, key = randomUUID() as string } = {}) =>
  program.call('POST', path, { token, payload, key });

beforeAll(async () => {
  scene = await startScene();
  scene.directory.add({
    ...operator(hospital, 'hs-hospital'),
    authorisations: ['checkRegistration', 'annotateBirth'],
  });
  scene.directory.add(operator('520111004', 'czy-clerk'));
  nurse = await program.signedIn('hs-hospital', password);
  clerk = await program.signedIn('czy-clerk', password);
});
afterAll(() => scene.close());

const registered = async () => {
  const { id, data } = await scene.submitted();
  const { number } = await register(scene.app, id, data);
  return { id, data, number };
};

describe('checks through the API (M1)', () => {
  test('find a registration, masked, once per key, and are read again as it stands now', async () => {
    const { id, data, number } = await registered();
    const key = randomUUID();
    const checked = await post('/checks', { by: 'idNumber', text: data.wife.idNumber }, { key });
    expect(checked.json()).toMatchObject({ outcome: 'registered', certificate: number, registration: { id } });
    expect(checked.body).not.toContain(data.wife.idNumber);
    const again = await post('/checks', { by: 'idNumber', text: data.wife.idNumber }, { key });
    expect(again.json()).toEqual(checked.json());
    const read = await program.call('GET', `/checks/${checked.json().id}`, { token: nurse });
    expect(read.json()).toEqual(checked.json());
  });

  test('are refused where no such number can be, and to who is no institution', async () => {
    expect((await post('/checks', { by: 'idNumber', text: '520111' })).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'text', code: 'malformed', message: expect.stringMatching(/\p{Script=Han}/u) }],
    });
    expect((await post('/checks', { by: 'number', text: 'GZ1-2026-00000001' }, { token: clerk })).statusCode).toBe(403);
  });
});

describe('births in batches through the API (M2)', () => {
  test('are annotated each by itself, and sent again happen once', async () => {
    const [one, other] = [await registered(), await registered()];
    const rowOf = ({ id, number }: typeof one) => ({
      key: randomUUID(),
      registration: id,
      certificate: number,
      children: [child],
    });
    const rows = [rowOf(one), { ...rowOf(other), certificate: one.number }];
    const sent = await post('/birth-annotations', { rows });
    expect(sent.json()).toEqual({
      rows: [
        { key: rows[0]?.key, outcome: 'annotated' },
        { key: rows[1]?.key, outcome: 'refused', code: 'otherCertificate' },
      ],
    });
    expect((await post('/birth-annotations', { rows })).json()).toEqual(sent.json());
    const anew = await post('/birth-annotations', { rows: [rowOf(one)] });
    expect(anew.json()).toMatchObject({ rows: [{ outcome: 'refused', code: 'alreadyAnnotated' }] });
    expect((await post('/birth-annotations', { rows }, { token: clerk })).statusCode).toBe(403);
  });
});
