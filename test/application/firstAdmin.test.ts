import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authorise } from '#application/authorise.ts';
import { handleCommand } from '#application/handleCommand.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { noAccountNote } from '../../src/greeting.ts';
import { makeFirstAdmin } from '../../src/operations/makeFirstAdmin.ts';
import { resetTopAdmin } from '../../src/operations/resetTopAdmin.ts';
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

  const over = () => {
    const { deps } = scene.services;
    const caughtUp = async () => {
      await deps.awaitViews(['account', 'organisation'], await deps.eventStore.lastPosition());
      await offices.refresh();
    };
    const hashPassword = async (password: string) => `hash of ${password}`;
    return { ...deps, hashPassword, caughtUp };
  };
  const make = (typed = personNumbered(1), deps = over()) => makeFirstAdmin(deps, { top, typed, password: 'once' });

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

  test('is there whole or not at all, wherever the program was killed', async () => {
    const { eventStore } = scene.services.deps;
    for (let survived = 0; ; survived += 1) {
      let appends = 0;
      const append: typeof eventStore.append = async (...asked) => {
        if (appends === survived) throw new Error('killed');
        appends += 1;
        return eventStore.append(...asked);
      };
      const ended = await make(personNumbered(1), { ...over(), eventStore: { ...eventStore, append } }).catch(String);
      if (ended === 'gly-52') break;
      expect(ended).toContain('killed');
      expect(await scene.staff.account('gly-52')).toBeUndefined();
    }
    expect(await scene.staff.find('gly-52')).toMatchObject({ verified: true });
  });

  test('comes back in where they lost everything, and the log says by whom', async () => {
    await make();
    const { deps } = scene.services;
    const by = { commandId: deps.ids(), actor: { kind: 'staff', account: 'gly-52', office: '52' } } as const;
    const enrol = { type: 'EnrolTotp', secret: 'secret', recoveryHashes: [] } as const;
    await handleCommand(deps, accountDecider, 'gly-52', enrol, by);
    await resetTopAdmin(over(), 'gly-52', 'again');
    const account = await scene.staff.account('gly-52');
    expect(account).toMatchObject({ status: 'active', password: { hash: 'hash of again', mustChange: true } });
    expect(account?.totp).toBeUndefined();
    const events = (await scene.stores.eventStore.readStream('account-gly-52')).slice(-2);
    expect(events.map(({ meta }) => meta['actor'])).toEqual(Array(2).fill({ kind: 'system', name: 'firstAdmin' }));
  });

  test('alone: for whom there is somebody above, there is no such way', async () => {
    await make();
    const { deps, accounts } = scene.services;
    const first = await scene.staff.find('gly-52');
    if (first === undefined) throw new Error('The admin is gone.');
    const made = { office: '52', role: 'operator', details: personNumbered(2) } as const;
    await accounts.register({ staff: first, commandId: deps.ids() }, made);
    const before = await scene.stores.eventStore.lastPosition();
    await expect(resetTopAdmin(over(), 'czy-52', 'again')).rejects.toThrow('no admin of the top');
    await expect(resetTopAdmin(over(), 'gly-53', 'again')).rejects.toThrow('no account');
    expect(await scene.stores.eventStore.lastPosition()).toBe(before);
  });

  test.each([
    ['differs', 'do not belong together'],
    ['unreachable', 'did not answer'],
    ['malformed', 'answered, but not in the form'],
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
