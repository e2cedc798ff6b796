import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authorise } from '#application/authorise.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import { noAccountNote } from '../../src/greeting.ts';
import { makeFirstAdmin } from '../../src/operations/makeFirstAdmin.ts';
import { type AccountScene, personNumbered, startAccounts } from '../support/accountScene.ts';

const top = { code: '52', name: '贵州省卫生健康委员会' };

describe('the first admin', () => {
  let scene: AccountScene;
  let offices: Awaited<ReturnType<typeof openOfficeDirectory>>;
  beforeEach(async () => {
    scene = await startAccounts();
    const { viewStore, wait } = scene.services.deps;
    offices = await openOfficeDirectory({ viewStore, wait });
    scene.services.deps.offices = offices;
  });
  afterEach(async () => {
    offices.stop();
    await scene.stop();
  });

  const make = (typed = personNumbered(1)) => {
    const { deps } = scene.services;
    const caughtUp = async () => {
      await deps.awaitViews(['account', 'organisation'], await deps.eventStore.lastPosition());
      await offices.refresh();
    };
    const hashPassword = async (password: string) => `hash of ${password}`;
    return makeFirstAdmin({ ...deps, hashPassword, caughtUp }, { top, typed, password: 'once' });
  };

  test('stands at the top, checked and confirmed, and registers everyone else', async () => {
    expect((await noAccountNote(scene.services.deps)).join('\n')).toContain('npm run first-admin');
    expect(await make()).toBe('gly-52');
    expect(await noAccountNote(scene.services.deps)).toEqual([]);
    const staff = await scene.staff.find('gly-52');
    expect(staff).toMatchObject({ role: 'admin', office: '52', verified: true });
    expect(offices.find('52')).toMatchObject({ name: top.name, parent: '' });
    expect((await scene.staff.account('gly-52'))?.password).toEqual({ hash: 'hash of once', mustChange: true });
    if (staff === undefined) throw new Error('The admin is gone.');
    const asked = { act: 'grant', authorisation: 'register', account: '', office: '52', role: 'admin' } as const;
    expect(authorise(staff, asked, offices).outcome).toBe('allowed');
  });

  test('is made once', async () => {
    await make();
    await expect(make(personNumbered(2))).rejects.toThrow('gly-52');
    expect(await scene.staff.account('gly-52-2')).toBeUndefined();
  });

  test.each([
    ['differs', 'do not belong together'],
    ['unreachable', 'did not answer'],
  ] as const)('is not made where the register %s', async (outcome, sentence) => {
    scene.identity.outcome = outcome;
    await expect(make()).rejects.toThrow(sentence);
    expect(await scene.stores.eventStore.lastPosition()).toBe(0);
  });

  test('is not made of what cannot be kept', async () => {
    await expect(make({ ...personNumbered(1), mobile: '12' })).rejects.toThrow('mobile');
    expect(await scene.stores.eventStore.lastPosition()).toBe(0);
  });
});
