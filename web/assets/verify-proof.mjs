/**
 * Verifies that an event stands in the log of the Guizhou birth registration platform, or that the log only grew, with
 * nothing but the platform's public key. 核验一条记录确在平台日志之中、或日志只增未改：只需平台公布的公钥，不联网也能核验。
 *
 *   node verify-proof.mjs <proof.json | 证明文件> <key.txt | 公钥文件> [--checkpoint <note.txt | 自己留存的检查点>]
 *
 * Needs Node 20 or later, no packages. Exit codes: 0 proven, 1 not so: altered or forged, 2 wrong use, 3 a file is
 * unreadable, 4 proven, but of another checkpoint than the one you kept.
 *
 * How it works: every event of the log is a leaf of a Merkle tree (RFC 9162). A leaf's hash is SHA-256 of a zero byte and
 * the event's bytes, a node's that of a one byte and both hashes below. The platform signs the root from time to time
 * (“checkpoint”, a C2SP signed note). The path in a proof leads from the leaf to that root: whoever has the root can't be
 * shown another leaf. In a browser or a program, import `included`, `consistent`, `readNote` and `verifyNote`.
 */

const encoder = new TextEncoder();

const bytesOf = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

const base64Of = (bytes) => btoa(String.fromCharCode(...bytes));

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

const sha256 = async (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
};

/** Hash of a leaf, whose bytes are these or this text's in UTF-8. */
export const leafHash = (leaf) => sha256(Uint8Array.of(0), typeof leaf === 'string' ? encoder.encode(leaf) : leaf);

const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

/** Where a node and the last one of its level stand, once it is a right child or the first of all. */
const climbed = (at, last) => (isOdd(at) || at === 0 ? [at, last] : climbed(half(at), half(last)));

