import { fc, test as property } from '@fast-check/vitest';
import { HOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessRecords } from '#application/access.ts';
import type { TransientStore } from '#application/ports.ts';
import { endSessions } from '#application/reactions/endSessions.ts';
import { signInGate } from '#application/signInGate.ts';
import { signInProofs } from '#application/signInProofs.ts';
import { signInSessions } from '#application/signInSessions.ts';
import type { AnyEvent } from '#projections/projection.ts';
import { type AccountScene, admin, someone, startAccounts } from '../support/accountScene.ts';
import { accessesOf } from '../support/looks.ts';

const stepMs = 30_000;
let scene: AccountScene;
let secrets = 0;

beforeAll(async () => {
  scene = await startAccounts();
});
afterAll(() => scene.stop());

const newSecret = () => {
  secrets += 1;
  return new Secret({ buffer: new Uint8Array(20).fill(secrets % 256).buffer }).base32;
};

/** Removes so many things, then dies. */
const failingAfter = (times: number, store: TransientStore): TransientStore['remove'] => {
  let left = times;
  return async (...what) => {
    left -= 1;
    if (left < 0) throw new Error('killed');
    return store.remove(...what);
  };
};

describe('a code of the app', () => {
  property.prop(
    [
      fc.array(fc.record({ wait: fc.integer({ min: 0, max: 70_000 }), off: fc.integer({ min: -2, max: 2 }) }), {
        maxLength: 25,
      }),
    ],
    { numRuns: 30 },
  )('is taken once at most, whenever it is typed and typed again', async (typed) => {
    const proofs = signInProofs(scene.services.deps);
    const secret = newSecret();
    const account = `account-${secrets}`;
    const taken: string[] = [];
    for (const { wait, off } of typed) {
      scene.clock.now += wait;
      const step = Math.floor(scene.clock.now / stepMs) + off;
      const code = HOTP.generate({ secret: Secret.fromBase32(secret), counter: step });
      if (await proofs.totp(account, secret, code)) taken.push(`${step}`);
    }
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('is taken once of many at the same moment', async () => {
    const proofs = signInProofs(scene.services.deps);
    const secret = newSecret();
    const step = Math.floor(scene.clock.now / stepMs);
    const code = HOTP.generate({ secret: Secret.fromBase32(secret), counter: step });
    const all = await Promise.all(Array.from({ length: 20 }, () => proofs.totp('someone', secret, code)));
    expect(all.filter(Boolean)).toHaveLength(1);
  });
});

describe('a challenge for passkeys', () => {
  test('is answered once, for its purpose, within five minutes', async () => {
    const proofs = signInProofs(scene.services.deps);
    const [one, two, three] = [
      await proofs.challenge('signIn'),
      await proofs.challenge('czy'),
      await proofs.challenge('signIn'),
    ];
    expect(await proofs.answered(one, 'czy')).toBe(false);
    expect(await proofs.answered(one, 'signIn')).toBe(true);
    expect(await proofs.answered(one, 'signIn')).toBe(false);
    expect(await proofs.answered(two, 'signIn')).toBe(false);
    expect(await proofs.answered('made up', 'signIn')).toBe(false);
    scene.clock.now += 5 * 60_000 + 1;
    expect(await proofs.answered(three, 'signIn')).toBe(false);
  });
});

describe('the gate', () => {
  const tries = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 600_000 }), network: fc.constantFrom('a', 'b'), known: fc.boolean() }),
    { maxLength: 60 },
  );

  property.prop([tries], { numRuns: 20 })(
    'never keeps anyone out for longer than a quarter of an hour',
    async (all) => {
      const gate = signInGate(scene.services.deps);
      secrets += 1;
      const account = `guessed-${secrets}`;
      for (const { wait, network, known } of all) {
        scene.clock.now += wait;
        await gate.enter('password', account, { network, device: known ? 'device' : undefined });
      }
      scene.clock.now += 15 * 60_000;
      for (const tryer of [{ network: 'a' }, { network: 'b' }, { network: 'c', device: 'device' }]) {
        expect((await gate.enter('password', account, tryer)).outcome).toBe('open');
        scene.clock.now += 20_000;
      }
    },
  );
});

