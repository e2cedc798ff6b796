import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { noteOf } from '#application/log/checkpoint.ts';
import type { Services } from '#application/services.ts';
import type { CheckpointRow } from '#projections/logCheckpoint.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limits } from '../rateLimit.ts';
import { type Api, apiOf } from './document.ts';
import { problems } from './schemas.ts';

const hash = z.string().meta({ description: 'SHA-256, base64' });
const note = z.string().meta({ description: 'C2SP tlog-checkpoint as a signed note' });

const checkpointSchema = z
  .object({ number: z.number(), origin: z.string(), size: z.number(), root: hash, signedAt: z.string(), note })
  .meta({ id: 'LogCheckpoint' });

const inclusionSchema = z
  .object({
    checkpoint: note,
    index: z.number(),
    path: z.array(hash),
    leafHash: hash,
    leaf: z.string().optional().meta({ description: 'canonical text (RFC 8785) of the event, personal parts sealed' }),
  })
  .meta({ id: 'LogInclusionProof' });

const consistencySchema = z.object({ from: note, to: note, path: z.array(hash) }).meta({ id: 'LogConsistencyProof' });

const shown = (row: CheckpointRow) => {
  const { number, origin, size, root, at } = row;
  return { number, origin, size, root, signedAt: at, note: noteOf(row) };
};

const checkpoints = (api: Api, services: Services): void => {
  const latest = {
    summary: '日志的最新检查点 · Newest checkpoint of the log',
    response: { 200: checkpointSchema, ...problems(409, 429) },
  };
  api.get('/api/v1/log/checkpoint', { schema: latest }, async (request) => {
    await limitByAddress(services, limits.logReadings, request);
    const row = await services.log.latest();
    if (row === undefined) throw new Problem('notCovered');
    return shown(row);
  });
  const all = {
    summary: '全部检查点，新的在前 · All checkpoints, newest first',
    querystring: z.object({ after: z.string().max(400).optional() }),
    response: {
      200: z.object({ checkpoints: z.array(checkpointSchema), next: z.string().optional() }),
      ...problems(400, 429),
    },
  };
  api.get('/api/v1/log/checkpoints', { schema: all }, async (request) => {
    await limitByAddress(services, limits.logReadings, request);
    const { rows, next } = await services.log.checkpoints(request.query.after);
    return { checkpoints: rows.map(shown), next };
  });
};

const keys = (api: Api, services: Services): void => {
  const schema = {
    summary: '检查点的公钥 · Public keys of checkpoints (C2SP signed-note)',
    response: { 200: z.object({ keys: z.array(z.string()) }), ...problems(429) },
  };
  api.get('/api/v1/log/keys', { schema }, async (request) => {
    await limitByAddress(services, limits.logReadings, request);
    return { keys: [...(await services.log.keys())] };
  });
};

const proofs = (api: Api, services: Services): void => {
  const inclusion = {
    summary: '证件在日志之中的证明 · Proof that a certificate stands in the log, by number or signed code',
    params: z.object({ certificate: z.string().min(1).max(1000) }),
    response: { 200: inclusionSchema, ...problems(404, 409, 429) },
  };
  api.get('/api/v1/log/proofs/:certificate', { schema: inclusion }, async (request) => {
    await limitByAddress(services, limits.verifications, request);
    const proven = await services.log.proof(request.params.certificate);
    if (proven.outcome === 'unknown') throw new Problem('absent');
    if (proven.outcome === 'waiting') throw new Problem('notCovered');
    return { ...proven.proof, path: [...proven.proof.path] };
  });
  const size = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
  const consistency = {
    summary: '日志只增未改的证明 · Proof that the log only grew between two checkpoints, by their sizes',
    querystring: z.object({ from: size, to: size }),
    response: { 200: consistencySchema, ...problems(400, 404, 429) },
  };
  api.get('/api/v1/log/consistency', { schema: consistency }, async (request) => {
    await limitByAddress(services, limits.logReadings, request);
    const proof = await services.log.consistency(request.query.from, request.query.to);
    if (proof === undefined) throw new Problem('absent');
    return { ...proof, path: [...proof.path] };
  });
};

/** The log's checkpoints, keys and proofs for everyone, nothing of what is in it (RFC 9162's tree, C2SP's notes). */
export const logApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  checkpoints(api, services);
  keys(api, services);
  proofs(api, services);
};
