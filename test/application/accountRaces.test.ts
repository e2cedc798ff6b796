import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleCommand } from '#application/handleCommand.ts';
import type { NewAccount } from '#application/registerAccount.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { type AccountScene, admin, personNumbered, someone, startAccounts } from '../support/accountScene.ts';

let scene: AccountScene;
beforeAll(async () => {
  scene = await startAccounts('2026-11-24T02:00:00Z');
});
afterAll(() => scene.stop());

const accounts = () => scene.services.accounts;
const eventsOf = async (account: string) =>
  (await scene.stores.eventStore.readStream(`account-${account}`)).map(({ type }) => type.replace(/\.v\d+$/, ''));
/** Live accounts of a person, as the view finds them. */
const liveOf = async (number: number) => {
  const { deps } = scene.services;
  await deps.awaitViews(['account'], await scene.stores.eventStore.lastPosition());
  const found = await accounts().search(admin('52'), personNumbered(number).idNumber);
  return found.filter(({ standing }) => standing !== 'closed').map(({ row }) => row.id);
};

/** Does something right before the first append to a stream of accounts, once. */
const rightBefore = async <R>(
  meanwhile: () => Promise<unknown>,
  act: () => Promise<R>,
  stream = 'account-',
): Promise<R> => {
  const { deps } = scene.services;
  const store = deps.eventStore;
  let waiting = true;
  const append: typeof store.append = async (name, ...rest) => {
    if (waiting && name.startsWith(stream)) {
      waiting = false;
      await meanwhile();
    }
    return store.append(name, ...rest);
  };
  deps.eventStore = { ...store, append };
  try {
    return await act();
  } finally {
    deps.eventStore = store;
  }
};

describe('registering over an account that there is', () => {
  const stranger = admin('520111');
  const more: Pick<NewAccount, 'grants' | 'passwordHash'> = {
    grants: [{ authorisation: 'readAuditTrail' }, { authorisation: 'register' }],
    passwordHash: 'hash',
  };

  test('adds nothing to that of a stranger, whatever its standing', async () => {
    const by = admin('520103');
    const grants = [{ authorisation: 'readAuditTrail', until: '2026-11-25' }] as const;
    const victim = await scene.registered(by, someone('520103', 1, { grants }), true);
    const disabled = await scene.registered(by, someone('520103', 2));
    await accounts().disable(disabled, scene.act(by), '借调');
    const before = await scene.stores.eventStore.lastPosition();
    for (const [account, number] of [
      [victim, 1],
      [disabled, 2],
    ] as const) {
      const over = someone('520111', number, { account, ...more });
      expect(await accounts().register(scene.act(stranger), over)).toMatchObject({ outcome: 'held', office: '520103' });
    }
    expect(await scene.stores.eventStore.lastPosition()).toBe(before);
  });

  property.prop([fc.constantFrom('520111', '520111004'), fc.constantFrom('operator', 'admin'), fc.boolean()], {
    numRuns: 12,
  })('adds nothing in the same place either, named or not', async (office, role, named) => {
    const by = role === 'admin' && office === '520111' ? admin('5201') : admin(office === '520111' ? office : '520111');
    const first = await accounts().register(scene.act(by), someone(office, 10, { role }));
    const at = await scene.stores.eventStore.lastPosition();
    const account = first.outcome === 'registered' && named ? { account: first.account } : {};
    const again = await accounts().register(scene.act(by), someone(office, 10, { role, ...account, ...more }));
    expect(again.outcome).toBe(first.outcome);
    expect(await scene.stores.eventStore.lastPosition()).toBe(at);
  });

  test('while its name alone is reserved, gives the person the other office’s own, and one account', async () => {
    const [here, there] = [admin('520103'), admin('520111')];
    const inner = someone('520111', 20, { grants: [{ authorisation: 'review' }] });
    const outer = someone('520103', 20, { grants: [{ authorisation: 'register' }] });
    const ended: unknown[] = [];
    const late = await rightBefore(
      async () => ended.push(await accounts().register(scene.act(there), inner)),
      () => accounts().register(scene.act(here), outer),
    );
    expect(ended).toMatchObject([{ outcome: 'registered', account: expect.stringMatching(/^czy-520111(-\d+)?$/) }]);
    expect(late).toMatchObject({ outcome: 'held', office: '520111' });
    const [account = ''] = await liveOf(20);
    expect(await liveOf(20)).toEqual([account]);
    expect((await scene.staff.account(account))?.grants).toEqual([{ authorisation: 'review' }]);
  });
});

