import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import type { SignInOutcome } from '#application/signIn.ts';
import { callerOf } from '../../caller.ts';
import { rememberDevice } from '../../deviceCookie.ts';
import { localOnly } from '../../localPath.ts';
import { parsedJson } from '../../parsedJson.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { nextPath, setToken, tokenOf } from './access.ts';

/** Accounts that the demo's sign-in page shows, and their password; `codeOf`: the code that an account's app shows now. */
export type DemoSignIn = {
  accounts: readonly { account: string; name: string; office: string }[];
  password: string;
  codeOf?: (account: string, now: number) => string | undefined;
};

const form = z.object({
  account: z.string().max(100),
  password: z.string().max(1024),
  to: z.string().max(2000).optional(),
});
const passkeyForm = z.object({ answer: z.string().max(20_000), to: z.string().max(2000).optional() });

const demoList = async ({ deps }: Services, demo: DemoSignIn, to: string) =>
  Promise.all(
    demo.accounts.map(async ({ account, name, office }) => ({
      account,
      name,
      office: deps.offices.find(office)?.name ?? office,
      role: (await deps.staff.find(account))?.role ?? 'operator',
      withApp: demo.codeOf?.(account, deps.clock()) !== undefined,
      href: `/sign-in?${new URLSearchParams({ account, to })}`,
    })),
  );

type Asked = { services: Services; demo: DemoSignIn | undefined; reply: FastifyReply };

const page = async ({ services, demo, reply }: Asked, to: string, model: object, status = 200) => {
  const accounts = demo && {
    demoAccounts: await demoList(services, demo, to),
    demoPassword: demo.password,
    demoOptional: services.deps.signIn.secondFactor === 'nobody',
  };
  return reply.page(
    'management/signIn',
    { title: reply.request.text('signIn.title'), to, ...accounts, ...model },
    status,
  );
};

const show = async (asked: Asked) => {
  const { demo, reply } = asked;
  const { to, account, ended } = reply.request.query as Record<string, unknown>;
  if (reply.request.staff !== undefined && account === undefined) return reply.redirect(localOnly(to), 303);
  const filled = demo?.accounts.find((one) => one.account === account);
  const given = filled && { account: filled.account, password: demo?.password };
  // Told to the browser that was in alone: strangers learn nothing of any account.
  const over = ended === undefined && reply.request.session === undefined && tokenOf(reply.request) !== undefined;
  return page(asked, localOnly(to), { ended: ended === '1', kept: ended === 'kept', over, ...given });
};

/** After a right step: the new token, and on to what is due or to the page that was asked for. */
export const goOn = (
  services: Services,
  reply: FastifyReply,
  { token, session }: Extract<SignInOutcome, { outcome: 'signedIn' }>,
  to: string,
): FastifyReply => {
  if (session.stage !== 'secondFactor') rememberDevice(services, reply, session.account);
  return setToken(reply, token).redirect(nextPath(session.stage, to), 303);
};

/** How a step that was not right is told: for how long nothing more is taken, or that it was wrong. */
export const refusal = (signed: Exclude<SignInOutcome, { outcome: 'signedIn' }>) => {
  const minutes = signed.outcome === 'locked' ? signed.minutes : undefined;
  return { model: { minutes, failed: true, problemCount: 1 }, status: minutes === undefined ? 401 : 429 };
};

/** Whoever signs in anew in a browser leaves the session that was open in it. */
const leaveOld = async (services: Services, { request }: FastifyReply) => {
  if (request.session !== undefined) await services.signIn.out(request.session, callerOf(services, request));
};

const enter = async (asked: Asked) => {
  const { services, reply } = asked;
  const { request } = reply;
  const typed = form.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  await limitByAddress(services, limits.signIns, request);
  const { account, password } = typed.data;
  const to = localOnly(typed.data.to);
  const meant = (await services.deps.staff.identify(account)) ?? account.trim().toLowerCase();
  const signed = await services.signIn.byPassword(meant, password, callerOf(services, request));
  if (signed.outcome !== 'signedIn') {
    const { model, status } = refusal(signed);
    return page(asked, to, { account, ...model }, status);
  }
  await leaveOld(services, reply);
  return goOn(services, reply, signed, to);
};

/** A passkey's answer, as a form: by itself, or in the place of the second step or of a proof asked again. */
const enterByPasskey = async (asked: Asked) => {
  const { services, reply } = asked;
  const { request } = reply;
  const typed = passkeyForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  await limitByAddress(services, limits.signIns, request);
  const to = localOnly(typed.data.to);
  const caller = callerOf(services, request);
  const signed = await services.signIn.byPasskey(parsedJson(typed.data.answer), caller, request.session);
  if (signed.outcome !== 'signedIn') return page(asked, to, { passkeyFailed: true, problemCount: 1 }, 401);
  if (request.session?.account !== signed.session.account) await leaveOld(services, reply);
  return goOn(services, reply, signed, to);
};

const leave = async ({ services, reply }: Asked) => {
  await leaveOld(services, reply);
  return setToken(reply, undefined).redirect('/sign-in', 303);
};

/** Signing in by password or passkey, and out. */
export const signInRoutes = (app: FastifyInstance, services: Services, demo?: DemoSignIn): void => {
  const fromOurPage = { preHandler: app.csrfProtection };
  app.get('/sign-in', (_, reply) => show({ services, demo, reply }));
  app.post('/sign-in', fromOurPage, (_, reply) => enter({ services, demo, reply }));
  app.post('/sign-in/passkey/options', fromOurPage, async (request) => {
    await limitByAddress(services, limits.passkeyRequests, request);
    return services.deps.signIn.passkeys.request(await services.signIn.proofs.challenge('signIn'));
  });
  app.post('/sign-in/passkey', fromOurPage, (_, reply) => enterByPasskey({ services, demo, reply }));
  app.post('/sign-out', fromOurPage, (_, reply) => leave({ services, demo, reply }));
};
