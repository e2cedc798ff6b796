import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import { projections } from '#projections/index.ts';
import { textOf, type Visitor } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';

let scene: Scene;
let id: string;
let yang: Visitor;
let auditor: Visitor;
const page = (rest = '') => `/registrations/${id}${rest}`;
const secrets = /王芳|张伟|520111199512|138 ?0000 ?0000|霞晖路/;

/** A couple registered in 2026, whose data were erased ten years later. */
beforeAll(async () => {
  scene = await startScene();
  const { app } = scene;
  const { deps } = app.services;
  const made = await scene.submitted();
  id = made.id;
  await register(app, id, made.data);
  const before = app.clock.now;
  app.clock.now = Date.parse('2036-11-25T02:00:00Z');
  const system = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
  const erased = await eraseRegistration(deps, id, 'retentionEnded', system);
  if (erased.outcome !== 'done') throw new Error(erased.outcome);
  await deps.awaitViews(
    projections.map(({ name }) => name),
    erased.position,
  );
  app.clock.now = before;
  yang = await scene.signedIn('guizhu-yang');
  auditor = await scene.signedIn('guizhou');
});
afterAll(() => scene.close());

describe('a registration whose personal data were erased', () => {
  test('leads its office from every page to its history, which says so and tells what happened', async () => {
    const led = await yang.get(page());
    expect([led.statusCode, led.headers.location]).toEqual([303, page('/history')]);
    const history = await yang.get(page('/history'));
    expect(history.statusCode).toBe(200);
    const said = textOf(history);
    expect(said).toContain('个人信息已于2036年11月25日按规定删除');
    for (const step of ['提交登记', '受理', '准予登记', '生成电子生育服务证', '按规定删除个人信息']) {
      expect(said).toContain(step);
    }
    expect(said).toMatch(/事由 保存期限届满 依据 个人信息保护法 §19 §47 §56/);
    expect(history.body).not.toMatch(secrets);
  });

  test('stands in its line by what it is, and counts', async () => {
    const list = await yang.get('/?tab=registered');
    expect(textOf(list)).toContain('（已按规定删除）');
    expect(list.body).not.toMatch(secrets);
  });

  test.each(['/certificate', '/certificate.pdf', '/pass-on'])('has no %s any more, and says why', async (rest) => {
    const answer = await yang.get(page(rest));
    expect([rest, answer.statusCode]).toEqual([rest, 410]);
    expect(textOf(answer)).toContain('这里的个人信息已按规定删除');
    expect(answer.body).not.toMatch(secrets);
  });

  test('takes no act', async () => {
    const answer = await yang.post(page('/accept'), { revision: '3' });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
  });

  test('has an audit trail, which names nobody of the couple', async () => {
    const trail = await auditor.get(`/audit/records/registration/${id}`);
    expect(trail.statusCode).toBe(200);
    expect(textOf(trail)).toContain('按规定删除个人信息');
    expect(trail.body).not.toMatch(secrets);
  });
});
