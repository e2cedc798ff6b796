import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiCaller } from '../support/apiCaller.ts';
import { operator } from '../support/application.ts';
import { password, type Scene, startScene } from '../support/managementScene.ts';

const [province, prefecture] = ['52', '5201'] as const;
let scene: Scene;
const tokens = new Map<string, string>();

const program = apiCaller(() => scene.sites.managementSite, '/api/v1');
const keeper = (office: string) => `keeper-${office}`;
const tokenOf = (office: string) => tokens.get(office) ?? '';
const get = (office: string, path: string) => program.call('GET', path, { token: tokenOf(office) });
const post = (office: string, path: string, payload: object, sent: { match?: string; key?: string } = {}) =>
  program.call('POST', path, { token: tokenOf(office), payload, key: randomUUID(), ...sent });
const serials = (from: number, to: number) => {
  const text = (n: number) => `GZ1-2026-${String(n).padStart(8, '0')}`;
  return { from: text(from), to: text(to) };
};

beforeAll(async () => {
  scene = await startScene();
  for (const office of [province, prefecture]) {
    scene.directory.add({ ...operator(office, keeper(office)), authorisations: ['manageStock'] });
    tokens.set(office, await program.signedIn(keeper(office), password));
  }
});
afterAll(() => scene.close());

describe('stock through the API', () => {
  test('goes from the press to another, each act once per key', async () => {
    const printed = await post(province, `/stock/${province}/1/print-run`, serials(1, 100));
    expect(printed.json()).toMatchObject({ counts: { held: 100 }, held: [serials(1, 100)] });
    const key = randomUUID();
    const sending = { to: prefecture, ranges: [serials(1, 40)] };
    const sent = await post(province, `/stock/${province}/1/dispatch`, sending, { key });
    expect(sent.statusCode).toBe(200);
    const again = await post(province, `/stock/${province}/1/dispatch`, sending, { key });
    expect(again.json()).toMatchObject({ counts: { held: 60, inTransit: 40 } });
    const waiting = (await get(prefecture, '/stock/waiting')).json();
    expect(waiting).toMatchObject({ count: 1, toReceive: [{ shipment: '52-1-1', ranges: [serials(1, 40)] }] });
    const seen = { ranges: [serials(1, 39)], count: 39 };
    const differs = await post(prefecture, '/shipments/52-1-1/receive', seen);
    expect(differs.statusCode).toBe(400);
    expect(differs.json()).toMatchObject({
      errors: [{ code: 'differs', message: expect.stringMatching(/\p{Script=Han}/u) }],
      missing: [serials(40, 40)],
    });
    const received = await post(prefecture, '/shipments/52-1-1/receive', { ...seen, confirmed: true });
    expect(received.json()).toMatchObject({ status: 'received', missing: [serials(40, 40)], lost: 1 });
    expect((await get(prefecture, '/stock/serials/GZ1-2026-00000039')).json()).toEqual({
      where: 'held',
      of: prefecture,
    });
  });

  test('is read with its ETag, on which an act may be based', async () => {
    const read = await get(prefecture, `/stock/${prefecture}/1`);
    const match = String(read.headers.etag);
    const path = `/stock/${prefecture}/1/threshold`;
    expect((await post(prefecture, path, { threshold: 50 }, { match })).json()).toMatchObject({ low: true });
    expect((await post(prefecture, path, { threshold: 60 }, { match })).statusCode).toBe(412);
    const keyless = await program.call('POST', path, { token: tokenOf(prefecture), payload: { threshold: 60 } });
    expect(keyless.json()).toMatchObject({ status: 400, type: expect.stringContaining('keyRequired') });
  });

  test('is summed up over all below, and shown to nobody else', async () => {
    const sums = (await get(province, `/stock/${province}/1/below`)).json();
    expect(sums).toMatchObject({ total: { counts: { printed: 100, lost: 1 } } });
    expect((await get(prefecture, `/stock/${province}/1`)).statusCode).toBe(403);
    expect((await get(province, '/stock/529999/1')).statusCode).toBe(404);
    expect((await get(province, '/shipments/52-1-9')).statusCode).toBe(404);
    const moved = (await get(prefecture, `/stock/${prefecture}/1/shipments`)).json();
    expect(moved.shipments).toHaveLength(1);
  });

  test.each([
    [serials(1, 2), 'notHeld'],
    [{ from: 'GZ2-2026-00000050', to: 'GZ2-2026-00000050' }, 'otherParity'],
    [{ from: 'nothing', to: 'nothing' }, 'badRange'],
  ])('says of %j: %s', async (range, code) => {
    const answer = await post(province, `/stock/${province}/1/void`, { ranges: [range], reason: 'spoilt' });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ errors: [{ field: 'ranges', code }] });
  });
});
