import type { FastifyReply } from 'fastify';
import { applicantFrom } from '#application/access.ts';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { CopiedStep, OwnCopy } from '#application/ownCopy.ts';
import { answerCards } from '../../forms/answerCards.ts';
import { originOf } from '../../origin.ts';
import { Problem } from '../../problems.ts';
import { dayText } from '../../times.ts';
import { answering, goTo, hidden, type PublicPages, protectedForm, type Turn } from './publicPages.ts';
import { closeVisit, currentVisit } from './visits.ts';

const byText = ({ request }: Turn, by: CopiedStep['by']): string =>
  by.kind === 'office' ? by.name : request.text(`public.copy.by.${by.kind}`);

const lineOf = (turn: Turn, step: CopiedStep) => ({
  at: step.at,
  what: turn.request.text(`history.events.${step.what}`),
  by: byText(turn, step.by),
  told: step.told,
});

/** Earlier versions of the declaration, each with when it was written; the last is the present one. */
const versionsOf = ({ services, request }: Turn, { declared }: OwnCopy) =>
  declared
    .map(({ at, data }) => ({
      at,
      cards: answerCards({ locale: request.locale, divisions: services.deps.divisions }, data),
    }))
    .toReversed();

const birthsIn = ({ request }: Turn, { births }: OwnCopy) =>
  births && {
    by: request.text('births.by', {
      institution: births.institution.name,
      day: dayText(request.locale, births.annotatedOn),
    }),
    children: births.children.map(({ bornOn, sex, outcome }) =>
      request.text('institution.child', {
        day: dayText(request.locale, bornOn),
        sex: request.text(`births.sex.${sex}`),
        outcome: request.text(`institution.outcomes.${outcome}`),
      }),
    ),
  };

const modelOf = (turn: Turn, copy: OwnCopy) => {
  const [present, ...earlier] = versionsOf(turn, copy);
  const { registration } = copy;
  return {
    title: turn.request.text('public.copy.title'),
    copy,
    office: registration.office,
    births: birthsIn(turn, copy),
    cards: present?.cards,
    earlier,
    steps: copy.steps.map((step) => lineOf(turn, step)),
    correction: turn.request.text(`public.copy.correction.${registration.status}`),
  };
};

const copyOf = async (turn: Turn): Promise<OwnCopy | undefined> => {
  const { services, request, reply } = turn;
  const visit = await currentVisit(services, request, reply);
  return visit && services.applicant.copy(visit.registrationId, applicantFrom(originOf(request, 'public')));
};

const show = async (turn: Turn): Promise<FastifyReply> => {
  const copy = await copyOf(turn);
  return copy === undefined ? goTo(turn.reply, '/lookup?ended') : turn.reply.page('public/copy', modelOf(turn, copy));
};

const download = async (turn: Turn): Promise<FastifyReply> => {
  const copy = await copyOf(turn);
  if (copy === undefined) return goTo(turn.reply, '/lookup?ended');
  return turn.reply
    .type('application/json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('Content-Disposition', 'attachment; filename="birth-registration.json"')
    .send(JSON.stringify(copy, undefined, 2));
};

const opened = async ({ services, request, reply }: Turn): Promise<ApplicantView> => {
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined) throw new Problem('notOpened');
  return visit.view;
};

const askErasure = async (turn: Turn): Promise<FastifyReply> => {
  const { row } = await opened(turn);
  if (row.status !== 'withdrawn') return goTo(turn.reply, '/registration/copy');
  return turn.reply.page('public/erase', { title: turn.request.text('public.erase.title') });
};

const erase = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { row } = await opened(turn);
  const act = { commandId: services.deps.ids(), from: originOf(request, 'public') };
  const erased = await services.applicant.erase(row.id, act);
  if (erased.outcome !== 'done') throw new Problem('untimely');
  await closeVisit(services, request, reply);
  return goTo(reply, '/lookup?erased');
};

/** `/registration/copy`: all that is kept, to read, print and take away (PIPL art. 45); `/registration/erase`: art. 47. */
export const ownCopyRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/registration/copy', hidden, answered(show));
  app.get('/registration/copy.json', hidden, answered(download));
  app.get('/registration/erase', hidden, answered(askErasure));
  app.post('/registration/erase', protectedForm(app), answered(erase));
};
