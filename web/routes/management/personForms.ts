import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountView } from '#application/accountQueries.ts';
import type { Services } from '#application/services.ts';
import { type Authorisation, authorisations, type Role, roles } from '#domain/account/authorisations.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import type { Grant } from '#domain/account/state.ts';
import { isDay } from '#domain/calendar/day.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import {
  accountOf,
  actIn,
  authorisationText,
  detailsIn,
  type Fault,
  pageOf,
  type Refused,
  refusalModel,
  refusalOf,
  roleText,
  textIn,
  viewToManage,
} from './peopleModel.ts';
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

const ticked = (typed: Typed, name: string): boolean => typed[`grant-${name}`] === '1';

const newForm = async (turn: Turn, typed: Typed, refused?: Refused): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const where = openingIn(typed['where']);
  if (where === undefined) return choose(turn);
  const opening = await services.accounts.opening(staffOf(request), where.office, where.role);
  if (opening === undefined) throw new Problem('forbidden');
  const model = refusalModel(request, refused);
  const fill = { office: officeName(services, where.office), role: roleText(request, where.role) };
  return reply.page(
    'management/personNew',
    {
      title: request.text('people.new.title', fill),
      where: textIn(typed, 'where'),
      fields: [
        ...detailFields(request, refused === undefined ? nobody : detailsIn(typed), model.errorAt),
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
        checked: ticked(typed, authorisation),
      })),
      until: { value: textIn(typed, 'until'), error: model.errorAt['until'] },
      ...model,
    },
    refused?.status ?? 200,
  );
};

/** A last day as typed; empty is none. */
const untilIn = (typed: Typed, name: string): { until?: string } | 'malformed' => {
  const text = textIn(typed, name, 20);
  if (text === '') return {};
  return isDay(text) ? { until: text } : 'malformed';
};

const register = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { act, typed } = actIn(request);
  const where = openingIn(typed['where']);
  if (where === undefined) throw new Problem('invalid');
  const until = untilIn(typed, 'until');
  if (until === 'malformed') {
    return newForm(turn, typed, { status: 400, faults: [{ field: 'until', code: 'malformed' }] });
  }
  const account = textIn(typed, 'account').toLowerCase();
  const grants = authorisations
    .filter((one) => ticked(typed, one))
    .map((authorisation) => ({ authorisation, ...until }));
  const made = { ...where, details: detailsIn(typed), grants, ...(account === '' ? {} : { account }) };
  const outcome = await services.accounts.register(act, made);
  const refused = refusalOf(services, request, outcome);
  if (refused !== undefined || outcome.outcome !== 'registered') return newForm(turn, typed, refused);
  if (!outcome.repeated) {
    await services.accounts.checkIdentity(outcome.account, { staff: act.staff, commandId: services.deps.ids() });
  }
  return reply.redirect(`${pageOf(outcome.account)}?done=registered`, 303);
};

/** What every form of a person shows. */
const formModel = (
  request: FastifyRequest,
  { row, details }: AccountView,
  form: 'change' | 'grantsForm',
  refused?: Refused,
) => ({
  title: request.text(`people.${form}.title`, { name: details.name }),
  back: { name: details.name, href: pageOf(row.id) },
  form,
  revision: row.revision,
  ...refusalModel(request, refused),
});

const changeForm = async ({ services, request, reply }: Turn, typed?: Typed, refused?: Refused) => {
  const view = await viewToManage(services, request);
  const model = formModel(request, view, 'change', refused);
  const fields = detailFields(request, typed === undefined ? view.details : detailsIn(typed), model.errorAt);
  return reply.page(
    'management/personChange',
    { ...model, action: `${pageOf(view.row.id)}/change`, fields },
    refused?.status ?? 200,
  );
};

const change = async (turn: Turn) => {
  const { services, request, reply } = turn;
  const { act, typed } = actIn(request);
  const outcome = await services.accounts.change(accountOf(request), act, detailsIn(typed));
  const refused = refusalOf(services, request, outcome);
  return refused === undefined
    ? reply.redirect(`${pageOf(accountOf(request))}?done=changed`, 303)
    : changeForm(turn, typed, refused);
};

const grantLine = (
  request: FastifyRequest,
  view: AccountView,
  authorisation: Authorisation,
  typed: Typed | undefined,
) => {
  const held = view.row.grants.find((one) => one.authorisation === authorisation);
  return {
    name: authorisation,
    text: authorisationText(request, authorisation),
    checked: typed === undefined ? held !== undefined : ticked(typed, authorisation),
    until: typed === undefined ? (held?.until ?? '') : textIn(typed, `until-${authorisation}`),
    grantable: view.grantable.includes(authorisation),
  };
};

const offeredIn = ({ possible, grantable, row }: AccountView): readonly Authorisation[] =>
  possible.filter((one) => grantable.includes(one) || row.grants.some(({ authorisation }) => authorisation === one));

const grantsForm = async ({ services, request, reply }: Turn, typed?: Typed, refused?: Refused) => {
  const view = await viewToManage(services, request);
  const model = formModel(request, view, 'grantsForm', refused);
  const lines = offeredIn(view).map((authorisation) => grantLine(request, view, authorisation, typed));
  return reply.page(
    'management/personGrants',
    { ...model, action: `${pageOf(view.row.id)}/grants`, lines },
    refused?.status ?? 200,
  );
};

/** What the form changes of what is held; faults where an end cannot be read. */
const changesIn = (view: AccountView, typed: Typed) => {
  const grant: Grant[] = [];
  const withdraw: Authorisation[] = [];
  const faults: Fault[] = [];
  for (const authorisation of offeredIn(view)) {
    const held = view.row.grants.find((one) => one.authorisation === authorisation);
    const until = untilIn(typed, `until-${authorisation}`);
    if (!ticked(typed, authorisation)) {
      if (held !== undefined) withdraw.push(authorisation);
    } else if (until === 'malformed') faults.push({ field: 'until', code: 'malformed' });
    else if (view.grantable.includes(authorisation) && (held === undefined || held.until !== until.until)) {
      grant.push({ authorisation, ...until });
    }
  }
  return { changes: { grant, withdraw }, faults };
};

const changeGrants = async (turn: Turn) => {
  const { services, request, reply } = turn;
  const { act, typed } = actIn(request);
  const { changes, faults } = changesIn(await viewToManage(services, request), typed);
  if (faults.length > 0) return grantsForm(turn, typed, { status: 400, faults: faults.slice(0, 1) });
  const nothing = changes.grant.length + changes.withdraw.length === 0;
  const outcome = nothing ? undefined : await services.accounts.changeGrants(accountOf(request), act, changes);
  const refused = outcome && refusalOf(services, request, outcome);
  return refused === undefined
    ? reply.redirect(`${pageOf(accountOf(request))}?done=grants`, 303)
    : grantsForm(turn, typed, refused);
};

/** Registering a person, correcting their data, and what they may do (O3, O5; §1.2.1). */
export const personFormRoutes = (app: FastifyInstance, services: Services): void => {
  const turn = (request: FastifyRequest, reply: FastifyReply): Turn => ({ services, request, reply });
  app.get('/people/new', (request, reply) => newForm(turn(request, reply), request.query as Typed));
  app.post('/people/new', (request, reply) => register(turn(request, reply)));
  app.get('/people/:account/change', (request, reply) => changeForm(turn(request, reply)));
  app.post('/people/:account/change', (request, reply) => change(turn(request, reply)));
  app.get('/people/:account/grants', (request, reply) => grantsForm(turn(request, reply)));
  app.post('/people/:account/grants', (request, reply) => changeGrants(turn(request, reply)));
};
