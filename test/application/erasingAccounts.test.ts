import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseAccount } from '#application/eraseAccount.ts';
import { dueForErasure, eraseDue, erasedBefore, finishErasures, lastEndedOn } from '#application/eraseDue.ts';
import { load } from '#application/handleCommand.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { projections } from '#projections/index.ts';
import { type AccountScene, admin, someone, startAccounts } from '../support/accountScene.ts';

const office = '520111004';
const above = { ...admin(office), stated: { code: 'supervision' as const, text: '' } };
const today = Date.parse('2026-11-24T02:00:00Z');
const lastDay = Date.parse('2031-11-24T02:00:00Z');
const dayAfter = lastDay + 86_400_000;
const names = projections.map(({ name }) => name);

let scene: AccountScene;

beforeAll(async () => {
  scene = await startAccounts();
});
afterAll(() => scene.stop());

const shown = async () => {
  const { deps } = scene.services;
  expect(await deps.awaitViews(names, await deps.eventStore.lastPosition())).toBe(true);
};
const system = () => ({
  commandId: scene.services.deps.ids(),
  actor: { kind: 'system', name: 'retention' } as const,
});
const keyOf = async (account: string) => (await load(scene.services.deps, accountDecider, account)).keyId ?? '';
const findKey = async (account: string) => scene.stores.dataKeys.find(await keyOf(account));

/** An account with a password of its own that was closed on the day of the clock. */
const closed = async (number: number): Promise<string> => {
  const account = await scene.registered(above, someone(office, number), true);
  await scene.services.accounts.resetPassword(account, scene.act(above), false);
  expect(await scene.services.accounts.close(account, scene.act(above), '王芳已调离')).toMatchObject({
    outcome: 'done',
  });
  return account;
};

describe('an account that was closed and kept for as long as the rules ask', () => {
  const { details } = someone(office, 1);
  let account: string;

  beforeAll(async () => {
    scene.clock.now = today;
    account = await closed(1);
    scene.clock.now = lastDay;
    expect(await eraseAccount(scene.services.deps, account, system())).toMatchObject({
      outcome: 'rejected',
      rejection: { type: 'withinRetention', until: '2031-11-24' },
    });
    expect(await findKey(account)).toBeDefined();
    scene.clock.now = dayAfter;
    expect(await eraseAccount(scene.services.deps, account, system())).toMatchObject({ outcome: 'done' });
    await shown();
  });
  afterAll(() => {
    scene.clock.now = today;
  });

  it('opens nowhere: its key is gone, and the stream says so', async () => {
    expect(await findKey(account)).toBeUndefined();
    const recorded = await scene.stores.eventStore.readStream(`account-${account}`);
    const sealed = recorded.filter((one) => 'personal' in one.data);
    expect(sealed.map(({ type }) => type)).toEqual(['AccountRegistered.v1', 'PasswordIssued.v1', 'AccountClosed.v1']);
    for (const { data, stream } of sealed) {
      expect(await scene.services.deps.sealing.open(String(data['personal']), stream)).toBeUndefined();
    }
    expect(recorded.at(-1)).toMatchObject({
      type: 'AccountErased.v1',
      data: { erasedOn: '2031-11-25', basis: 'retentionEnded', retention: 'retention-1' },
    });
  });

  it('is found by its account alone, and names nobody', async () => {
    const { accounts } = scene.services;
    for (const text of [details.name, details.idNumber, details.mobile]) {
      expect(await accounts.search(above, text)).toEqual([]);
    }
    expect(await accounts.search(above, account)).toMatchObject([
      { name: '', mobile: '', standing: 'closed', row: { id: account, erasedOn: '2031-11-25' } },
    ]);
    expect(await accounts.account(above, account)).toEqual({ outcome: 'erased' });
    expect(await accounts.nameOf(account)).toBeUndefined();
  });

  it('still tells what happened to it', async () => {
    const history = await scene.services.accounts.history(above, account);
    if (history.outcome !== 'found') throw new Error(history.outcome);
    expect(history.events.map(({ type }) => type)).toEqual([
      'AccountRegistered',
      'IdentityChecked',
      'IdentityConfirmed',
      'PasswordIssued',
      'AccountClosed',
      'AccountErased',
    ]);
    expect(JSON.stringify(history)).not.toMatch(new RegExp(`${details.name}|${details.idNumber}|${details.mobile}`));
  });

  it('frees its person, who can be registered again under another name', async () => {
    const again = await scene.registered(above, someone(office, 1), true);
    expect(again).not.toBe(account);
    expect(await scene.services.accounts.search(above, details.idNumber)).toMatchObject([{ row: { id: again } }]);
  });

  it('is erased once, and stays so in views built anew', async () => {
    const { eventStore, viewStore } = scene.stores;
    expect(await eraseAccount(scene.services.deps, account, system())).toMatchObject({ outcome: 'done' });
    await shown();
    const [before, end] = await Promise.all([rows(), eventStore.lastPosition()]);
    for (const projection of projections) {
      await rebuildView(projection, { eventStore, viewStore, upcast, onProgress: () => undefined });
    }
    await shown();
    expect(await rows()).toEqual(before);
    expect(await eventStore.lastPosition()).toBe(end);
  });

  const rows = () => Promise.all(names.map((view) => scene.stores.viewStore.scan({ view }, '', 1000)));
});

describe('erasing all accounts that are due', () => {
  it('takes those that were closed long enough ago, and never one that is in use', async () => {
    const { deps } = scene.services;
    scene.clock.now = today;
    const gone = await closed(11);
    const kept = await scene.registered(above, someone(office, 12), true);
    await shown();
    expect(await lastEndedOn(deps)).toBe('2026-11-24');
    const dueOn = async (now: number) => {
      scene.clock.now = now;
      return (await dueForErasure(deps)).find(({ standing }) => standing === 'closed');
    };
    expect(await dueOn(lastDay)).toMatchObject({ years: 5, count: 0 });
    const due = await dueOn(dayAfter);
    expect(due).toMatchObject({ count: 1 });
    expect(await eraseDue(deps, due ? [due] : [], () => undefined)).toEqual({ erased: 1, kept: 0 });
    await shown();
    expect(await dueOn(dayAfter)).toMatchObject({ count: 0 });
    expect(await findKey(gone)).toBeUndefined();
    expect(await findKey(kept)).toBeDefined();
  });

  it('is finished by the reaction where the process died before the key was destroyed', async () => {
    const { deps } = scene.services;
    scene.clock.now = today;
    const account = await closed(21);
    scene.clock.now = dayAfter;
    const destroy = () => Promise.reject(new StoreUnavailable('gone'));
    const dying = { ...deps, dataKeys: { ...deps.dataKeys, destroy } };
    await expect(eraseAccount(dying, account, system())).rejects.toThrow(StoreUnavailable);
    for (let tries = 0; (await findKey(account)) !== undefined; tries += 1) {
      if (tries > 500) throw new Error('The key was never destroyed.');
      await deps.wait(2);
    }
  });

  it('destroys again what older keys brought back', async () => {
    const { deps } = scene.services;
    scene.clock.now = today;
    const account = await closed(31);
    scene.clock.now = dayAfter;
    let again = 0;
    const kept = { ...deps.dataKeys, destroy: async () => undefined };
    await eraseAccount({ ...deps, dataKeys: kept }, account, system());
    await shown();
    await finishErasures(deps, () => {
      again += 1;
    });
    expect(await findKey(account)).toBeUndefined();
    expect(again).toBe(await erasedBefore(deps));
  });
});
