import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What a hash costs: memory in KiB, passes over it, lanes. */
type Cost = { memory: number; passes: number; parallelism: number };
type Parsed = Cost & { salt: Buffer; tag: Buffer };

// The first of OWASP's equal choices that keeps memory low, so that a morning's signing in fits a small machine.
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
// Thousands of one-time passwords are made at once; 75 random bits need no slow hash to stay unguessable.
const lightCost: Cost = { memory: 8, passes: 1, parallelism: 1 };
const saltBytes = 16;
const tagBytes = 32;
const longestPassword = 1024;
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const derive = promisify((parameters: Argon2Parameters, done: (fault: Error | null, tag?: Buffer) => void) =>
  argon2('argon2id', parameters, done),
) as (parameters: Argon2Parameters) => Promise<Buffer>;

const tagOf = (password: string, { salt, tag, ...spent }: Parsed): Promise<Buffer> =>
  derive({ message: password.normalize('NFC'), nonce: salt, tagLength: tag.length, ...spent });

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const parse = (hash: string): Parsed | undefined => {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
};

/** Nobody's password: what a try at an absent account is measured against. */
const nobody: Parsed = { ...cost, salt: Buffer.alloc(saltBytes), tag: Buffer.alloc(tagBytes) };

const hashAt = async (password: string, spent: Cost): Promise<string> => {
  if (password.length > longestPassword)
    throw new RangeError(`密码过长 Choose a password of at most ${longestPassword} characters.`);
  const salt = randomBytes(saltBytes);
  const tag = await tagOf(password, { ...nobody, ...spent, salt });
  const { memory, passes, parallelism } = spent;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
};

/** A salted argon2id hash as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. Rejects passwords above 1024 characters. */
export const hashPassword = (password: string): Promise<string> => hashAt(password, cost);

/** The same at next to no cost, for one-time passwords of 75 and more random bits alone. */
export const hashOneTimePassword = (password: string): Promise<string> => hashAt(password, lightCost);

/**
 * Whether a password is the one behind a hash. No hash (an absent account), or one that is no argon2id PHC string, is
 * false after the same work.
 */
export const verifyPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const parsed = hash === undefined ? undefined : parse(hash);
  const wanted = parsed ?? nobody;
  const typed = password.slice(0, longestPassword);
  const tag = await tagOf(typed, wanted);
  // A light hash must not tell by its time that somebody has not signed in yet.
  if (wanted.memory < cost.memory) await tagOf(typed, nobody);
  const same = timingSafeEqual(tag, wanted.tag);
  return same && parsed !== undefined && password.length <= longestPassword;
};