/** Whether a path leads from the hash of the leaf at an index to the root of a tree of this size (RFC 9162, §2.1.3.2). */
export const included = async ({ leaf, index, size, path, root }) => {
  if (![index, size].every(Number.isSafeInteger) || index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const beside of path) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = await nodeHash(beside, hash);
      [at, last] = climbed(at, last);
    } else {
      hash = await nodeHash(hash, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(hash, root);
};

/** Whether the tree of `size` leaves is that of the `first` ones with others added at its end (RFC 9162, §2.1.4.2). */
export const consistent = async ({ first, size, path, firstRoot, root }) => {
  if (![first, size].every(Number.isSafeInteger) || first < 1 || first > size) return false;
  if (first === size) return path.length === 0 && same(firstRoot, root);
  const isFull = Number.isInteger(Math.log2(first));
  const [start, ...others] = isFull ? [firstRoot, ...path] : path;
  if (start === undefined) return false;
  let [at, last] = [first - 1, size - 1];
  let [older, newer] = [start, start];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  for (const beside of others) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      [older, newer] = [await nodeHash(beside, older), await nodeHash(beside, newer)];
      [at, last] = climbed(at, last);
    } else {
      newer = await nodeHash(newer, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(older, firstRoot) && same(newer, root);
};

const noteShape = /^(([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*)\n((?:\u2014 [^\n]+\n)+)$/;

/** A checkpoint as it was signed: `{ text, origin, size, root, signatures: [{ name, bytes }] }`; undefined: it is none. */
export const readNote = (note) => {
  const found = noteShape.exec(note.replaceAll('\r\n', '\n').replace(/\n*$/, '\n'));
  if (found === null) return undefined;
  const [, text, origin, size, root, lines] = found;
  const signatures = [...lines.matchAll(/^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/gm)];
  return {
    text,
    origin,
    size: Number(size),
    root: bytesOf(root),
    signatures: signatures.map(([, name, signature]) => ({ name, bytes: bytesOf(signature) })),
  };
};

/** The public keys in a file, one line each: `<name>+<four bytes of hash, hex>+<base64 of kind and key>`. */
export const readKeys = (text) =>
  [...text.matchAll(/^(\S+?)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/gm)].map(([, name, , key]) => ({
    name,
    bytes: bytesOf(key),
  }));

const signedBy = async (note, { name, bytes }) => {
  // Kind 1 is Ed25519; the name is hashed with the key, so that a key of one log signs nothing of another.
  if (bytes[0] !== 1 || bytes.length !== 33 || name !== note.origin) return false;
  const hash = (await sha256(encoder.encode(`${name}\n`), bytes)).subarray(0, 4);
  const own = note.signatures.filter((one) => one.name === name && same(one.bytes.subarray(0, 4), hash));
  const key = await crypto.subtle.importKey('raw', bytes.subarray(1), 'Ed25519', false, ['verify']);
  for (const { bytes: signature } of own) {
    if (await crypto.subtle.verify('Ed25519', key, signature.subarray(4), encoder.encode(note.text))) return true;
  }
  return false;
};

/** Whether one of these keys signed a note that was read. */
export const verifyNote = async (note, keys) => {
  for (const key of keys) if (await signedBy(note, key)) return true;
  return false;
};

const eventFacts = (leaf) => {
  const { type, stream, meta } = JSON.parse(leaf);
  return `
  事件 Event         ${type} · ${stream}
  时间 At            ${meta.at}`;
};

const signedNote = async (text, keys) => {
  const note = readNote(String(text));
  if (note === undefined) return { why: '检查点格式不对 A checkpoint is not one' };
  if (!(await verifyNote(note, keys))) {
    return { why: '检查点不是用所给的公钥签名的 A checkpoint was not signed by any of the given keys' };
  }
  return { note };
};

const checkInclusion = async (proof, keys) => {
  const { note, why } = await signedNote(proof.checkpoint, keys);
  if (note === undefined) return { why };
  const { index, leaf } = proof;
  const hash = leaf === undefined ? bytesOf(proof.leafHash) : await leafHash(leaf);
  const path = proof.path.map(bytesOf);
  if (!(await included({ leaf: hash, index, size: note.size, path, root: note.root }))) {
    return { why: '这条记录不在检查点所签的日志里 The event is not in the log that the checkpoint was signed of' };
  }
  const facts = leaf === undefined ? `\n  记录的哈希 Hash     ${base64Of(hash)}` : eventFacts(leaf);
  const place = `第 ${index + 1} 条，共 ${note.size} 条 event ${index + 1} of ${note.size}`;
  return { notes: [note], told: `✔ 确在日志之中 IN THE LOG: ${place}\n  日志 Log           ${note.origin}${facts}` };
};

const checkConsistency = async (proof, keys) => {
  const [one, other] = [await signedNote(proof.from, keys), await signedNote(proof.to, keys)];
  const [from, to] = [one.note, other.note];
  if (from === undefined || to === undefined) return { why: one.why ?? other.why };
  const [first, size, path] = [from.size, to.size, proof.path.map(bytesOf)];
  const grew = from.origin === to.origin;
  if (!grew || !(await consistent({ first, size, path, firstRoot: from.root, root: to.root }))) {
    return { why: '后一检查点不是由前一检查点增长而来 The later checkpoint did not grow out of the earlier one' };
  }
  const told = `✔ 日志只增未改 THE LOG ONLY GREW: ${first} → ${size}\n  日志 Log           ${to.origin}`;
  return { notes: [from, to], told };
};

/** Verifies a proof as the platform gives it; `{ told, notes }`, or `{ why }` where it proves nothing. */
export const checkProof = async (proof, keys) => {
  try {
    return await (proof.from === undefined ? checkInclusion : checkConsistency)(proof, keys);
  } catch {
    return { why: '证明文件不完整 The proof is incomplete' };
  }
};

const usage = `用法 Usage: node verify-proof.mjs <证明文件 proof.json> <公钥文件 key.txt> [--checkpoint <留存的检查点 note.txt>]`;

const say = (text, exitCode) => {
  process.stdout.write(`${text}\n`);
  return exitCode;
};

const compareKept = async (kept, keys, { notes, told }) => {
  const { note, why } = await signedNote(kept, keys);
  if (note === undefined) return say(`✘ 您留存的检查点 Your own checkpoint: ${why}`, 1);
  const equal = notes.find(({ size }) => size === note.size);
  if (equal === undefined) {
    const to = notes.at(-1).size;
    const [first, last] = note.size < to ? [note.size, to] : [to, note.size];
    return say(
      `${told}\n… 但与您留存的检查点（${note.size} 条）无法直接比较，请下载 But to compare it with the one you kept, fetch:
  /api/v1/log/consistency?from=${first}&to=${last}`,
      4,
    );
  }
  if (equal.origin === note.origin && same(equal.root, note.root)) {
    return say(`${told}\n  与您留存的检查点一致 It agrees with the checkpoint that you kept.`, 0);
  }
  return say(
    `✘ 同样条数的两个检查点不同：日志被换过 TWO CHECKPOINTS OF THE SAME SIZE DIFFER: the log was exchanged
  请保存两份文件并告知主管部门。 Keep both files and tell the authorities.`,
    1,
  );
};

const main = async (words) => {
  const { parseArgs } = await import('node:util');
  const { readFile } = await import('node:fs/promises');
  let given;
  try {
    given = parseArgs({ args: words, options: { checkpoint: { type: 'string' } }, allowPositionals: true });
  } catch {
    return say(usage, 2);
  }
  const { positionals, values } = given;
  if (positionals.length !== 2) return say(usage, 2);
  const files = [...positionals, ...(values.checkpoint === undefined ? [] : [values.checkpoint])];
  let texts;
  let proof;
  try {
    texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    proof = JSON.parse(texts[0]);
  } catch (fault) {
    return say(`✘ 读不到文件 A file cannot be read: ${fault.message}`, 3);
  }
  const keys = readKeys(texts[1]);
  if (keys.length === 0) return say(`✘ 公钥文件里没有公钥 There is no key in ${positionals[1]}`, 3);
  const checked = await checkProof(proof, keys);
  if (checked.told === undefined) return say(`✘ 不能证明 NOT PROVEN\n  ${checked.why}`, 1);
  return texts[2] === undefined ? say(checked.told, 0) : compareKept(texts[2], keys, checked);
};

const isProgram = async () => {
  if (typeof process === 'undefined' || process.argv?.[1] === undefined) return false;
  const { realpath } = await import('node:fs/promises');
  const { fileURLToPath } = await import('node:url');
  return (await realpath(process.argv[1]).catch(() => '')) === (await realpath(fileURLToPath(import.meta.url)));
};

if (await isProgram()) process.exitCode = await main(process.argv.slice(2));