describe('another ID number', () => {
  test('that is being registered elsewhere at that moment is one account’s', async () => {
    const [here, there] = [admin('520103'), admin('520111')];
    const account = await scene.registered(here, someone('520103', 30));
    const ended: unknown[] = [];
    const changed = await rightBefore(
      async () => ended.push(await accounts().register(scene.act(there), someone('520111', 31))),
      () => accounts().change(account, scene.act(here), personNumbered(31)),
    );
    expect(ended).toEqual([{ outcome: 'held', office: '520103', role: 'operator' }]);
    expect(changed.outcome).toBe('done');
    expect(await liveOf(31)).toEqual([account]);
  });

  test('is theirs too where something else happened to the account meanwhile', async () => {
    const [here, there] = [admin('520103'), admin('520111')];
    const account = await scene.registered(here, someone('520103', 32));
    const changed = await rightBefore(
      async () => {
        await accounts().checkIdentity(account, scene.act(here));
        await accounts().register(scene.act(there), someone('520111', 33));
      },
      () => accounts().change(account, scene.act(here), personNumbered(33)),
      `account-${account}`,
    );
    expect(changed).toMatchObject({ outcome: 'held', office: '520111' });
    expect(await liveOf(33)).toHaveLength(1);
  });

  test('of someone who changed it away and back is still theirs', async () => {
    const [here, there] = [admin('520103'), admin('520111')];
    const account = await scene.registered(here, someone('520103', 34));
    await accounts().change(account, scene.act(here), personNumbered(35));
    const ended: unknown[] = [];
    await rightBefore(
      async () => ended.push(await accounts().register(scene.act(there), someone('520111', 34))),
      () => accounts().change(account, scene.act(here), personNumbered(34)),
    );
    expect(ended).toEqual([{ outcome: 'held', office: '520103', role: 'operator' }]);
    expect(await liveOf(34)).toEqual([account]);
  });
});

describe('the register of ID numbers', () => {
  test('answers for the name that it was asked about, and for no other', async () => {
    const by = admin('520103');
    const account = await scene.registered(by, someone('520103', 40));
    const { deps } = scene.services;
    const { identity } = deps;
    deps.identity = {
      ...identity,
      check: async (asked) => {
        await accounts().change(account, scene.act(by), { ...personNumbered(40), name: '李四' });
        return identity.check(asked);
      },
    };
    const checked = await accounts().checkIdentity(account, scene.act(by));
    deps.identity = identity;
    expect(checked).toEqual({ outcome: 'rejected', rejection: { type: 'changedMeanwhile' } });
    expect(await accounts().confirmIdentity(account, scene.act(by), 'document')).toMatchObject({
      rejection: { type: 'unchecked' },
    });
  });
});

describe('a lost factor', () => {
  test('takes away every passkey, also one that came in that moment', async () => {
    const by = admin('520103');
    const account = await scene.registered(by, someone('520103', 50), true);
    const actor = { kind: 'staff', account, office: '520103' } as const;
    const passkey = { credential: 'thief', publicKey: 'key', counter: 0, transports: [], label: '手机' };
    const { deps } = scene.services;
    await rightBefore(
      () =>
        handleCommand(
          deps,
          accountDecider,
          account,
          { type: 'AddPasskey', ...passkey },
          { commandId: deps.ids(), actor },
        ),
      () => accounts().resetPassword(account, scene.act(by), true),
    );
    expect((await scene.staff.account(account))?.passkeys).toEqual([]);
    expect((await eventsOf(account)).slice(-3)).toEqual(['PasskeyAdded', 'PasswordIssued', 'PasskeyRemoved']);
  });
});
