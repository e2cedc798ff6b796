import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { type Role, roles } from '#domain/account/authorisations.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { basisOf, showForm } from './parkedForms.ts';
import {
  accountOf,
  actIn,
  authorisationText,
  detailsIn,
  mostText,
  pageOf,
  refusalModel,
  refusalOf,
  roleText,
  textIn,
  viewToManage,
} from './peopleModel.ts';
import { ticked } from './personGrants.ts';
import { newPersonIn } from './personTyped.ts';
import { officeName } from './shown.ts';

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };
type Typed = Readonly<Record<string, unknown>>;

const required = ['name', 'idNumber', 'mobile'] as const;
const optional = ['workUnit', 'qq', 'note'] as const;
const hinted: ReadonlySet<string> = new Set(['idNumber', 'mobile', 'workUnit', 'note']);

const detailFields = (request: FastifyRequest, values: AccountDetails, errorAt: Readonly<Record<string, string>>) =>
  [...required, ...optional].map((name) => ({
    name,
    label: request.text(`audit.details.${name}`),
    hint: hinted.has(name) ? request.text(`people.hints.${name}`) : undefined,
    value: values[name] ?? '',
    error: errorAt[name],
    optional: optional.some((one) => one === name),
  }));

const nobody: AccountDetails = { name: '', idNumber: '', mobile: '' };

/** Where someone can be registered, one line each. */
const choose = ({ services, request, reply }: Turn) => {
  const openings = services.accounts.openings(staffOf(request));
  if (openings.length === 0) throw new Problem('forbidden');
  return reply.page('management/peopleChoose', {
    title: request.text('people.choose.title'),
    openings: openings.map(({ office, role }, n) => ({
      value: `${role}.${office}`,
      text: request.text('people.choose.one', { office: officeName(services, office), role: roleText(request, role) }),
      checked: n === 0,
    })),
  });
};

/** Which opening a form is for; undefined where it names none. */
const openingIn = (value: unknown): { role: Role; office: string } | undefined => {
  const [, kind, office = ''] = /^(admin|operator)\.([\w-]{2,24})$/.exec(String(value ?? '')) ?? [];
  const role = roles.find((one) => one === kind);
  return role && { role, office };
};

const newForm = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { parked } = request;
  const typed = parked?.body ?? (request.query as Typed);
  const where = openingIn(typed['where']);
  if (where === undefined) return choose(turn);
  const opening = await services.accounts.opening(staffOf(request), where.office, where.role);
  if (opening === undefined) throw new Problem('forbidden');
  const model = refusalModel(request, parked?.at);
  const fill = { office: officeName(services, where.office), role: roleText(request, where.role) };
  return reply.page(
    'management/personNew',
    {
      title: request.text('people.new.title', fill),
      where: textIn(typed, 'where'),
      fields: [
        ...detailFields(request, parked === undefined ? nobody : detailsIn(typed), model.errorAt),
        {
          name: 'account',
          label: request.text('people.account'),
          hint: request.text('people.hints.account', { account: opening.account }),
          value: textIn(typed, 'account'),
          error: model.errorAt['account'],
          optional: true,
        },
      ],
      grants: opening.grantable.map((authorisation) => ({
        name: authorisation,
        text: authorisationText(request, authorisation),
        most: mostText(request, authorisation),
        // An admin hands on what they hold: what they lack, nobody below them can do.
        checked: parked === undefined ? where.role === 'admin' : ticked(typed, authorisation),
      })),
      isAdmin: where.role === 'admin',
      until: { value: textIn(typed, 'until'), error: model.errorAt['until'] },
      ...model,
    },
    parked?.at.status,
  );
};

const register = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { act, typed } = actIn(request);
  const where = openingIn(typed['where']);
  if (where === undefined) throw new Problem('invalid');
  const { faults, made } = newPersonIn(services, typed);
  if (faults.length > 0) return showForm(services, request, reply, { status: 400, faults });
  const outcome = await services.accounts.register(act, { ...where, ...made });
  const refused = refusalOf(services, request, outcome);
  if (refused !== undefined || outcome.outcome !== 'registered') return showForm(services, request, reply, refused);
  if (!outcome.repeated) {
    await services.accounts.checkIdentity(outcome.account, { staff: act.staff, commandId: services.deps.ids() });
  }
  return reply.redirect(`${pageOf(outcome.account)}?done=registered`, 303);
};

const changeForm = async ({ services, request, reply }: Turn) => {
  const view = await viewToManage(services, request);
  const { row, details } = view;
  const { parked } = request;
  const model = {
    title: request.text('people.change.title', { name: details.name }),
    back: { name: details.name, href: pageOf(row.id) },
    revision: basisOf(request, row.revision),
    ...refusalModel(request, parked?.at),
  };
  const fields = detailFields(request, parked === undefined ? details : detailsIn(parked.body), model.errorAt);
  return reply.page(
    'management/personChange',
    { ...model, action: `${pageOf(view.row.id)}/change`, fields },
    parked?.at.status,
  );
};

const change = async ({ services, request, reply }: Turn) => {
  const { act, typed } = actIn(request);
  const outcome = await services.accounts.change(accountOf(request), act, detailsIn(typed));
  const refused = refusalOf(services, request, outcome);
  return refused === undefined
    ? reply.redirect(`${pageOf(accountOf(request))}?done=changed`, 303)
    : showForm(services, request, reply, refused);
};

/** Registering a person, and correcting their data (O3, §1.2.1). */
export const personFormRoutes = (app: FastifyInstance, services: Services): void => {
  const turn = (request: FastifyRequest, reply: FastifyReply): Turn => ({ services, request, reply });
  const delicate = { config: { delicate: true } } as const;
  app.get('/people/new', delicate, (request, reply) => newForm(turn(request, reply)));
  app.post('/people/new', delicate, (request, reply) => register(turn(request, reply)));
  app.get('/people/:account/change', delicate, (request, reply) => changeForm(turn(request, reply)));
  app.post('/people/:account/change', delicate, (request, reply) => change(turn(request, reply)));
};
