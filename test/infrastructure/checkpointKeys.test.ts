import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteOf, parseNote } from '#application/log/checkpoint.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { loadKeys, loadLogKeys } from '#infrastructure/sealing/keys.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = (...path: string[]) => join(directory, 'keys', ...path);
const checkpoint = { origin: 'registration.test/log', size: 7, root: Buffer.alloc(32, 1).toString('base64') };
const opened = () => checkpointKeys(loadLogKeys(directory));

describe('the key of checkpoints', () => {
  it('is made on the first start, readable by its owner alone, and stays', () => {
    const signed = opened().sign(checkpoint);
    expect(statSync(file('log.jwk')).mode & 0o777).toBe(0o600);
    expect(opened().verify(signed)).toBe(true);
    expect(opened().published(checkpoint.origin)).toHaveLength(1);
  });

  it('verifies nothing else than it signed, under no other name', () => {
    const keys = opened();
    const signed = keys.sign(checkpoint);
    expect(keys.verify({ ...signed, size: 8 })).toBe(false);
    expect(keys.verify({ ...signed, root: Buffer.alloc(32, 2).toString('base64') })).toBe(false);
    expect(keys.verify({ ...signed, origin: 'elsewhere.test/log' })).toBe(false);
    expect(keys.verify({ ...signed, signature: '' })).toBe(false);
    expect(keys.verify({ ...signed, signature: 'no base64 at all' })).toBe(false);
  });

  it('still verifies once it is retired, and then is no key of certificates', () => {
    const signed = opened().sign(checkpoint);
    const { kty, crv, x } = JSON.parse(readFileSync(file('log.jwk'), 'utf8')) as Record<string, string>;
    writeFileSync(file('retired', 'log-2026-11-24.jwk'), JSON.stringify({ kty, crv, x }));
    rmSync(file('log.jwk'));
    const successor = opened();
    expect(successor.verify(signed)).toBe(true);
    expect(successor.sign(checkpoint).signature).not.toBe(signed.signature);
    expect(successor.published(checkpoint.origin)).toHaveLength(2);
    expect(loadKeys(directory).retired).toEqual([]);
    copyFileSync(file('certificate.jwk'), file('retired', 'certificate-2026.jwk'));
    expect(loadKeys(directory).retired).toHaveLength(1);
    expect(loadLogKeys(directory).retired).toHaveLength(1);
  });

  it('is refused by name where the file is none', () => {
    loadLogKeys(directory);
    writeFileSync(file('log.jwk'), '{}');
    expect(() => loadLogKeys(directory)).toThrow(/log\.jwk is not an Ed25519 key/);
  });
});

describe('a note', () => {
  it('is read as it was written, with Windows line ends and others’ signatures too', () => {
    const signed = opened().sign(checkpoint);
    expect(parseNote(noteOf(signed))).toEqual(signed);
    expect(parseNote(noteOf(signed).replaceAll('\n', '\r\n'))).toEqual(signed);
    const witnessed = noteOf(signed).replace('\n\n', '\n\n— witness.test AAAA\n');
    expect(parseNote(witnessed)).toEqual(signed);
  });

  it.each([
    '',
    'text',
    'a\n1\nb\n\n— a c\n',
    `a\n01\n${checkpoint.root}\n\n— a AAAA\n`,
    `a\n1\n${checkpoint.root}\n\n— b AAAA\n`,
  ])('is none where it is %j', (text) => {
    expect(parseNote(text)).toBeUndefined();
  });
});
