import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesDigest } from '#application/certificateCodes.ts';
import { certificateCodes } from '#infrastructure/sealing/certificateCode.ts';
import { loadKeys } from '#infrastructure/sealing/keys.ts';

type Claims = { number: string; parity: number; office: string; issuedOn: string; namesDigest: string };
type Verifier = {
  codeIn: (text: string) => string | undefined;
  verifyCode: (code: string, jwks: object) => Promise<{ genuine: boolean; reason?: string; claims?: Claims }>;
  namesMatch: (claims: Partial<Claims>, wife: string, husband: string) => Promise<boolean>;
};

const script = new URL('../../web/assets/verify-certificate.mjs', import.meta.url);
const { codeIn, verifyCode, namesMatch } = (await import(script.href)) as Verifier;

const number = 'GZ52011120260000123453';
const claims = { n: number, p: 2, o: '520111001', d: '2026-11-24', h: namesDigest(number, '王芳', '张伟') };

const directory = mkdtempSync(join(tmpdir(), 'verify-'));
const jwksFile = join(directory, 'jwks.json');
const codes = await certificateCodes(loadKeys(directory));
const token = await codes.sign(claims);

beforeAll(() => writeFileSync(jwksFile, JSON.stringify(codes.jwks())));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the script as its users do: alone, in a folder of its own, told nothing but its arguments. */
const run = (...words: string[]): Promise<{ exit: number; text: string }> =>
  new Promise((resolve) => {
    const options = { cwd: directory, env: {} };
    const child = execFile(process.execPath, [fileURLToPath(script), ...words], options, (_, stdout, stderr) =>
      resolve({ exit: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });

const replaced = (text: string, at: number) => {
  const other = text[at] === 'A' ? 'B' : 'A';
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
};

describe('the offline verifier', () => {
  it('given a code and the keys, when run, then it tells what was signed', async () => {
    const { exit, text } = await run(token, 'jwks.json');
    expect(exit).toBe(0);
    for (const told of ['真实 GENUINE', number, '520111001', '2026-11-24']) expect(text).toContain(told);
  });

  it('given the address of the QR code and the right names, when run, then both fit', async () => {
    const address = `https://registration.test/verify/${token}`;
    const { exit, text } = await run(address, 'jwks.json', '--wife', ' 王 芳', '--husband', '张伟');
    expect(text).toContain('相符 match');
    expect(exit).toBe(0);
  });

  it('given other names, when run, then it says that they do not fit', async () => {
    const { exit, text } = await run(token, 'jwks.json', '--wife', '张伟', '--husband', '王芳');
    expect(text).toMatch(/^✘ 姓名不符/);
    expect(text).toContain('NO MATCH');
    expect(text).not.toContain('✔');
    expect(exit).toBe(4);
  });

  it('given an altered code, when run, then it is forged', async () => {
    const { exit, text } = await run(replaced(token, token.indexOf('.') + 12), 'jwks.json');
    expect(text).toContain('伪造或被改动 FORGED OR ALTERED');
    expect(exit).toBe(1);
  });

  it.each([
    [[], 2],
    [['not a code', 'jwks.json'], 2],
    [[token, 'jwks.json', '--wife', '王芳'], 2],
    [[token, 'jwks.json', '--unknown'], 2],
    [[token, 'absent.json'], 3],
    [[token, fileURLToPath(script)], 3],
  ])('given %j, when run, then it ends with its own exit code', async (words, exit) => {
    expect((await run(...words)).exit).toBe(exit);
  });

  it('accepts no code that differs anywhere', async () => {
    const altered = [...token].map((_, at) => replaced(token, at));
    const found = await Promise.all(altered.map((code) => verifyCode(code, codes.jwks())));
    expect(found.filter(({ genuine }) => genuine)).toEqual([]);
  });

  it('accepts no code of another key, whatever that one calls itself', async () => {
    const signing = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const others = await certificateCodes({ ...loadKeys(directory), signing, retired: [] });
    const forged = await others.sign(claims);
    expect(await verifyCode(forged, codes.jwks())).toEqual({ genuine: false, reason: 'unknownKey' });
    const [, body, signature] = forged.split('.');
    const dressed = [token.split('.')[0], body, signature].join('.');
    expect(await verifyCode(dressed, codes.jwks())).toEqual({ genuine: false, reason: 'signature' });
  });

  it.each(['none', 'HS256', 'ES256'])('accepts no code that asks for %s', async (alg) => {
    const kid = (codes.jwks() as { keys: { kid: string }[] }).keys[0]?.kid;
    const header = Buffer.from(JSON.stringify({ alg, kid })).toString('base64url');
    const code = [header, ...token.split('.').slice(1)].join('.');
    expect((await verifyCode(code, codes.jwks())).genuine).toBe(false);
  });

  test.prop([fc.string()])('never fails over what is no code', async (text) => {
    expect((await verifyCode(text, codes.jwks())).genuine).toBe(false);
    expect(codeIn(`https://registration.test/verify/${token} `)).toBe(token);
  });

  const names = fc.string({ unit: fc.constantFrom(...'王芳㯊𬱖〇·・. 　\u200bAéＡ-\uFE0F') });
  test.prop([names, names])('spells names as the platform does', async (wife, husband) => {
    expect(await namesMatch({ number, namesDigest: namesDigest(number, wife, husband) }, wife, husband)).toBe(true);
  });
});
