/**
 * Verifies the code of a Guizhou electronic birth service certificate with nothing but the platform's public keys.
 * 核验贵州省（电子）生育服务证的验证码：只需平台公布的公钥，不联网也能核验。
 *
 *   node verify-certificate.mjs <code or address | 验证码或网址> <jwks.json: file or URL | 公钥文件或网址>
 *        [--wife 王芳 --husband 张伟] [--revoked <list: file or URL | 作废名单：文件或网址>]
 *
 * Needs Node 20 or later, no packages. Exit codes: 0 genuine, 1 forged or altered, 2 wrong use, 3 keys or list unreadable,
 * 4 genuine, but not for these names, 5 genuine, but void. In a browser, import `codeIn`, `verifyCode`, `namesMatch`,
 * `readRevoked` and `revokedReason`: the platform's page /offline does.
 */

const encoder = new TextEncoder();

const fromBase64url = (text) => {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
  // Several texts can stand for the same bytes; only one of them was signed.
  if (toBase64url(bytes) !== text) throw new Error('not base64url');
  return bytes;
};

const toBase64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const jsonIn = (bytes) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

/** The code in a text: itself, or the end of the address that the QR code holds; undefined where there is none. */
export const codeIn = (text) => /([\w-]+\.[\w-]+\.[\w-]+)\s*$/.exec(text.trim())?.[1];

const claimsOf = (payload) => {
  const { n, p, o, d, h } = payload;
  const texts = [n, o, d, h].every((one) => typeof one === 'string');
  return texts && Number.isInteger(p) ? { number: n, parity: p, office: o, issuedOn: d, namesDigest: h } : undefined;
};

const keyFor = (header, jwks) => {
  if (header.alg !== 'EdDSA' || header.crit !== undefined) return undefined;
  return jwks.keys.find(({ kid, kty, crv }) => kid === header.kid && kty === 'OKP' && crv === 'Ed25519');
};

/** What a key of a JWK set signed: `{ header, body }`, or `{ reason }`: `malformed`, `unknownKey` or `signature`. */
const signedBody = async (token, jwks) => {
  try {
    const [head = '', body = '', signature = '', ...more] = token.split('.');
    if (more.length > 0) return { reason: 'malformed' };
    const header = jsonIn(fromBase64url(head));
    const key = keyFor(header, jwks);
    if (key === undefined) return { reason: 'unknownKey' };
    const { kty, crv, x } = key;
    const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
    const signed = encoder.encode(`${head}.${body}`);
    const right = await crypto.subtle.verify('Ed25519', publicKey, fromBase64url(signature), signed);
    return right ? { header, body: fromBase64url(body) } : { reason: 'signature' };
  } catch {
    return { reason: 'malformed' };
  }
};

/**
 * Whether a code was signed by one of the keys of a JWK set, and what it says:
 * `{ genuine: true, claims: { number, parity, office, issuedOn, namesDigest } }`, or `{ genuine: false, reason }` with
 * reason `malformed`, `unknownKey` or `signature`. Never rejects for a bad code.
 */
export const verifyCode = async (code, jwks) => {
  const { reason, body } = await signedBody(code, jwks);
  if (reason !== undefined) return { genuine: false, reason };
  try {
    const claims = claimsOf(jsonIn(body));
    return claims === undefined ? { genuine: false, reason: 'malformed' } : { genuine: true, claims };
  } catch {
    return { genuine: false, reason: 'malformed' };
  }
};

/** Rising numbers for each reason, each as its distance from the one before, in groups of 7 bits, the lowest first. */
const readHashes = (bytes, reasons) => {
  const found = new Map();
  let at = 0;
  for (const [reason, size] of reasons) {
    let hash = 0n;
    for (let n = 0; n < size; n += 1) {
      let step = 0n;
      for (let shift = 0n, more = true; more; shift += 7n) {
        if (at >= bytes.length || shift > 70n) throw new Error('not a list');
        more = bytes[at] > 127;
        step |= BigInt(bytes[at] & 127) << shift;
        at += 1;
      }
      hash += step;
      found.set(hash, reason);
    }
  }
  if (at !== bytes.length) throw new Error('not a list');
  return found;
};

