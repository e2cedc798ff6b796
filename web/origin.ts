import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '#application/actor.ts';

const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));

/** Who an address belongs to: of IPv6 the /64, within which one line chooses its addresses as it likes. */
export const networkOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [bare = ''] = address.replace(/\d+\.\d+\.\d+\.\d+/, '0:0').split('%');
  const [front = '', back = ''] = bare.split('::');
  const left = groupsOf(front);
  const right = groupsOf(back);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
};

/** The network that an address lies in, wide enough to name no machine: IPv4 /16, IPv6 /32. */
export const wideNetworkOf = (address: string): string => {
  const network = networkOf(address);
  const parts = network.includes(':') ? network.split(':').slice(0, 2) : network.split('.').slice(0, 2);
  return network.includes(':') ? `${parts.join(':')}::/32` : `${parts.join('.')}.0.0/16`;
};

/** Where a request came from (S6). */
export const originOf = (request: FastifyRequest, site: Origin['site']): Origin => ({
  site,
  entry: request.url.startsWith('/api/') ? 'api' : 'page',
  network: wideNetworkOf(request.ip),
  address: request.ip,
});
