import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountView } from '#application/accountQueries.ts';
import type { Services } from '#application/services.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import type { Grant } from '#domain/account/state.ts';
import { isDay } from '#domain/calendar/day.ts';
import { basisOf, showForm } from './parkedForms.ts';
import {
  accountOf,
  actIn,
  authorisationText,
  mostText,
  pageOf,
  refusalModel,
  refusalOf,
  textIn,
  viewToManage,
} from './peopleModel.ts';
import type { Fault } from './refused.ts';

type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };
type Typed = Readonly<Record<string, unknown>>;

/** Whether a form has an authorisation ticked. */
export const ticked = (typed: Typed, name: string): boolean => typed[`grant-${name}`] === '1';

/** A last day as typed; empty is none. */
export const untilIn = (typed: Typed, name: string): { until?: string } | 'malformed' => {
  const text = textIn(typed, name, 20);
  if (text === '') return {};
  return isDay(text) ? { until: text } : 'malformed';
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
    most: mostText(request, authorisation),
  };
};

const offeredIn = ({ possible, grantable, row }: AccountView): readonly Authorisation[] =>
  possible.filter((one) => grantable.includes(one) || row.grants.some(({ authorisation }) => authorisation === one));

const grantsForm = async ({ services, request, reply }: Turn) => {
  const view = await viewToManage(services, request);
  const { row, details } = view;
  const model = {
    title: request.text('people.grantsForm.title', { name: details.name }),
    back: { name: details.name, href: pageOf(row.id) },
    revision: basisOf(request, row.revision),
    ...refusalModel(request, request.parked?.at),
  };
  const lines = offeredIn(view).map((authorisation) => grantLine(request, view, authorisation, request.parked?.body));
  return reply.page(
    'management/personGrants',
    { ...model, action: `${pageOf(view.row.id)}/grants`, lines },
    request.parked?.at.status,
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

const changeGrants = async ({ services, request, reply }: Turn) => {
  const { act, typed } = actIn(request);
  const { changes, faults } = changesIn(await viewToManage(services, request), typed);
  if (faults.length > 0) return showForm(services, request, reply, { status: 400, faults: faults.slice(0, 1) });
  const nothing = changes.grant.length + changes.withdraw.length === 0;
  const outcome = nothing ? undefined : await services.accounts.changeGrants(accountOf(request), act, changes);
  const refused = outcome && refusalOf(services, request, outcome);
  return refused === undefined
    ? reply.redirect(`${pageOf(accountOf(request))}?done=grants`, 303)
    : showForm(services, request, reply, refused);
};

/** What someone may do, and until when: granted and withdrawn in one form (O3, O5). */
export const personGrantRoutes = (app: FastifyInstance, services: Services): void => {
  const address = '/people/:account/grants';
  const delicate = { config: { delicate: true } } as const;
  app.get(address, delicate, (request, reply) => grantsForm({ services, request, reply }));
  app.post(address, delicate, (request, reply) => changeGrants({ services, request, reply }));
};