/**
 * Reads the signed list of certificates that no longer hold: `{ trusted: true, list: { issuedAt, nextUpdate, warnAfterDays,
 * count, hashes } }`, or `{ trusted: false, reason }`; `rolledBack` where a list issued later (`newestSeen`, UTC ISO 8601) was
 * seen before. Never rejects for a bad list.
 */
export const readRevoked = async (token, jwks, newestSeen = '') => {
  const { reason, header, body } = await signedBody(token.trim(), jwks);
  if (reason !== undefined) return { trusted: false, reason };
  try {
    const end = body.indexOf(10);
    const { list, version, issuedAt, nextUpdate, warnAfterDays, hashBytes, count, reasons } = jsonIn(
      body.subarray(0, end),
    );
    const known = header.typ === list && list === 'revoked-certificates' && version === 1 && hashBytes === 9;
    const hashes = readHashes(body.subarray(end + 1), reasons);
    if (!known || hashes.size !== count || new Date(issuedAt).toISOString() !== issuedAt) {
      return { trusted: false, reason: 'malformed' };
    }
    if (issuedAt < newestSeen) return { trusted: false, reason: 'rolledBack' };
    return { trusted: true, list: { issuedAt, nextUpdate, warnAfterDays, count, hashes } };
  } catch {
    return { trusted: false, reason: 'malformed' };
  }
};

/** Why a number no longer holds, as far as a list tells: `superseded`, `revoked`, `lost`, `spoilt`; undefined: not in it. */
export const revokedReason = async ({ hashes }, number) => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(number)));
  return hashes.get(digest.subarray(0, 9).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
};

const invisible = /\p{Variation_Selector}|[\u200B\u2060\uFEFF]|\u200C|\u200D/gu;
const dotBetweenHan = /(?<=[\p{Unified_Ideograph}〇])\s*[.·]\s*(?=[\p{Unified_Ideograph}〇])/gu;
const blankBetweenHan = /(?<=[\p{Unified_Ideograph}〇])\s+(?=[\p{Unified_Ideograph}〇])/gu;

// The platform's own spelling of names: see `normaliseName` in src/domain/people/personName.ts.
const normalised = (name) =>
  name
    .toWellFormed()
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/[•･・‧∙⋅]/g, '·')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(dotBetweenHan, '·')
    .replace(blankBetweenHan, '');

/** Whether the claims of a genuine code were made out to these two people. The code itself does not hold their names. */
export const namesMatch = async ({ number, namesDigest }, wife, husband) => {
  const text = encoder.encode([number, normalised(wife), normalised(husband)].join('|'));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return toBase64url(digest.subarray(0, 12)) === namesDigest;
};

const usage = `用法 Usage: node verify-certificate.mjs <验证码或网址 code or address> <公钥 jwks.json 文件或网址 file or URL>
         [--wife 女方姓名 --husband 男方姓名] [--revoked 作废名单文件或网址 list of revoked certificates]`;

const reasons = {
  malformed: '验证码不完整或被改动 The code is incomplete or was altered',
  unknownKey: '不是用所给的公钥签发的 Not signed by any of the given keys',
  signature: '签名不符，内容被改动过或系伪造 The signature does not fit: altered or forged',
};

const facts = ({ number, parity, office, issuedOn }) => `  证号 Number        ${number}
  孩次 Child no.     ${parity}
  签发机关 Office    ${office}
  签发日期 Issued    ${issuedOn}`;

const report = (claims) => `✔ 真实 GENUINE
${facts(claims)}`;

const othersNote = `✘ 姓名不符，请不要采信 NAMES DO NOT MATCH
  验证码是真的，但不是发给这两人的；也请检查姓名和男女方是否填错。
  The code is genuine, but NO MATCH: it was made out to others. Check the spelling, and who is wife and husband.`;

