import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idNumberKey } from '#application/declare.ts';
import { operator } from '../support/application.ts';
import { formOf, textOf } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

describe('an operator whose own registration comes to their office (two-person rule)', () => {
  test('reads it and has nothing to decide, while colleagues decide', async () => {
    const { id, data } = await scene.submitted();
    const { sealing } = scene.app.services.deps;
    const person = idNumberKey(sealing, data.wife.idNumber);
    scene.directory.add({ ...operator('520111004', 'guizhu-self'), person });
    const own = await scene.signedIn('guizhu-self');
    await own.sayWhy(id);
    const page = await own.get(`/registrations/${id}`);
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain(`action="/registrations/${id}/accept"`);
    const colleague = await scene.signedIn('guizhu-wu');
    const theirs = await colleague.get(`/registrations/${id}`);
    const form = formOf(theirs, `/registrations/${id}/accept`);
    expect(Object.keys(form)).toContain('commandId');
    for (const act of ['receive', 'accept', 'reject', 'pass-on']) {
      const answer = await own.post(`/registrations/${id}/${act}`, {
        ...form,
        reasons: 'other',
        text: '请核对',
        office: '520111005',
        step: 'confirm',
      });
      expect([act, answer.statusCode < 400 && answer.headers.location !== undefined]).toEqual([act, false]);
    }
    const row = await scene.app.services.staff.registration(
      { ...operator('520111004'), stated: { code: 'supervision', text: '' } },
      id,
    );
    expect(row).toMatchObject({ view: { row: { status: 'submitted' } } });
    expect((await colleague.post(`/registrations/${id}/accept`, form)).statusCode).toBe(303);
    expect(textOf(await own.get(`/registrations/${id}`))).not.toContain('look-up');
  });
});
