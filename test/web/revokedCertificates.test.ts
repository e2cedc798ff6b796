import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { namesDigest } from '#application/certificateCodes.ts';
import { revokedPayload, type Voided } from '#application/revokedBytes.ts';
import { voidReasons } from '#domain/certificate/decide.ts';
import { certificateCodes } from '#infrastructure/sealing/certificateCode.ts';
import { loadKeys } from '#infrastructure/sealing/keys.ts';
import { putVoided, readRevoked, revokedReason } from '../support/revokedLists.ts';
import { openSites } from '../support/sites.ts';

const directory = mkdtempSync(join(tmpdir(), 'revoked-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const codes = await certificateCodes(loadKeys(directory));
const jwks = codes.jwks();

const times = { issuedAt: '2026-11-24T02:00:00.000Z', nextUpdate: '2026-11-25T02:00:00.000Z', warnAfterDays: 7 };
const listOf = (voided: readonly Voided[], different = {}) =>
  codes.signList(revokedPayload(voided, { ...times, ...different }));

const numbers = fc.oneof(
  fc.nat(999_999_999).map((serial) => `GZ5201112026${String(serial).padStart(9, '0')}3`),
  fc.nat(99_999_999).map((serial) => `GZ1-2026-${String(serial).padStart(8, '0')}`),
);
const number = 'GZ52011120260000123453';
const replaced = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

describe('the list of revoked certificates', () => {
  test.prop([
    fc.uniqueArray(fc.tuple(numbers, fc.constantFrom(...voidReasons)), { selector: ([one]) => one, maxLength: 60 }),
    fc.array(numbers, { maxLength: 30 }),
  ])('tells of each number in it the reason, and of no other that it is in it', async (pairs, others) => {
    const voided = pairs.map(([one, reason]) => ({ number: one, reason }));
    const found = await readRevoked(await listOf(voided), jwks);
    if (!found.trusted) throw new Error(found.reason);
    expect(found.list).toMatchObject({ ...times, count: voided.length });
    for (const one of voided) expect(await revokedReason(found.list, one.number)).toBe(one.reason);
    const known = new Set(voided.map((one) => one.number));
    for (const other of others.filter((one) => !known.has(one))) {
      expect(await revokedReason(found.list, other)).toBeUndefined();
    }
  });

  test.prop([fc.uniqueArray(numbers, { maxLength: 30 }), fc.infiniteStream(fc.nat())])(
    'is the same bytes in whatever order it is made, and holds no number',
    (all, chance) => {
      const voided = all.map((one) => ({ number: one, reason: 'revoked' as const }));
      const shuffled = voided.map((one) => [Number(chance.next().value), one] as const).sort(([a], [b]) => a - b);
      const bytes = Buffer.from(revokedPayload(voided, times));
      expect(
        bytes.equals(
          revokedPayload(
            shuffled.map(([, one]) => one),
            times,
          ),
        ),
      ).toBe(true);
      for (const one of all) expect(bytes.includes(one)).toBe(false);
    },
  );

  it('takes 8.2 bytes for each of 100 000 numbers', () => {
    const voided = Array.from({ length: 100_000 }, (_, n) => ({ number: `GZ1-2026-${n}`, reason: 'lost' as const }));
    expect(revokedPayload(voided, times).length / voided.length).toBeLessThan(8.25);
  });

  it('is not taken once a character of it differs', async () => {
    const token = await listOf([{ number, reason: 'revoked' }]);
    const found = await Promise.all([...token].map((_, at) => readRevoked(replaced(token, at), jwks)));
    expect(found.filter(({ trusted }) => trusted)).toEqual([]);
  });

  it('is not taken from another key, nor a code for a list, nor a list for a code', async () => {
    const signing = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const others = await certificateCodes({ ...loadKeys(directory), signing, retired: [] });
    const payload = revokedPayload([], times);
    expect(await readRevoked(await others.signList(payload), jwks)).toEqual({ trusted: false, reason: 'unknownKey' });
    const code = await codes.sign({ n: number, p: 1, o: '520111001', d: '2026-11-24', h: 'x' });
    expect(await readRevoked(code, jwks)).toEqual({ trusted: false, reason: 'malformed' });
    expect(await codes.verify(await codes.signList(payload))).toEqual({ outcome: 'forged' });
  });

  it('is not taken where a later one was seen', async () => {
    const token = await listOf([]);
    expect(await readRevoked(token, jwks, '2026-11-24T02:15:00.000Z')).toEqual({
      trusted: false,
      reason: 'rolledBack',
    });
    expect((await readRevoked(token, jwks, times.issuedAt)).trusted).toBe(true);
  });

  it.each([
    ['cut off', (payload: Uint8Array) => payload.subarray(0, -1)],
    ['followed by more', (payload: Uint8Array) => Buffer.concat([payload, Buffer.of(1)])],
    [
      'of another version',
      (payload: Uint8Array) =>
        Buffer.from(Buffer.from(payload).toString('latin1').replace('"version":1', '"version":2'), 'latin1'),
    ],
    [
      'of a day that is none',
      (payload: Uint8Array) =>
        Buffer.from(Buffer.from(payload).toString('latin1').replace('2026-11-24T02', '2026-13-24T02'), 'latin1'),
    ],
  ])('is not taken %s, even where it is signed', async (_, harm) => {
    const payload = revokedPayload([{ number, reason: 'lost' }], times);
    expect(await readRevoked(await codes.signList(harm(payload)), jwks)).toEqual({
      trusted: false,
      reason: 'malformed',
    });
  });
});

describe('the script with a list', () => {
  const run = (...words: string[]): Promise<{ exit: number; text: string }> =>
    new Promise((resolve) => {
      const program = fileURLToPath(new URL('../../web/assets/verify-certificate.mjs', import.meta.url));
      const child = execFile(process.execPath, [program, ...words], { cwd: directory, env: {} }, (_, stdout, stderr) =>
        resolve({ exit: child.exitCode ?? -1, text: stdout + stderr }),
      );
    });

  it('tells what is void, what is not in it, and refuses one that is not signed', async () => {
    const h = namesDigest(number, '王芳', '张伟');
    const code = await codes.sign({ n: number, p: 2, o: '520111001', d: '2026-11-24', h });
    writeFileSync(join(directory, 'jwks.json'), JSON.stringify(jwks));
    writeFileSync(join(directory, 'void.jws'), await listOf([{ number, reason: 'superseded' }]));
    writeFileSync(join(directory, 'none.jws'), await listOf([]));
    writeFileSync(join(directory, 'bad.jws'), replaced(await listOf([]), 200));
    const [gone, holds, bad] = await Promise.all(
      ['void.jws', 'none.jws', 'bad.jws'].map((file) => run(code, 'jwks.json', '--revoked', file)),
    );
    expect(gone?.text).toMatch(/^✘ 已作废/);
    expect(gone?.text).toContain('已换发，请出示新证');
    expect(holds?.text).toContain(`不在其中 not in it（0，截至 as of ${times.issuedAt}）`);
    expect([gone, holds, bad].map((one) => one?.exit)).toEqual([5, 0, 3]);
  });
});

const { app, sites } = await openSites();
const urls = ['/.well-known/revoked-certificates', '/api/v1/revoked-certificates'];
const get = (url: string, headers = {}) => sites.publicSite.inject({ url, headers });

describe('the address of the list', () => {
  it('answers both ways with what is void now, as of the quarter of the hour', async () => {
    await putVoided(app.services, [
      { number, reason: 'superseded' },
      { number: 'GZ1-2026-00000007', reason: 'lost' },
    ]);
    app.clock.now = Date.parse('2026-11-24T03:07:00Z');
    const [one, other] = await Promise.all(urls.map((url) => get(url)));
    expect(one?.body).toBe(other?.body);
    expect(one?.headers).toMatchObject({ 'content-type': 'application/jose', 'cache-control': 'public, max-age=300' });
    const keys = (await get('/.well-known/jwks.json')).json() as object;
    const found = await readRevoked(one?.body ?? '', keys);
    if (!found.trusted) throw new Error(found.reason);
    const { list } = found;
    expect(list).toMatchObject({
      issuedAt: '2026-11-24T03:00:00.000Z',
      nextUpdate: '2026-11-25T03:00:00.000Z',
      count: 2,
    });
    expect(await revokedReason(list, number)).toBe('superseded');
    expect(await revokedReason(list, 'GZ1-2026-00000007')).toBe('lost');
  });

  it('sends it only to those who have another, and makes it anew once the log went on or time did', async () => {
    const etagAt = async (at: string, headers = {}) => {
      app.clock.now = Date.parse(at);
      const { statusCode, headers: sent } = await get(urls[0] ?? '', headers);
      return { statusCode, etag: String(sent['etag']) };
    };
    const { etag } = await etagAt('2026-11-24T03:08:00Z');
    expect(await etagAt('2026-11-24T03:09:00Z', { 'if-none-match': `W/${etag}` })).toEqual({ statusCode: 304, etag });
    await putVoided(app.services, [{ number: 'GZ2-2026-00000009', reason: 'spoilt' }]);
    const later = await etagAt('2026-11-24T03:10:00Z', { 'if-none-match': etag });
    expect(later.statusCode).toBe(200);
    expect((await etagAt('2026-11-24T03:16:00Z')).etag).not.toBe(later.etag);
  });
});
