import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import type { Changed } from '#application/signInChanges.ts';
import { type PasswordFault, passwordLength } from '#domain/account/passwordRules.ts';
import { proofAgain, type Stage } from '#domain/account/signInStage.ts';
import { callerOf } from '../../caller.ts';
import { localOnly } from '../../localPath.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { nextPath, sessionIn, setToken } from './access.ts';
import { type DemoSignIn, goOn, refusal } from './signIn.ts';

const to = z.string().max(2000).optional();
const codeForm = z.object({ code: z.string().max(100), to });
const againForm = z.object({ proof: z.string().max(1024), to });
const passwordForm = z.object({
  old: z.string().max(1024).optional(),
  next: z.string().max(1024),
  again: z.string().max(1024),
  to,
});

/** What a form holds; throws `invalid`. */
const read = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const typed = schema.safeParse(body);
  if (!typed.success) throw new Problem('invalid');
  return typed.data;
};

const askedTo = (request: FastifyRequest): string => localOnly((request.query as { to?: unknown }).to);

/** Whoever is at another stage is led to what is due there; without a session, to the beginning. */
export const onlyAt =
  (...stages: readonly Stage[]) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const { session } = request;
    if (session === undefined) return reply.redirect('/sign-in', 303);
    return stages.includes(session.stage) ? undefined : reply.redirect(nextPath(session.stage, askedTo(request)), 303);
  };

type Step = { services: Services; reply: FastifyReply; demo?: DemoSignIn | undefined };

const codePage = async ({ services, reply, demo }: Step, back: string, model: object = {}, status = 200) => {
  const { request } = reply;
  const { account } = sessionIn(request);
  const made = await services.deps.staff.account(account);
  const shown = {
    title: request.text('signIn.codeTitle'),
    to: back,
    withApp: made?.totp !== undefined,
    withPasskey: (made?.passkeys.length ?? 0) > 0,
    demoCode: demo?.codeOf?.(account, services.deps.clock()),
  };
  return reply.page('management/signInCode', { ...shown, ...model }, status);
};

const takeCode = async (step: Step) => {
  const { services, reply } = step;
  const { request } = reply;
  const { code, to: back } = read(codeForm, request.body);
  await limitByAddress(services, limits.signIns, request);
  const signed = await services.signIn.byCode(sessionIn(request), code, callerOf(services, request));
  if (signed.outcome === 'signedIn') return goOn(services, reply, signed, localOnly(back));
  const { model, status } = refusal(signed);
  return codePage(step, localOnly(back), model, status);
};

const againPage = async ({ services, reply }: Step, back: string, model: object = {}, status = 200) => {
  const { request } = reply;
  const made = await services.deps.staff.account(sessionIn(request).account);
  const by = made && proofAgain(made, services.deps.signIn.secondFactor);
  const ways = { by: { [by ?? 'password']: true }, withPasskey: (made?.passkeys.length ?? 0) > 0 };
  const shown = { title: request.text('signIn.againTitle'), to: back, ...ways };
  return reply.page('management/proveAgain', { ...shown, ...model }, status);
};

const proveAgain = async (step: Step) => {
  const { services, reply } = step;
  const { request } = reply;
  const { proof, to: back } = read(againForm, request.body);
  await limitByAddress(services, limits.signIns, request);
  const signed = await services.signIn.again(sessionIn(request), proof, callerOf(services, request));
  if (signed.outcome === 'signedIn') return goOn(services, reply, signed, localOnly(back));
  const { model, status } = refusal(signed);
  return againPage(step, localOnly(back), model, status);
};

type PasswordTrouble = PasswordFault | 'wrong' | 'locked' | 'gone' | 'differs';

const passwordPage = ({ reply }: Step, back: string, trouble?: PasswordTrouble) => {
  const { request } = reply;
  const first = sessionIn(request).stage === 'newPassword';
  const title = request.text(first ? 'security.firstPasswordTitle' : 'security.passwordTitle');
  const field = trouble === 'wrong' || trouble === 'locked' ? 'old' : trouble === 'differs' ? 'again' : 'next';
  const fill = { least: passwordLength.least, most: passwordLength.most };
  const error = trouble && { field, message: request.text(`security.passwordFaults.${trouble}`, fill) };
  const shown = { title, first, to: back, account: sessionIn(request).account, ...fill };
  const status = trouble === undefined ? 200 : trouble === 'locked' ? 429 : 400;
  return reply.page(
    'management/newPassword',
    { ...shown, ...(error && { error, problemCount: 1, [`${field}Error`]: error.message }) },
    status,
  );
};

const changePassword = async (step: Step, donePath: (back: string) => string) => {
  const { services, reply } = step;
  const { request } = reply;
  const { old, next, again, to: asked } = read(passwordForm, request.body);
  const back = localOnly(asked);
  if (next !== again) return passwordPage(step, back, 'differs');
  const session = sessionIn(request);
  const typed = old === undefined ? { next } : { old, next };
  const changed: Changed<PasswordTrouble> = await services.signIn.changePassword(
    session,
    typed,
    callerOf(services, request),
  );
  if (changed.outcome === 'refused') return passwordPage(step, back, changed.reason);
  return setToken(reply, changed.token).redirect(donePath(back), 303);
};

/** Second steps of signing in: the code, the first own password, and the proof that is asked again. */
export const signInStepRoutes = (app: FastifyInstance, services: Services, demo?: DemoSignIn): void => {
  const page = (...stages: readonly Stage[]) => ({ onRequest: onlyAt(...stages) });
  const sent = (...stages: readonly Stage[]) => ({ preHandler: [app.csrfProtection, onlyAt(...stages)] });
  const stepOf = (reply: FastifyReply): Step => ({ services, reply, demo });
  app.get('/sign-in/code', page('secondFactor'), (request, reply) => codePage(stepOf(reply), askedTo(request)));
  app.post('/sign-in/code', sent('secondFactor'), (_, reply) => takeCode(stepOf(reply)));
  app.get('/sign-in/new-password', page('newPassword'), (request, reply) =>
    passwordPage(stepOf(reply), askedTo(request)),
  );
  app.post('/sign-in/new-password', sent('newPassword'), (_, reply) =>
    // What is due after this password is asked on the way to the page.
    changePassword(stepOf(reply), (back) => back),
  );
  app.get('/sign-in/again', page('full', 'enrolment'), (request, reply) => againPage(stepOf(reply), askedTo(request)));
  app.post('/sign-in/again', sent('full', 'enrolment'), (_, reply) => proveAgain(stepOf(reply)));
  app.get('/security/password', page('full', 'enrolment'), (_, reply) => passwordPage(stepOf(reply), '/security'));
  app.post('/security/password', sent('full', 'enrolment'), (_, reply) =>
    changePassword(stepOf(reply), () => '/security?done=password'),
  );
};
