import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { Caller } from '#application/signIn.ts';
import type { Client } from '#application/signInSessions.ts';
import { agentName } from './agentName.ts';
import { deviceOf } from './deviceCookie.ts';
import { networkOf, originOf } from './origin.ts';

/** From where a request signs in. */
export const callerOf = (services: Services, request: FastifyRequest, client: Client = 'browser'): Caller => ({
  client,
  origin: originOf(request, 'management'),
  line: networkOf(request.ip),
  agent: agentName(request.headers['user-agent']),
  deviceOf: (account) => deviceOf(services, request, account),
});