describe('codes guessed for a password that is known', () => {
  test('are some hundred a day at most, from however many places, while the person’s own computer stays open', async () => {
    const gate = signInGate(scene.services.deps);
    const account = 'known-password';
    let tried = 0;
    for (let n = 0; n < 24 * 60; n += 1) {
      scene.clock.now += 60_000;
      const entered = await gate.enter('code', account, { network: `network ${n}` });
      if (entered.outcome === 'open') tried += 1;
      else expect(entered.minutes).toBeLessThanOrEqual(15);
    }
    expect(tried).toBeLessThanOrEqual(120);
    expect(await gate.enter('code', account, { network: 'x', device: 'known' })).toEqual({ outcome: 'open' });
  });
});

describe('a program that signs in anew each time', () => {
  test('is not slowed by its own right tries', async () => {
    const gate = signInGate(scene.services.deps);
    const tryer = { network: 'a', device: undefined };
    for (let n = 0; n < 100; n += 1) {
      expect((await gate.enter('password', 'program', tryer)).outcome).toBe('open');
      await gate.forget('password', 'program', tryer);
    }
  });
});

describe('the sessions of an account', () => {
  test('are twenty at most: one more ends the one that was used least recently', async () => {
    const account = await scene.registered(admin('520111004'), someone('520111004', 901), true);
    const sessions = signInSessions(scene.services.deps);
    const start = async () => {
      scene.clock.now += 1000;
      const where = { network: '192.0.0.0/16', agent: 'Chrome' };
      return (await sessions.start({ account, client: 'browser', proofs: ['password'], stage: 'full', where })).token;
    };
    const tokens: string[] = [];
    for (let n = 0; n < 20; n += 1) tokens.push(await start());
    scene.clock.now += 61_000;
    await sessions.open(tokens[0] ?? '', 'browser');
    tokens.push(await start());
    const open = await Promise.all(tokens.map((token) => sessions.open(token, 'browser')));
    expect(open.map((one) => one !== undefined)).toEqual(tokens.map((_, n) => n !== 1));
    expect(await sessions.list(account)).toHaveLength(20);
  });

  test('are opened by the whole token alone', async () => {
    const account = await scene.registered(admin('520111004'), someone('520111004', 902), true);
    const sessions = signInSessions(scene.services.deps);
    const where = { network: '192.0.0.0/16', agent: 'Chrome' };
    const { token } = await sessions.start({ account, client: 'browser', proofs: ['password'], stage: 'full', where });
    const [slot = '', secret = ''] = token.split(/\.(?=[^.]*$)/);
    expect((await sessions.open(token, 'browser'))?.account).toBe(account);
    for (const other of [
      '',
      slot,
      secret,
      `${slot}.${secret.slice(1)}A`,
      `${slot.slice(0, -1)}9.${secret}`,
      `${slot}.${'A'.repeat(43)}`,
    ]) {
      expect(await sessions.open(other, 'browser')).toBeUndefined();
    }
    const kept = JSON.stringify(await scene.services.deps.transientStore.get('session', slot, scene.clock.now));
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain('192.0');
  });

  test('end with a record of each, also where whoever ends them dies in the middle and begins again', async () => {
    const { deps } = scene.services;
    const account = await scene.registered(admin('520111004'), someone('520111004', 903), true);
    const sessions = signInSessions(deps);
    const where = { network: '192.0.0.0/16', agent: 'Chrome' };
    const start = () => sessions.start({ account, client: 'browser', proofs: ['password'], stage: 'full', where });
    const started = [(await start()).session, (await start()).session];
    const dying = { ...deps, transientStore: { ...deps.transientStore, remove: failingAfter(1, deps.transientStore) } };
    const event = {
      ...{ stream: `account-${account}`, type: 'AccountDisabled', id: deps.ids(), data: {}, revision: 9, position: 9 },
      meta: {
        at: new Date(scene.clock.now).toISOString(),
        actor: { kind: 'staff', account: 'gly', office: '520111004' },
      },
    } as unknown as AnyEvent;
    const { accesses } = await accessesOf(scene, 'SessionRevoked', async () => {
      await expect(endSessions(dying, accessRecords(deps)).on['AccountDisabled']?.(event)).rejects.toThrow('killed');
      await endSessions(deps, accessRecords(deps)).on['AccountDisabled']?.(event);
    });
    expect(accesses.map(({ data }) => (data as { session: string }).session).toSorted()).toEqual(started.toSorted());
    expect(await sessions.list(account)).toEqual([]);
  });
});
