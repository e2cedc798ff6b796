import { afterAll, beforeAll, expect, it } from 'vitest';
import { formOf } from '../support/managementBrowser.ts';
import { type Scene, startScene } from '../support/managementScene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

it('links names in a trail where the reader may go on to their trail, and tells the others without a link', async () => {
  const { id } = await scene.submitted();
  const page = `/registrations/${id}`;
  await (await scene.signedIn('guizhu-yang')).get(page);
  const county = await scene.signedIn('huaxi');
  await county.post('/access-reason', { ...formOf(await county.get(page), '/access-reason'), reason: 'complaint' });
  expect((await county.get(page)).statusCode).toBe(200);
  const { deps } = scene.app.services;
  await deps.awaitViews(['trail'], await deps.eventStore.lastPosition());
  const township = await scene.signedIn('guizhu-gly');
  const trail = `/audit/records/registration/${id}`;
  const asked = formOf(await township.get(trail), '/access-reason');
  await township.post('/access-reason', { ...asked, reason: 'supervision' });
  const { body } = await township.get(trail);
  expect(body).toContain('<a href="/audit/accounts/guizhu-yang">杨秀兰</a>');
  expect(body).toContain('罗玉兰');
  expect(body).not.toContain('/audit/accounts/huaxi');
});
