import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountView } from '#application/accountQueries.ts';
import type { Services } from '#application/services.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import { listText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { actIn, authorisationText, found, refusalModel, refusalOf, roleText, textIn } from './peopleModel.ts';
import { factsOfPerson } from './person.ts';
import { officeName } from './shown.ts';

const ownFields = ['mobile', 'workUnit', 'qq'] as const;

/** What is missing before someone can work (O4). */
const todoOf = ({ row, details, standing }: AccountView): readonly string[] => {
  const mobile = details.mobile === '' ? ['mobile'] : [];
  if (standing === 'verified') return mobile;
  if (row.identity.matches) return [...mobile, 'confirm'];
  return [...mobile, row.identity.lastOutcome === 'differs' ? 'differs' : 'check'];
};

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };

const page = async ({ services, request, reply }: Turn) => {
  const { parked } = request;
  const staff = staffOf(request);
  const read = await services.accounts.account(staff, staff.account);
  const { view } = found(read);
  const model = refusalModel(request, parked?.at);
  const managers = (await services.accounts.managersOf(staff)).filter((name) => name !== view.details.name);
  const { done } = request.query as { done?: unknown };
  return reply.page(
    'management/ownData',
    {
      title: request.text('people.own.title'),
      done: done === 'own' ? request.text('people.done.own') : undefined,
      verified: staff.verified,
      todo: todoOf(view).map((one) => request.text(`people.own.todo.${one}`)),
      rights: request.text('people.own.rightsNote', {
        years: retentionOn(dayInShanghai(services.deps.clock())).accountYears,
      }),
      managers:
        managers.length > 0 ? request.text('people.own.who', { names: listText(request.locale, managers) }) : undefined,
      account: view.row.id,
      office: officeName(services, staff.office),
      role: roleText(request, staff.role),
      facts: factsOfPerson(request, view),
      grants: view.inForce.map((authorisation) => authorisationText(request, authorisation)),
      fields: ownFields.map((name) => ({
        name,
        label: request.text(`audit.details.${name}`),
        value: textIn({ ...view.details, ...parked?.body }, name),
        error: model.errorAt[name],
        optional: name !== 'mobile',
      })),
      revision: basisOf(request, view.row.revision),
      ...model,
    },
    parked?.at.status,
  );
};

const complete = async ({ services, request, reply }: Turn) => {
  const { act, typed } = actIn(request);
  const [mobile = '', workUnit = '', qq = ''] = ownFields.map((name) => textIn(typed, name));
  const outcome = await services.accounts.completeOwn(act, { mobile, workUnit, qq });
  const refused = refusalOf(services, request, outcome);
  return refused === undefined ? reply.redirect('/me?done=own', 303) : showForm(services, request, reply, refused);
};

const open: readonly string[] = ['/me', '/me/copy', '/me/copy.json', '/session', '/people/:account/history'];

/** Who is not verified yet is led to their own data from every page but those of their own sign-in (O4). */
export const requireVerified = async (
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  if (request.staff === undefined || request.staff.verified) return undefined;
  if (open.includes(request.routeOptions.url ?? '')) return undefined;
  if (request.method !== 'GET' || request.headers['x-fragment'] !== undefined) throw new Problem('forbidden');
  return reply.redirect('/me', 303);
};

/** One's own data: what is there, what is missing, and what to do about it (O4). */
export const ownDataRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/me', (request, reply) => page({ services, request, reply }));
  app.post('/me', (request, reply) => complete({ services, request, reply }));
};
