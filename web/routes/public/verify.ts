import type { FastifyReply } from 'fastify';
import { codeIn } from '#application/certificateCodes.ts';
import { normalisedNumber } from '#application/certificateQueries.ts';
import { choiceText } from '../../fieldTexts.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { answering, bodyOf, goTo, hidden, type PublicPages, protectedForm, type Turn, textOf } from './publicPages.ts';
import { showByGet } from './shownPages.ts';

const longest = 1000;

const modelOf = ({ request }: Turn, text: string, fault?: 'missing' | 'malformed') => {
  const error = fault && request.text(`public.verify.${fault}`);
  return {
    title: request.text('public.verify.title'),
    text,
    error,
    errors: error === undefined ? [] : [{ href: '#f-text', message: error }],
    problemCount: error === undefined ? 0 : 1,
  };
};

const form = (turn: Turn): Promise<FastifyReply> => turn.reply.page('public/verify', modelOf(turn, ''));

const showWrong = (turn: Turn, text: string, fault: 'missing' | 'malformed'): Promise<FastifyReply> =>
  showByGet(turn, { view: 'public/verify', model: modelOf(turn, text, fault), status: 400 });

const find = async (turn: Turn): Promise<FastifyReply> => {
  const text = textOf(bodyOf(turn.request), 'text').trim();
  if (text === '') return showWrong(turn, '', 'missing');
  const found = codeIn(text) ?? normalisedNumber(text);
  if (found === undefined || found.length > longest) return showWrong(turn, text.slice(0, 200), 'malformed');
  return goTo(turn.reply, `/verify/${found}`);
};

const verify = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  await limitByAddress(services, limits.verifications, request);
  const { code } = request.params as { code: string };
  const verification = await services.certificates.verify(code);
  const { outcome } = verification;
  const [titles, notes, key] =
    verification.outcome === 'void'
      ? (['titlesOfVoid', 'voids', verification.reason] as const)
      : (['titles', 'notes', outcome] as const);
  const title = request.text(`public.verify.${titles}.${key}`);
  const note = request.text(`public.verify.${notes}.${key}`);
  const checkedAt = new Date(services.deps.clock()).toISOString();
  const parity =
    verification.outcome === 'valid' || verification.outcome === 'void'
      ? choiceText(request.locale, 'application.parity', String(verification.parity))
      : undefined;
  const bornIn = verification.outcome === 'valid' ? verification.born : undefined;
  const born =
    bornIn &&
    request.text('births.bornText', { ...bornIn, year: bornIn.month.slice(0, 4), only: Number(bornIn.month.slice(5)) });
  const isKnown = outcome !== 'unknown' && outcome !== 'forged';
  const proof = isKnown ? `/log/proof/${encodeURIComponent(code)}` : undefined;
  return reply.page('public/verified', {
    title,
    note,
    card: parity !== undefined,
    verification,
    parity,
    born,
    checkedAt,
    proof,
  });
};

/** `/verify`: anyone learns whether a certificate holds, by its number or its code (C1). */
export const verifyRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/verify', hidden, answered(form));
  app.post('/verify', protectedForm(app), answered(find));
  app.get('/verify/:code', hidden, answered(verify));
};
