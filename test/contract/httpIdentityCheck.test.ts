import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { httpIdentityCheck } from '#infrastructure/identity/httpIdentityCheck.ts';
import { startIdentitySandbox } from '#infrastructure/identity/sandbox.ts';
import { identityCheckContract } from './identityCheck.contract.ts';

identityCheckContract('HTTP, before the sandbox', async (people) => {
  const sandbox = await startIdentitySandbox({ people: () => people });
  const within = (timeoutMs: number) => httpIdentityCheck({ ...sandbox, timeoutMs });
  return { register: within(10_000), impatient: within(50), stop: sandbox.close };
});

const person = { name: '王芳', idNumber: '520111199003072825' };

describe('HTTP before a register that misbehaves', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });
  const listen = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const askAt = (identityUrl: string) => httpIdentityCheck({ identityUrl, timeoutMs: 10_000 }).check(person);

  test.each(['<html>', '', '{"outcome":"maybe"}', '{"matches":true}', 'null'])('which answers %j', async (body) => {
    expect(await askAt(await listen((_, response) => response.end(body)))).toBe('malformed');
  });

  test.each([500, 404, 301])('which answers with status %i', async (status) => {
    const url = await listen((_, response) =>
      response.writeHead(status, { location: '/' }).end('{"outcome":"matches"}'),
    );
    expect(await askAt(url)).toBe('unreachable');
  });

  test('is told the person in the body, nothing of them in the address', async () => {
    const seen: { address: string; body: string }[] = [];
    const url = await listen(async (request, response) => {
      seen.push({ address: `${request.method} ${request.url}`, body: await text(request) });
      response.end('{"outcome":"matches"}');
    });
    expect(await askAt(url)).toBe('matches');
    expect(seen).toEqual([{ address: 'POST /identities/check', body: JSON.stringify(person) }]);
  });
});

describe('the sandbox', () => {
  test('vouches for people it was not told of where it is to', async () => {
    const sandbox = await startIdentitySandbox({ people: () => [person], knowsOthers: true });
    const register = httpIdentityCheck({ ...sandbox, timeoutMs: 10_000 });
    expect(await register.check({ name: '赵云', idNumber: '520103198505050015' })).toBe('matches');
    expect(await register.check({ name: '赵云', idNumber: '520103198505050016' })).toBe('differs');
    expect(await register.check({ ...person, name: '赵云' })).toBe('differs');
    await sandbox.close();
  });
});
