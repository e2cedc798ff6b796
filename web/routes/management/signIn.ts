import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { localOnly } from '../../localPath.ts';
import { Problem } from '../../problems.ts';
import { signIn, signOut } from '../../sessions.ts';
import { setToken, tokenOf } from './access.ts';

/** Accounts that the demo's sign-in page shows, and their password. */
export type DemoSignIn = {
  accounts: readonly { account: string; name: string; office: string }[];
  password: string;
};

const form = z.object({
  account: z.string().max(100),
  password: z.string().max(1024),
  to: z.string().max(2000).optional(),
});

const demoList = async ({ deps }: Services, demo: DemoSignIn, to: string) =>
  Promise.all(
    demo.accounts.map(async ({ account, name, office }) => ({
      account,
      name,
      office: deps.offices.find(office)?.name ?? office,
      role: (await deps.staff.find(account))?.role ?? 'operator',
      href: `/sign-in?${new URLSearchParams({ account, to })}`,
    })),
  );

type Asked = { services: Services; demo: DemoSignIn | undefined; reply: FastifyReply };

const page = async ({ services, demo, reply }: Asked, to: string, model: object, status = 200) => {
  const accounts = demo && { demoAccounts: await demoList(services, demo, to), demoPassword: demo.password };
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
  return page(asked, localOnly(to), { ended: ended === '1', ...given });
};

const enter = async (asked: Asked) => {
  const { services, reply } = asked;
  const { request } = reply;
  const typed = form.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const { account, password, to } = typed.data;
  const signed = await signIn(services, account, password, request);
  if (signed.outcome !== 'signedIn') {
    const minutes = signed.outcome === 'locked' ? signed.minutes : undefined;
    return page(asked, localOnly(to), { account, minutes, failed: true, problemCount: 1 }, minutes ? 429 : 401);
  }
  const old = tokenOf(request);
  if (old !== undefined) await signOut(services, old);
  return setToken(reply, signed.token).redirect(localOnly(to), 303);
};

const leave = async ({ services, reply }: Asked) => {
  const token = tokenOf(reply.request);
  if (token !== undefined) await signOut(services, token);
  return setToken(reply, undefined).redirect('/sign-in', 303);
};

/** Sign-in and sign-out (a later issue builds the administration of people). */
export const signInRoutes = (app: FastifyInstance, services: Services, demo?: DemoSignIn): void => {
  const fromOurPage = { preHandler: app.csrfProtection };
  app.get('/sign-in', (_, reply) => show({ services, demo, reply }));
  app.post('/sign-in', fromOurPage, (_, reply) => enter({ services, demo, reply }));
  app.post('/sign-out', fromOurPage, (_, reply) => leave({ services, demo, reply }));
};
