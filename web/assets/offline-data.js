import { readRevoked } from './verify-certificate.mjs';

const cacheName = 'offline-data';
const keysUrl = '/.well-known/jwks.json';
const listUrl = '/.well-known/revoked-certificates';
const newest = 'offline.newestList';

const newestSeen = () => localStorage.getItem(newest) ?? '';

const textOf = async (url) => (await (await caches.open(cacheName)).match(url))?.text();

const keysIn = (text) => {
  const jwks = JSON.parse(text);
  if (!Array.isArray(jwks.keys)) throw new Error('no JWK set');
  return jwks;
};

/**
 * The public keys and the list on this device, checked anew: `{ jwks, list }`; either is undefined where there is none, `fault`
 * says why a list that is there is not taken.
 */
export const keptData = async () => {
  const [keys, token] = await Promise.all([textOf(keysUrl), textOf(listUrl)]);
  if (keys === undefined) return {};
  const jwks = JSON.parse(keys);
  if (token === undefined) return { jwks };
  const { trusted, list, reason } = await readRevoked(token, jwks, newestSeen());
  return trusted ? { jwks, list } : { jwks, fault: reason };
};

const fetched = async (url) => {
  const answer = await fetch(url, { cache: 'no-cache', credentials: 'omit' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
};

const keep = async (url, text) => (await caches.open(cacheName)).put(url, new Response(text));

/** Brings keys and list up to date, both or neither: `refreshed`, `unreachable`, or `refused` for a list that is not trusted. */
export const refreshData = async () => {
  const texts = await Promise.all([keysUrl, listUrl].map(fetched)).catch(() => undefined);
  if (texts === undefined) return 'unreachable';
  const [keys, token] = texts;
  try {
    const { trusted, list } = await readRevoked(token, keysIn(keys), newestSeen());
    if (!trusted) return 'refused';
    await keep(keysUrl, keys);
    await keep(listUrl, token);
    localStorage.setItem(newest, list.issuedAt);
    return 'refreshed';
  } catch {
    return 'refused';
  }
};
