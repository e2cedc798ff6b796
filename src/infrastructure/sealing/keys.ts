import {
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  type webcrypto,
} from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The platform's keys: what wraps data keys, what look-ups are hashed with, what certificates are signed with. */
export type Keys = {
  master: KeyObject;
  lookup: KeyObject;
  signing: webcrypto.JsonWebKey;
  /** Public keys of signing keys no longer in use: their certificates still verify. */
  retired: readonly webcrypto.JsonWebKey[];
};

/** A key file cannot be used; the message names it and says what to do. */
export class KeyFileError extends Error {
  override name = 'KeyFileError';
}

/** Writes a new key file whole or not at all; of two processes that start at once one makes it, both read it. */
const ensure = (file: string, make: () => string | Buffer): Buffer => {
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, make(), { mode: 0o600, flush: true });
    try {
      linkSync(draft, file);
    } catch (fault) {
      if ((fault as { code?: string }).code !== 'EEXIST') throw fault;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return readFileSync(file);
};

/** Bytes of a secret key (AES-256, HMAC-SHA-256). */
export const keyLength = 32;

/** The master key that a rotation brings in, as long as it has not ended. */
export const nextMasterFile = 'master.next.key';

/** A secret key from its file, made where there is none. Throws `KeyFileError`. */
export const secretKey = (file: string): KeyObject => {
  const bytes = ensure(file, () => randomBytes(keyLength));
  if (bytes.length !== keyLength) {
    throw new KeyFileError(
      `${file} must hold exactly ${keyLength} bytes but holds ${bytes.length}; restore it from your backup.`,
    );
  }
  return createSecretKey(bytes);
};

const jwk = (file: string, text: Buffer): webcrypto.JsonWebKey => {
  try {
    const parsed = JSON.parse(text.toString('utf8')) as webcrypto.JsonWebKey;
    if (parsed.kty === 'OKP' && parsed.crv === 'Ed25519' && typeof parsed.x === 'string') return parsed;
  } catch {
    // Told below, with the file's name.
  }
  throw new KeyFileError(`${file} is not an Ed25519 key in JWK form; restore it from your backup.`);
};

const newSigningKey = () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));

/** Whether a data directory has the keys that its platform was begun with. */
export const hasKeys = (directory: string): boolean =>
  ['master.key', 'lookup.key', 'certificate.jwk'].every((file) => existsSync(join(directory, 'keys', file)));

const folderOf = (directory: string): string => {
  const folder = join(directory, 'keys');
  mkdirSync(join(folder, 'retired'), { recursive: true, mode: 0o700 });
  return folder;
};

const signingKey = (file: string): webcrypto.JsonWebKey => jwk(file, ensure(file, newSigningKey));

/** The retired keys whose files have such a name. */
const retiredIn = (folder: string, named: (file: string) => boolean): readonly webcrypto.JsonWebKey[] =>
  readdirSync(join(folder, 'retired'))
    .filter((file) => file.endsWith('.jwk') && named(file))
    .toSorted()
    .map((file) => jwk(file, readFileSync(join(folder, 'retired', file))));

const ofLog = (file: string): boolean => file.startsWith('log');

const requireNoRotation = (folder: string): void => {
  if (!existsSync(join(folder, nextMasterFile))) return;
  throw new KeyFileError(
    `更换主密钥没有完成：请先再运行一次 npm run rotate-master-key（${join(folder, nextMasterFile)}）。\n` +
      'A rotation of the master key has not ended: run npm run rotate-master-key again, which goes on where it stopped.',
  );
};

/** Reads the keys of a data directory, making on the first start what is missing. Throws `KeyFileError`. */
export const loadKeys = (directory: string): Keys => {
  const folder = folderOf(directory);
  requireNoRotation(folder);
  return {
    master: secretKey(join(folder, 'master.key')),
    lookup: secretKey(join(folder, 'lookup.key')),
    signing: signingKey(join(folder, 'certificate.jwk')),
    retired: retiredIn(folder, (file) => !ofLog(file)),
  };
};

/** Keys of checkpoints: the one that signs, and public ones no longer in use (`keys/retired/log-….jwk`). */
export type LogKeys = { signing: webcrypto.JsonWebKey; retired: readonly webcrypto.JsonWebKey[] };

/** Reads the keys of checkpoints (`keys/log.jwk`), making the signing key where there is none. Throws `KeyFileError`. */
export const loadLogKeys = (directory: string): LogKeys => {
  const folder = folderOf(directory);
  return { signing: signingKey(join(folder, 'log.jwk')), retired: retiredIn(folder, ofLog) };
};

/** An own key for one purpose (HKDF-SHA-256). */
export const deriveKey = (key: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', key, '', purpose, 32)));
