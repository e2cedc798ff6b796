import { argon2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashOneTimePassword, hashPassword, verifyPassword } from '#infrastructure/passwords.ts';

describe('passwords', () => {
  test('are hashed with argon2id at no less than the recommended cost, each time with another salt', async () => {
    const [one, other] = await Promise.all([hashPassword('密码 secret'), hashPassword('密码 secret')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword('密码 secret', one)).toBe(true);
    expect(await verifyPassword('密码 Secret', one)).toBe(false);
    expect(await verifyPassword('', one)).toBe(false);
  });

  test('are the same however their accents were typed', async () => {
    expect(await verifyPassword('e\u0301t\u00e9', await hashPassword('\u00e9te\u0301'))).toBe(true);
  });

  test('are checked at the cost that their hash names', async () => {
    const nonce = Buffer.from('a salt of others');
    const tag = argon2Sync('argon2id', { message: 'old', nonce, parallelism: 2, tagLength: 24, memory: 64, passes: 3 });
    const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    expect(await verifyPassword('old', `$argon2id$v=19$m=64,t=3,p=2$${bare(nonce)}$${bare(tag)}`)).toBe(true);
  });

  test('that are used once are hashed lightly, each with another salt, and verified as all others', async () => {
    const [one, other] = await Promise.all([hashOneTimePassword('4F7K-9QXM'), hashOneTimePassword('4F7K-9QXM')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword('4F7K-9QXM', one)).toBe(true);
    expect(await verifyPassword('4F7K-9QXN', one)).toBe(false);
  });

  test.each([
    undefined,
    '',
    'plain',
    '$argon2i$v=19$m=64,t=3,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYWFhYWFhYWFhYWE',
    '$2b$10$abc',
  ])('never fit %j, and that is found out without a fault', async (hash) => {
    expect(await verifyPassword('', hash)).toBe(false);
    expect(await verifyPassword('x', hash)).toBe(false);
  });

  test('beyond all length are refused, not cut', async () => {
    const longest = 'x'.repeat(1024);
    expect(await verifyPassword(`${longest}y`, await hashPassword(longest))).toBe(false);
    await expect(hashPassword(`${longest}y`)).rejects.toThrow(RangeError);
  });
});
