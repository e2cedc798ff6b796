import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { noteOf } from '#application/log/checkpoint.ts';
import type { CheckpointRow } from '#projections/logCheckpoint.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress, limits, type RateLimit } from '../../rateLimit.ts';
import { sendSheet, sheetFormats } from '../../sheets.ts';
import { momentText } from '../../times.ts';
import { hidden, type PublicPages, type Turn } from './publicPages.ts';

const queries = {
  page: z.object({ after: z.string().max(400).optional().catch(undefined) }),
  sheet: z.object({ format: z.enum(sheetFormats).catch('xlsx') }),
  two: z.object({
    from: z.coerce.number().int().min(1).optional().catch(undefined),
    to: z.coerce.number().int().min(1).optional().catch(undefined),
  }),
};

const mostInSheet = 5000;

const plain = (reply: FastifyReply, text: string): FastifyReply => reply.type('text/plain; charset=utf-8').send(text);

const shown = (row: CheckpointRow, older: CheckpointRow | undefined) => ({
  number: row.number,
  size: row.size,
  at: row.at,
  root: row.root,
  since: older && `/log/consistency?from=${older.size}&to=${row.size}`,
});

/** What the log is, its newest checkpoint, and all before, a page at a time. */
const overview = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { after } = queries.page.parse(request.query);
  const { rows, next } = await services.log.checkpoints(after);
  const newest = after === undefined ? rows[0] : await services.log.latest();
  const [last] = rows.slice(-1);
  const before = last && (await services.log.checkpoint(last.number - 1));
  return reply.page('public/log', {
    title: request.text('log.title'),
    newest: newest && { ...shown(newest, undefined), note: noteOf(newest) },
    checkpoints: rows.map((row, n) => shown(row, rows[n + 1] ?? before)),
    next: next && `/log?after=${encodeURIComponent(next)}`,
    back: after === undefined ? undefined : '/log',
    keys: await services.log.keys(),
  });
};

/** The newest checkpoints as a table to keep. */
const sheet = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { format } = queries.sheet.parse(request.query);
  const { rows } = await services.log.checkpoints(undefined, mostInSheet);
  const columns = [
    { title: request.text('log.number'), width: 10 },
    { title: request.text('log.at'), width: 18 },
    { title: request.text('log.size'), width: 12 },
    { title: request.text('log.root'), width: 48 },
  ];
  return sendSheet(reply, 'checkpoints', format, {
    sheet: request.text('log.past'),
    columns,
    rows: rows.map(({ number, at, size, root }) => [number, momentText(request.locale, at), size, root]),
  });
};

/** One checkpoint as the text that was signed: the newest, or the one with a number. */
const note = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { number } = request.params as { number?: string };
  const row = await (number === undefined ? services.log.latest() : services.log.checkpoint(Number(number)));
  if (row === undefined) throw new Problem(number === undefined ? 'notCovered' : 'absent');
  return plain(reply, noteOf(row));
};

const key = async ({ services, reply }: Turn): Promise<FastifyReply> =>
  plain(reply, (await services.log.keys()).map((line) => `${line}\n`).join(''));

/** That a certificate stands in the log, in words and as a file. */
const proof = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { certificate } = request.params as { certificate: string };
  const proven = await services.log.proof(certificate);
  if (proven.outcome === 'unknown') throw new Problem('absent');
  const title = request.text(`log.proof.titles.${proven.outcome}`);
  const download = `/api/v1/log/proofs/${encodeURIComponent(certificate)}`;
  if (proven.outcome === 'waiting') return reply.page('public/logProof', { title, number: proven.number });
  const { at, checkpoint, number } = proven;
  return reply.page('public/logProof', {
    title,
    number,
    at,
    checkpoint,
    place: proven.proof.index + 1,
    leaf: proven.proof.leaf,
    hash: proven.proof.leafHash,
    download,
  });
};

/** That the log only grew between two checkpoints; without sizes, the form that asks for them. */
const consistency = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { from, to = (await services.log.latest())?.size } = queries.two.parse(request.query);
  const found = from === undefined || to === undefined ? undefined : await services.log.consistency(from, to);
  return reply.page(
    'public/logConsistency',
    {
      title: request.text('log.consistency.title'),
      from,
      to,
      proven: found !== undefined,
      missing: from !== undefined && found === undefined,
      download: `/api/v1/log/consistency?from=${from}&to=${to}`,
    },
    from !== undefined && found === undefined ? 404 : 200,
  );
};

/** `/log`: what proves that nothing in the log was changed, for everyone. */
export const logRoutes = ({ app, services }: PublicPages): void => {
  const limited =
    (answer: (turn: Turn) => Promise<FastifyReply>, limit: RateLimit = limits.logReadings) =>
    async (request: Turn['request'], reply: FastifyReply) => {
      await limitByAddress(services, limit, request);
      return answer({ services, request, reply });
    };
  app.get('/log', hidden, limited(overview));
  app.get('/log/sheet', hidden, limited(sheet));
  app.get('/log/checkpoint', hidden, limited(note));
  app.get('/log/checkpoints/:number', hidden, limited(note));
  app.get('/log/key', hidden, limited(key));
  app.get('/log/proof/:certificate', hidden, limited(proof, limits.verifications));
  app.get('/log/consistency', hidden, limited(consistency));
};
