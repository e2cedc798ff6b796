import type { Credentials, EndPoint } from '@eventstore/db-client';

/** What the adapter takes from a connection string: one for the client, to one node if need be, and who calls. */
export type ConnectionString = { urlTo: (node?: EndPoint) => string; credentials: Credentials };

// First, so that what the operator wrote overrides it: a search for the leader of a cluster that ends in seconds.
const before = 'gossipTimeout=2&maxDiscoverAttempts=3';
// Last, so that it overrides: conflicts come as errors, since batch appends answer them wrongly otherwise (table, Append).
const after = 'throwOnAppendFailure=true';

// Of anything else the client would print a warning that shows the whole string, password included.
const known: ReadonlySet<string> = new Set([
  'tls',
  'tlscafile',
  'nodepreference',
  'maxdiscoverattempts',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'defaultdeadline',
  'connectionname',
]);

/**
 * Reads `esdb://user:password@host:2113` (or `esdb+discover://`, or hosts with commas). Throws a `RangeError` that shows
 * no secret where it is none, where it has an option that means nothing here, or where TLS is on and no user is named.
 */
export const readConnectionString = (given: string): ConnectionString => {
  const [, scheme, login, hosts, query = ''] =
    /^(esdb(?:\+discover)?:\/\/)(?:([^@?]+)@)?([^@?]+)(?:\?(.*))?$/.exec(given.trim()) ?? [];
  if (scheme === undefined || hosts === undefined) throw unusable('Write it as esdb://user:password@host:2113.');
  const options = optionsIn(query);
  const unknown = options.find(({ key }) => !known.has(key));
  if (unknown !== undefined) throw unusable(`It has an option ${unknown.key}, which means nothing here.`);
  const insecure = options.findLast(({ key }) => key === 'tls')?.value === 'false';
  const credentials = credentialsIn(login, insecure);
  const parts = [before, query, after].filter((part) => part !== '').join('&');
  const user = login === undefined ? '' : `${login}@`;
  const urlTo = (node?: EndPoint): string =>
    node === undefined
      ? `${scheme}${user}${hosts.replace(/\/+$/, '')}?${parts}`
      : `esdb://${user}${node.address}:${node.port}?${parts}`;
  return { urlTo, credentials };
};

/** What is wrong with the connection string, without the string. */
export const unusable = (why: string): RangeError =>
  new RangeError(`事件库连接字符串无法使用 EVENT_STORE_URL cannot be used. ${why}`);

const optionsIn = (query: string): { key: string; value: string }[] =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('='))
    .map(([key = '', value = '']) => ({ key: key.trim().toLowerCase().replaceAll(/[_-]/g, ''), value: value.trim() }));

// Without TLS the client sends no credentials at all, so any will do to force the plain Append call.
const credentialsIn = (login: string | undefined, insecure: boolean): Credentials => {
  const [username, password] = (login ?? '').split(':').map(decoded);
  if (username !== undefined && username !== '' && password !== undefined) return { username, password };
  if (insecure) return { username: 'nobody', password: 'nothing' };
  throw unusable('With TLS it must name a user and a password, percent-encoded.');
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
