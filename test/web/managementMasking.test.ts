import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { formOf, textOf } from '../support/managementBrowser.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
let id: string;
let data: RegistrationData;
const page = () => `/registrations/${id}`;

beforeAll(async () => {
  scene = await startScene();
  ({ id, data } = await scene.accepted());
  const yang = await scene.signedIn('guizhu-yang');
  await yang.get(page());
  await yang.post(`${page()}/look-up`);
  const shown = await yang.get(page());
  const documents = { document0: 'idCard', number0: data.wife.idNumber, shows0: '与申报一致' };
  const done = await yang.post(`${page()}/register`, { ...formOf(shown, `${page()}/register`), ...documents });
  expect(done.statusCode).toBe(303);
});
afterAll(() => scene.close());

const secrets = () => [
  data.wife.idNumber,
  data.husband.idNumber,
  data.wife.idNumber.slice(6, 14),
  '霞晖路',
  'J520103',
  data.declaration.mobile,
  '138 0000 0000',
  '与申报一致',
  'lookup',
];

const api = async (account: string, path: string) => {
  const { managementSite } = scene.sites;
  const signed = await managementSite.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { account, password },
  });
  const { token } = signed.json<{ token: string }>();
  return managementSite.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } });
};

describe.each(['huaxi', 'guiyang', 'guizhou', 'guizhu-gly'])('%s, who reads and does not register', (account) => {
  test('sees masked pages and masked answers of the API, with evidence hidden', async () => {
    const reader = await scene.signedIn(account);
    await reader.sayWhy(id);
    const answers = [
      await reader.get(page()),
      await reader.get(`${page()}/history`),
      await api(account, page()),
      await api(account, `${page()}/history`),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      for (const secret of secrets()) expect(answer.body).not.toContain(secret);
    }
    const masked = answers.map(({ body }) => body.includes('520111********'));
    expect(masked).toEqual([true, false, true, true]);
    expect(answers[2]?.json()).toMatchObject({ masked: true, data: { wife: { name: '王芳' } } });
    expect(textOf(answers[1] as never)).toContain('情况说明 ***');
  });

  test('gets the certificate neither as a page nor as a PDF nor through the API', async () => {
    const reader = await scene.signedIn(account);
    for (const path of ['certificate', 'certificate.pdf']) {
      expect((await reader.get(`${page()}/${path}`)).statusCode).toBe(403);
    }
    const pdf = await api(account, `${page()}/certificate.pdf`);
    expect(pdf.statusCode).toBe(403);
    expect(pdf.headers['content-type']).toContain('problem+json');
  });
});

test('who registers there sees everything but look-up keys', async () => {
  const read = await api('guizhu-wu', page());
  expect(read.json()).toMatchObject({ masked: false, data: { wife: { idNumber: data.wife.idNumber } } });
  const history = await api('guizhu-wu', `${page()}/history`);
  expect(history.body).toContain(data.wife.idNumber);
  expect(history.body).toContain('居民身份证');
  expect(history.body).not.toContain('lookup');
  expect((await api('guizhu-wu', `${page()}/certificate.pdf`)).statusCode).toBe(200);
});
