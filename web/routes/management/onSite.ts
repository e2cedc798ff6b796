import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { idOf, mayEnterOnSite, staffOf } from './access.ts';
import {
  type Boxes,
  boxesIn,
  boxesOf,
  childCount,
  readBoxes,
  unnumbered,
  withCards,
  withHousehold,
} from './onSiteForm.ts';
import { askPopulation, isCommittee, knownModel } from './onSiteKnown.ts';
import { screenModel } from './onSiteModel.ts';
import { showReceipt } from './onSiteReceipt.ts';
import { submitOnSite, troubles } from './onSiteSubmit.ts';
import { commandId } from './typed.ts';

type Handler = (services: Services, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
type Screen = { id: string; boxes: Boxes };

const query = z.object({
  /** How much is checked: what was typed, or what is missing as well. */
  look: z.enum(['typed', 'whole']).optional().catch(undefined),
  cards: z.enum(['0', '1']).optional().catch(undefined),
  trouble: z.enum(troubles).optional().catch(undefined),
});
const someId = z.uuid().optional().catch(undefined);
/** Which ended registration is gone on from, and the entry whose search found it. */
const continuing = z.object({ from: someId, entry: someId });
/** The id of an entry, which becomes that of its registration: a UUID, as this page gave it. */
const entryOf = (request: FastifyRequest): string => {
  const id = z.uuid().safeParse(idOf(request));
  if (!id.success) throw new Problem('absent');
  return id.data;
};
const sent = z.looseObject({ step: z.string().max(40).default('check'), commandId });

const entering = (services: Services, request: FastifyRequest) => {
  const staff = staffOf(request);
  if (!mayEnterOnSite(services, staff)) throw new Problem('forbidden');
  return staff;
};

const showScreen = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, boxes }: Screen,
): Promise<FastifyReply> => {
  const { look, cards, trouble } = query.parse(request.query);
  const staff = staffOf(request);
  const read = readBoxes(boxes, services.ruleContext(), { whole: look === 'whole' });
  const known = look === undefined ? undefined : await knownModel(services, request, id, read.data);
  return reply.page('management/onSite', {
    title: request.text('onSite.title'),
    id,
    commandId: request.parked?.body['commandId'] ?? services.deps.ids(),
    committee: isCommittee(services, staff),
    filled: cards === '1',
    notFilled: cards === '0',
    trouble: trouble && request.text(`onSite.troubles.${trouble}`),
    looked: look !== undefined,
    known,
    ...screenModel({ services, request, boxes, read }, look === 'whole' ? unnumbered(boxes) : []),
  });
};

/** What is typed over from a registration that ended, where there is one. */
const startingBoxes = async (services: Services, request: FastifyRequest): Promise<Boxes> => {
  const { from, entry } = continuing.parse(request.query);
  if (from === undefined) return boxesIn({});
  const taken = await services.onSite.takeOver(staffOf(request), from, entry);
  if (taken.outcome !== 'found') throw new Problem(taken.outcome);
  return { ...boxesOf(taken.data), predecessor: from };
};

const showNew: Handler = async (services, request, reply) => {
  entering(services, request);
  const boxes = await startingBoxes(services, request);
  return showScreen(services, request, reply, { id: services.deps.ids(), boxes });
};

const showDraft: Handler = async (services, request, reply) => {
  const staff = entering(services, request);
  const id = entryOf(request);
  const kept = request.parked?.body ?? (await services.onSite.draft(staff, id));
  if (kept === undefined) throw new Problem('absent');
  return showScreen(services, request, reply, { id, boxes: boxesIn(kept) });
};

const showDrafts: Handler = async (services, request, reply) => {
  const drafts = await services.onSite.drafts(entering(services, request));
  return reply.page('management/onSiteDrafts', {
    title: request.text('onSite.list'),
    drafts: drafts.map(({ id, keptAt, wife, husband }) => ({
      id,
      keptAt,
      couple: [wife, husband].filter(Boolean).join(' / '),
    })),
  });
};

/** What a button that only changes the boxes makes of them. */
const changed = (step: string, boxes: Boxes): Boxes => {
  const [act, of = ''] = step.split(':');
  const children = childCount(boxes);
  if (act === 'fill') return withCards(boxes).boxes;
  if (act === 'copy') return withHousehold(boxes, of);
  if (act === 'addChild') return { ...boxes, children: String(children + 1) };
  if (act === 'removeChild') return { ...boxes, children: String(Math.max(0, children - 1)) };
  return boxes;
};

const cardsRead = (step: string, boxes: Boxes): string =>
  step === 'fill' && (boxes['card'] ?? '').trim() !== '' ? `&cards=${withCards(boxes).cards > 0 ? 1 : 0}` : '';

/** What staff may ask of who is typed so far is asked once, and at hand from then on. */
const ask = (services: Services, request: FastifyRequest, id: string, boxes: Boxes): Promise<void> =>
  askPopulation(services, request, id, readBoxes(boxes, services.ruleContext(), { whole: false }).data);

const send: Handler = async (services, request, reply) => {
  const staff = entering(services, request);
  const parsed = sent.safeParse(request.body);
  if (!parsed.success) throw new Problem('invalid');
  const { step, commandId: command } = parsed.data;
  const [id, boxes] = [entryOf(request), boxesIn(parsed.data)];
  if (step === 'drop') {
    await services.onSite.dropDraft(staff, id);
    return reply.redirect('/on-site', 303);
  }
  const next = changed(step, boxes);
  await services.onSite.keepDraft(staff, id, next);
  if (step.startsWith('submit')) {
    return submitOnSite(services, request, reply, { id, boxes, commandId: command, review: step === 'submitReview' });
  }
  if (step !== 'save') await ask(services, request, id, next);
  return reply.redirect(`/on-site/drafts/${id}?look=typed${cardsRead(step, boxes)}`, 303);
};

/** Keeps what is typed, for the screen that asks by itself. */
const keep: Handler = async (services, request, reply) => {
  const staff = entering(services, request);
  const boxes = boxesIn((request.body ?? {}) as Readonly<Record<string, unknown>>);
  const id = entryOf(request);
  await services.onSite.keepDraft(staff, id, boxes);
  await ask(services, request, id, boxes);
  return reply.send({ outcome: 'kept' });
};

/** Entering a registration in the couple's presence (R8, §3.1.2, A1.4). */
export const onSiteRoutes = (app: FastifyInstance, services: Services): void => {
  const run = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => handler(services, request, reply);
  app.get('/on-site', run(showDrafts));
  app.get('/on-site/new', run(showNew));
  app.get('/on-site/drafts/:id', run(showDraft));
  app.post('/on-site/drafts/:id', run(send));
  app.post('/on-site/drafts/:id/keep', { config: { formAt: '/on-site/drafts/:id' } }, run(keep));
  app.get('/on-site/:id/receipt', (request, reply) => {
    entering(services, request);
    return showReceipt(services, request, reply);
  });
};
