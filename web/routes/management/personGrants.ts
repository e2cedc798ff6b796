import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountView } from '#application/accountQueries.ts';
import type { Services } from '#application/services.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import type { Grant } from '#domain/account/state.ts';
import { isDay } from '#domain/calendar/day.ts';
import { dayText } from '../../times.ts';
import { basisOf, showForm } from './parkedForms.ts';
import {
  accountOf,
  actIn,
  authorisationText,
  mostText,
  newsOf,
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

/** What is held of one authorisation, in one word: nothing, without an end, or its last day. */
const none = 'none';
const open = 'open';
const heldNow = ({ row }: AccountView, authorisation: Authorisation): string => {
  const held = row.grants.find((one) => one.authorisation === authorisation);
  return held === undefined ? none : (held.until ?? open);
};

/** What a form showed as held when it was filled in; a form that does not say showed what is held now. */
const seenIn = (typed: Typed, view: AccountView, authorisation: Authorisation): string =>
  textIn(typed, `seen-${authorisation}`, 20) || heldNow(view, authorisation);

const endIn = (held: string): string => (held === none || held === open ? '' : held);

/** Whether a form changes what it showed: its tick, or the end of what is ticked. */
const changes = (typed: Typed, seen: string, authorisation: Authorisation): boolean => {
  const isTicked = ticked(typed, authorisation);
  return isTicked !== (seen !== none) || (isTicked && textIn(typed, `until-${authorisation}`) !== endIn(seen));
};

const heldText = (request: FastifyRequest, held: string): string => {
  if (held === none || held === open) return request.text(`people.grantsForm.now.${held}`);
  return request.text('people.grantsForm.now.until', { day: dayText(request.locale, held) });
};

/** A line as typed; where someone else changed the account meanwhile, only what this form changes, the rest as it is now. */
const grantLine = (request: FastifyRequest, view: AccountView, authorisation: Authorisation) => {
  const now = heldNow(view, authorisation);
  const typed = request.parked?.body;
  const stale = request.parked?.at.stale;
  const seen = typed === undefined ? now : seenIn(typed, view, authorisation);
  const kept = typed !== undefined && (!stale || changes(typed, seen, authorisation)) ? typed : undefined;
  return {
    name: authorisation,
    text: authorisationText(request, authorisation),
    checked: kept === undefined ? now !== none : ticked(kept, authorisation),
    until: kept === undefined ? endIn(now) : textIn(kept, `until-${authorisation}`),
    seen: stale ? now : seen,
    now: stale && heldText(request, now),
    others: stale && now !== seen,
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
  const lines = offeredIn(view).map((authorisation) => grantLine(request, view, authorisation));
  return reply.page(
    'management/personGrants',
    { ...model, action: `${pageOf(view.row.id)}/grants`, lines },
    request.parked?.at.status,
  );
};

/** What the form changes of what it showed as held; faults where an end cannot be read. */
const changesIn = (view: AccountView, typed: Typed) => {
  const grant: Grant[] = [];
  const withdraw: Authorisation[] = [];
  const faults: Fault[] = [];
  for (const authorisation of offeredIn(view)) {
    if (!changes(typed, seenIn(typed, view, authorisation), authorisation)) continue;
    const until = untilIn(typed, `until-${authorisation}`);
    if (!ticked(typed, authorisation)) withdraw.push(authorisation);
    else if (until === 'malformed') faults.push({ field: 'until', code: 'malformed' });
    else if (view.grantable.includes(authorisation)) grant.push({ authorisation, ...until });
  }
  return { changes: { grant, withdraw }, faults };
};

const changeGrants = async ({ services, request, reply }: Turn) => {
  const { act, typed } = actIn(request);
  const { changes: changed, faults } = changesIn(await viewToManage(services, request), typed);
  if (faults.length > 0) return showForm(services, request, reply, { status: 400, faults: faults.slice(0, 1) });
  const nothing = changed.grant.length + changed.withdraw.length === 0;
  const outcome = nothing ? undefined : await services.accounts.changeGrants(accountOf(request), act, changed);
  const refused = outcome && refusalOf(services, request, outcome);
  return refused === undefined
    ? reply.redirect(`${pageOf(accountOf(request))}?done=${newsOf(outcome, 'grants')}`, 303)
    : showForm(services, request, reply, refused);
};

/** What someone may do, and until when: granted and withdrawn in one form (O3, O5). */
export const personGrantRoutes = (app: FastifyInstance, services: Services): void => {
  const address = '/people/:account/grants';
  const delicate = { config: { delicate: true } } as const;
  app.get(address, delicate, (request, reply) => grantsForm({ services, request, reply }));
  app.post(address, delicate, (request, reply) => changeGrants({ services, request, reply }));
};
