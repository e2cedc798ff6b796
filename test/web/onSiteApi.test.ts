import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiCaller } from '../support/apiCaller.ts';
import { operator } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let token = '';
let couples = 300;
const program = apiCaller(() => scene.sites.managementSite, '/api/v1');
const enter = (payload: object, key: string = randomUUID()) =>
  program.call('POST', '/on-site-registrations', { token, payload, key });
const next = () => {
  couples += 1;
  const data = declarationOf('520111004001', couples);
  const documents = [
    { kind: 'idCard', number: data.wife.idNumber },
    { kind: 'marriageCertificate', number: data.marriage.certificateNumber },
  ];
  return { data, documents };
};

beforeAll(async () => {
  scene = await startScene();
  scene.directory.add({ ...operator('520111004', 'luru'), authorisations: ['enterOnSite', 'review'] });
  token = await program.signedIn('luru', password);
});
afterAll(() => scene.close());

describe('registrations on site through the API (R8)', () => {
  test('are entered once per key, reviewed in the same sitting where asked', async () => {
    const [entry, key] = [{ ...next(), review: true }, randomUUID()];
    const first = await enter(entry, key);
    expect(first.statusCode).toBe(201);
    expect(first.json()).toMatchObject({ status: 'accepted', office: { code: '520111004' } });
    expect((await enter(entry, key)).json()).toEqual(first.json());
    expect((await enter({ ...entry, review: false }, key)).statusCode).toBe(422);
    expect((await enter(next())).json()).toMatchObject({ status: 'submitted' });
  });

  test('tell where the couple has one, which documents are missing, and that a live one is not gone on from', async () => {
    const entry = next();
    const { id } = (await enter(entry)).json<{ id: string }>();
    expect((await enter(entry)).json()).toMatchObject({ status: 409, office: { code: '520111004' } });
    expect((await enter({ ...next(), documents: [], review: true })).json()).toMatchObject({
      status: 400,
      errors: [{ field: '', code: 'undocumented' }],
    });
    expect((await enter({ ...next(), predecessor: id })).json()).toMatchObject({
      status: 409,
      predecessor: 'notEnded',
    });
    const away = { ...entry, data: declarationOf('520111005001', couples + 1) };
    expect((await enter(away)).statusCode).toBe(403);
  });
});
