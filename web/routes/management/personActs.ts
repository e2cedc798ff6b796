import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountOutcome } from '#application/accountCommands.ts';
import type { Services } from '#application/services.ts';
import { confirmationBases } from '#domain/account/events.ts';
import { callerOf } from '../../caller.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { staffOf } from './access.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { accountOf, actIn, newsOf, pageOf, refusalModel, refusalOf, textIn, viewToManage } from './peopleModel.ts';
import { officeName } from './shown.ts';

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };

const done = ({ request, reply }: Turn, what: string) =>
  reply.redirect(`${pageOf(accountOf(request))}?done=${what}`, 303);

/** Done: back to the person's page, which says so; refused: the page of the form says why. */
const answered = ({ services, request, reply }: Turn, outcome: AccountOutcome, what: string) => {
  const refused = refusalOf(services, request, outcome);
  return refused === undefined
    ? done({ services, request, reply }, newsOf(outcome, what))
    : showForm(services, request, reply, refused);
};

const check = async (turn: Turn) => {
  const { services, request } = turn;
  const { act } = actIn(request);
  await limitByAccount(services, limits.inquiries, act.staff.account);
  const outcome = await services.accounts.checkIdentity(accountOf(request), { ...act, basedOn: undefined });
  const last =
    outcome.outcome === 'done' && 'identity' in outcome.state ? outcome.state.identity.lastOutcome : undefined;
  return answered(turn, outcome, last ?? 'unreachable');
};

const confirm = async (turn: Turn) => {
  const { services, request } = turn;
  const { act, typed } = actIn(request);
  const basis = confirmationBases.find((one) => one === typed['basis']);
  if (basis === undefined) throw new Problem('invalid');
  return answered(turn, await services.accounts.confirmIdentity(accountOf(request), act, basis), 'confirmed');
};

const enable = async (turn: Turn) => {
  const { act } = actIn(turn.request);
  return answered(turn, await turn.services.accounts.enable(accountOf(turn.request), act), 'enabled');
};

/** Lets someone out everywhere, such as where a computer was left open; no page of theirs stays. */
const endSessions = async (turn: Turn) => {
  const { services, request } = turn;
  const caller = callerOf(services, request);
  const ended = await services.signIn.endAllOf(staffOf(request), accountOf(request), caller);
  if (ended.outcome !== 'done') throw new Problem(ended.outcome);
  return done(turn, 'signedOut');
};

type Ending = { kind: 'disable' | 'close'; what: string };

const endingForm = async ({ services, request, reply }: Turn, { kind }: Ending) => {
  const { row, details } = await viewToManage(services, request);
  const model = {
    title: request.text(`people.${kind}.title`, { name: details.name }),
    back: { name: details.name, href: pageOf(row.id) },
    action: `${pageOf(row.id)}/${kind}`,
    kind,
    danger: kind === 'close',
    reason: textIn(request.parked?.body ?? {}, 'reason', 200),
    revision: basisOf(request, row.revision),
    ...refusalModel(request, request.parked?.at),
  };
  return reply.page('management/personEnding', model, request.parked?.at.status);
};

const end = async (turn: Turn, ending: Ending) => {
  const { services, request } = turn;
  const { act, typed } = actIn(request);
  const reason = textIn(typed, 'reason', 200);
  const outcome = await services.accounts[ending.kind](accountOf(request), act, reason);
  return answered(turn, outcome, ending.what);
};

const passwordForm = async ({ services, request, reply }: Turn) => {
  const { row, details } = await viewToManage(services, request);
  const model = {
    title: request.text('people.password.title', { name: details.name }),
    back: { name: details.name, href: pageOf(row.id) },
    action: `${pageOf(row.id)}/password`,
    withFactor: row.totp || row.passkeys > 0,
    factorLost: request.parked?.body['factorLost'] === '1',
    revision: basisOf(request, row.revision),
    ...refusalModel(request, request.parked?.at),
  };
  return reply.page('management/personPassword', model, request.parked?.at.status);
};

/** The slip is shown as the answer itself: the password stands nowhere, not even for the next page. */
const issuePassword = async (turn: Turn) => {
  const { services, request, reply } = turn;
  const { act, typed } = actIn(request);
  const view = await viewToManage(services, request);
  const outcome = await services.accounts.resetPassword(accountOf(request), act, typed['factorLost'] === '1');
  const refused = refusalOf(services, request, outcome);
  if (refused !== undefined) return showForm(services, request, reply, refused);
  return reply.page('management/passwordSlip', {
    title: request.text('people.password.slip'),
    back: { name: view.details.name, href: pageOf(view.row.id) },
    again: `${pageOf(view.row.id)}/password`,
    name: view.details.name,
    account: view.row.id,
    office: officeName(services, services.deps.offices.current(view.row.office)),
    address: `${request.protocol}://${request.host}`,
    password: 'password' in outcome ? outcome.password : undefined,
  });
};

/** What an admin does with a person by one form each: check, confirm, disable, enable, close, reset (O3, O4). */
export const personActRoutes = (app: FastifyInstance, services: Services): void => {
  const turn = (request: FastifyRequest, reply: FastifyReply): Turn => ({ services, request, reply });
  const endings: readonly Ending[] = [
    { kind: 'disable', what: 'disabled' },
    { kind: 'close', what: 'closed' },
  ];
  const delicate = { config: { delicate: true } } as const;
  for (const ending of endings) {
    const route = ending.kind === 'close' ? delicate : {};
    app.get(`/people/:account/${ending.kind}`, route, (request, reply) => endingForm(turn(request, reply), ending));
    app.post(`/people/:account/${ending.kind}`, route, (request, reply) => end(turn(request, reply), ending));
  }
  const here = { config: { formAt: '/people/:account' } };
  const delicateHere = { config: { ...here.config, ...delicate.config } };
  app.post('/people/:account/check', here, (request, reply) => check(turn(request, reply)));
  app.post('/people/:account/confirm', delicateHere, (request, reply) => confirm(turn(request, reply)));
  app.post('/people/:account/sign-out', here, (request, reply) => endSessions(turn(request, reply)));
  app.post('/people/:account/enable', delicateHere, (request, reply) => enable(turn(request, reply)));
  app.get('/people/:account/password', delicate, (request, reply) => passwordForm(turn(request, reply)));
  app.post('/people/:account/password', delicate, (request, reply) => issuePassword(turn(request, reply)));
};
