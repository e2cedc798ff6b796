/**
 * Verifies the code of a Guizhou electronic birth service certificate with nothing but the platform's public keys.
 * 核验贵州省（电子）生育服务证的验证码：只需平台公布的公钥，不联网也能核验。
 *
 *   node verify-certificate.mjs <code or address | 验证码或网址> <jwks.json: file or URL | 公钥文件或网址>
 *        [--wife 王芳 --husband 张伟]
 *
 * Needs Node 20 or later, no packages. Exit codes: 0 genuine, 1 forged or altered, 2 wrong use, 3 keys unreadable,
 * 4 genuine, but not for these names. In a browser, import `codeIn`, `verifyCode` and `namesMatch`.
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

const parsed = (part) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(part)));

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

/**
 * Whether a code was signed by one of the keys of a JWK set, and what it says:
 * `{ genuine: true, claims: { number, parity, office, issuedOn, namesDigest } }`, or `{ genuine: false, reason }` with
 * reason `malformed`, `unknownKey` or `signature`. Never rejects for a bad code.
 */
export const verifyCode = async (code, jwks) => {
  try {
    const [head = '', body = '', signature = '', ...more] = code.split('.');
    if (more.length > 0) return { genuine: false, reason: 'malformed' };
    const key = keyFor(parsed(head), jwks);
    if (key === undefined) return { genuine: false, reason: 'unknownKey' };
    const { kty, crv, x } = key;
    const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
    const signed = encoder.encode(`${head}.${body}`);
    const right = await crypto.subtle.verify('Ed25519', publicKey, fromBase64url(signature), signed);
    if (!right) return { genuine: false, reason: 'signature' };
    const claims = claimsOf(parsed(body));
    return claims === undefined ? { genuine: false, reason: 'malformed' } : { genuine: true, claims };
  } catch {
    return { genuine: false, reason: 'malformed' };
  }
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
                                       [--wife 女方姓名 --husband 男方姓名]`;

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

const readKeys = async (place) => {
  const { readFile } = await import('node:fs/promises');
  const text = /^https?:\/\//.test(place)
    ? await fetch(place).then((answer) =>
        answer.ok ? answer.text() : Promise.reject(new Error(`HTTP ${answer.status}`)),
      )
    : await readFile(place, 'utf8');
  const jwks = JSON.parse(text);
  if (!Array.isArray(jwks.keys)) throw new Error('no JWK set');
  return jwks;
};

const argumentsOf = async (words) => {
  const { parseArgs } = await import('node:util');
  const options = { wife: { type: 'string' }, husband: { type: 'string' } };
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  const [text = '', keys] = positionals;
  const { wife, husband } = values;
  const code = codeIn(text);
  if (positionals.length !== 2 || (wife === undefined) !== (husband === undefined)) throw new Error('usage');
  if (code === undefined) throw new Error('no code');
  return { code, keys, wife, husband };
};

const say = (text, exitCode) => {
  process.stdout.write(`${text}\n`);
  return exitCode;
};

const main = async (words) => {
  const given = await argumentsOf(words).catch(() => undefined);
  if (given === undefined) return say(usage, 2);
  const { code, keys, wife, husband } = given;
  const jwks = await readKeys(keys).catch(() => undefined);
  if (jwks === undefined) return say(`✘ 读不到公钥 The keys cannot be read: ${keys}`, 3);
  const found = await verifyCode(code, jwks);
  if (!found.genuine) return say(`✘ 伪造或被改动 FORGED OR ALTERED\n  ${reasons[found.reason]}`, 1);
  if (wife === undefined) return say(`${report(found.claims)}\n${onlineNote}`, 0);
  return (await namesMatch(found.claims, wife, husband))
    ? say(`${report(found.claims)}\n  姓名 Names         ✔ 相符 match\n${onlineNote}`, 0)
    : say(`${othersNote}\n${facts(found.claims)}`, 4);
};

const isProgram = async () => {
  if (typeof process === 'undefined' || process.argv?.[1] === undefined) return false;
  const { realpath } = await import('node:fs/promises');
  const { fileURLToPath } = await import('node:url');
  return (await realpath(process.argv[1]).catch(() => '')) === (await realpath(fileURLToPath(import.meta.url)));
};

if (await isProgram()) process.exitCode = await main(process.argv.slice(2));