const onlineNote = `  是否已作废，以平台联网核验为准。
  Whether it has been voided since, only the platform itself can tell.`;

const listNote = ({
  issuedAt,
  count,
}) => `  作废名单 List       ✔ 不在其中 not in it（${count}，截至 as of ${issuedAt}）
  名单签发之后作废的，名单不知道。 What was voided after that, the list cannot know.`;

const voidReasons = {
  superseded: '已换发，请出示新证 Superseded: ask for the new certificate',
  revoked: '登记已被撤销 The registration was revoked',
  lost: '证件已挂失作废 Reported lost',
  spoilt: '证件已损毁作废 Spoilt',
};

const voidNote = (reason) => `✘ 已作废，请不要采信 VOID: DO NOT ACCEPT
  ${voidReasons[reason]}`;

const readPlace = async (place) => {
  const { readFile } = await import('node:fs/promises');
  if (!/^https?:\/\//.test(place)) return readFile(place, 'utf8');
  const answer = await fetch(place);
  return answer.ok ? answer.text() : Promise.reject(new Error(`HTTP ${answer.status}`));
};

const readKeys = async (place) => {
  const jwks = JSON.parse(await readPlace(place));
  if (!Array.isArray(jwks.keys)) throw new Error('no JWK set');
  return jwks;
};

const readList = async (place, jwks) => {
  const { trusted, list } = await readRevoked(await readPlace(place), jwks);
  if (!trusted) throw new Error('no signed list');
  return list;
};

const argumentsOf = async (words) => {
  const { parseArgs } = await import('node:util');
  const options = { wife: { type: 'string' }, husband: { type: 'string' }, revoked: { type: 'string' } };
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  const [text = '', keys] = positionals;
  const { wife, husband, revoked } = values;
  const code = codeIn(text);
  if (positionals.length !== 2 || (wife === undefined) !== (husband === undefined)) throw new Error('usage');
  if (code === undefined) throw new Error('no code');
  return { code, keys, wife, husband, revoked };
};

const say = (text, exitCode) => {
  process.stdout.write(`${text}\n`);
  return exitCode;
};

/** What is said of a genuine code, and the exit code. */
const judged = async (claims, { wife, husband }, list) => {
  const reason = list && (await revokedReason(list, claims.number));
  if (reason !== undefined) return [`${voidNote(reason)}\n${facts(claims)}`, 5];
  const note = list === undefined ? onlineNote : listNote(list);
  if (wife === undefined) return [`${report(claims)}\n${note}`, 0];
  return (await namesMatch(claims, wife, husband))
    ? [`${report(claims)}\n  姓名 Names         ✔ 相符 match\n${note}`, 0]
    : [`${othersNote}\n${facts(claims)}`, 4];
};

const main = async (words) => {
  const given = await argumentsOf(words).catch(() => undefined);
  if (given === undefined) return say(usage, 2);
  const { code, keys, revoked } = given;
  const jwks = await readKeys(keys).catch(() => undefined);
  if (jwks === undefined) return say(`✘ 读不到公钥 The keys cannot be read: ${keys}`, 3);
  const list = revoked && (await readList(revoked, jwks).catch(() => 'none'));
  if (list === 'none')
    return say(`✘ 作废名单读不到，或签名不符 The list cannot be read or is not signed: ${revoked}`, 3);
  const found = await verifyCode(code, jwks);
  if (!found.genuine) return say(`✘ 伪造或被改动 FORGED OR ALTERED\n  ${reasons[found.reason]}`, 1);
  return say(...(await judged(found.claims, given, list)));
};

const isProgram = async () => {
  if (typeof process === 'undefined' || process.argv?.[1] === undefined) return false;
  const { realpath } = await import('node:fs/promises');
  const { fileURLToPath } = await import('node:url');
  return (await realpath(process.argv[1]).catch(() => '')) === (await realpath(fileURLToPath(import.meta.url)));
};

if (await isProgram()) process.exitCode = await main(process.argv.slice(2));
