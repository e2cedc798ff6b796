import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  type Credentials,
  isSecondFactorDemanded,
  type Proof,
  secondFactorPolicies,
  stageOf,
} from '#domain/account/signInStage.ts';

const passkey = { credential: 'key', publicKey: 'key', counter: 0, transports: [], label: '办公室电脑' };
const app = { secret: 'secret', recoveryHashes: [] };
const own = { hash: 'hash', mustChange: false };

const credentials = fc
  .record({ mustChange: fc.boolean(), app: fc.boolean(), passkeys: fc.nat({ max: 2 }) })
  .map(({ mustChange, app: withApp, passkeys }): Credentials => {
    return {
      password: { hash: 'hash', mustChange },
      ...(withApp && { totp: app }),
      passkeys: Array.from({ length: passkeys }, () => passkey),
    };
  });
const role = fc.constantFrom('admin', 'operator');
const policy = fc.constantFrom(...secondFactorPolicies);
const proofs = fc.uniqueArray(fc.constantFrom<Proof>('password', 'totp', 'recoveryCode', 'passkey'), { minLength: 1 });

describe('what a session still lacks', () => {
  test.each([
    ['an operator by password', ['password'], { role: 'operator', passkeys: [] }, 'admins', 'full'],
    ['an admin by password', ['password'], { role: 'admin', passkeys: [] }, 'admins', 'enrolment'],
    ['an admin in the demo', ['password'], { role: 'admin', passkeys: [] }, 'nobody', 'full'],
    ['who has the app', ['password'], { role: 'operator', totp: app, passkeys: [] }, 'nobody', 'secondFactor'],
    ['who typed its code', ['password', 'totp'], { role: 'admin', totp: app, passkeys: [] }, 'everyone', 'full'],
    ['by recovery code', ['password', 'recoveryCode'], { role: 'admin', totp: app, passkeys: [] }, 'admins', 'full'],
    ['by passkey', ['passkey'], { role: 'admin', totp: app, passkeys: [passkey] }, 'everyone', 'full'],
    [
      'an admin with a passkey, by password',
      ['password'],
      { role: 'admin', passkeys: [passkey] },
      'admins',
      'secondFactor',
    ],
    [
      'an operator with a passkey, by password',
      ['password'],
      { role: 'operator', passkeys: [passkey] },
      'admins',
      'full',
    ],
  ] as const)('%s: %s', (_, proved, made, demanded, stage) => {
    expect(stageOf(proved, { password: own, ...made }, demanded)).toBe(stage);
  });

  property.prop([proofs, credentials, role, policy])(
    'is never nothing without a second factor that is demanded',
    (...given) => {
      const [proved, made, who, demanded] = given;
      if (stageOf(proved, { ...made, role: who }, demanded) !== 'full') return;
      const strong = proved.some((proof) => proof !== 'password');
      const has = made.totp !== undefined || made.passkeys.length > 0;
      expect(made.password?.mustChange).toBe(false);
      if (isSecondFactorDemanded(who, demanded)) expect(strong && has).toBe(true);
      if (made.totp !== undefined) expect(strong).toBe(true);
    },
  );

  property.prop([proofs, credentials, role, policy, fc.constantFrom<Proof>('totp', 'passkey')])(
    'is not more for one more proof',
    (proved, made, who, demanded, more) => {
      const order = ['secondFactor', 'newPassword', 'enrolment', 'full'];
      const before = stageOf(proved, { ...made, role: who }, demanded);
      const after = stageOf([...proved, more], { ...made, role: who }, demanded);
      expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
    },
  );
});
