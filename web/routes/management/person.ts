import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountView } from '#application/accountQueries.ts';
import type { OpenedEvent } from '#application/eventCodec.ts';
import type { Services } from '#application/services.ts';
import { type AccountDetails, confirmationBases } from '#domain/account/events.ts';
import { isVerified } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { dayText, momentText } from '../../times.ts';
import { staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { type Entry, historyOf } from './historyModel.ts';
import { accountOf, authorisationText, found, pageOf, refusalModel, roleText } from './peopleModel.ts';
import { officeName } from './shown.ts';

const doneKinds = [
  'late',
  'registered',
  'changed',
  'grants',
  'disabled',
  'enabled',
  'signedOut',
  'closed',
  'matches',
  'differs',
  'unreachable',
  'confirmed',
] as const;
const troubles: ReadonlySet<string> = new Set(['late', 'differs', 'unreachable']);

const detailFields = ['name', 'idNumber', 'mobile', 'workUnit', 'qq', 'note'] as const;

/** The data of a person, those that there are. */
export const factsOfPerson = (request: FastifyRequest, { details }: Pick<AccountView, 'details'>) =>
  detailFields.flatMap((field) =>
    details[field] ? [{ label: request.text(`audit.details.${field}`), value: details[field] }] : [],
  );

const grantsOf = (services: Services, request: FastifyRequest, { row, inForce }: AccountView) => {
  const today = dayInShanghai(services.deps.clock());
  return row.grants.map(({ authorisation, until }) => {
    const expired = until !== undefined && until < today;
    const day = until && dayText(request.locale, until);
    const untilText = day === undefined ? 'people.person.open' : `people.person.${expired ? 'expired' : 'until'}`;
    return {
      name: authorisationText(request, authorisation),
      until: request.text(untilText, { day }),
      expired,
      inForce: inForce.includes(authorisation),
    };
  });
};

/** How the three steps stand that make someone staff who can work: checked, confirmed, with a password. */
const stepsOf = (request: FastifyRequest, { row, standing, manages, own }: AccountView) => {
  const { identity, checkedAt, password } = row;
  const text = (step: string, state: string) => request.text(`people.person.${step}.${state}`);
  const checked = identity.matches ? 'done' : (identity.lastOutcome ?? 'open');
  const at = checkedAt && request.text('people.person.check.at', { moment: momentText(request.locale, checkedAt) });
  const acts = manages && !own && standing !== 'closed';
  return {
    verified: isVerified(identity),
    check: {
      done: identity.matches,
      text: text('check', checked),
      at,
      action: acts ? text('check', identity.lastOutcome === undefined ? 'action' : 'again') : undefined,
    },
    confirm: {
      done: identity.confirmed,
      text: text('confirm', identity.confirmed ? 'done' : identity.matches ? 'open' : 'waiting'),
      bases: acts && identity.matches && !identity.confirmed ? confirmationBases : [],
    },
    password: {
      done: password !== 'none',
      text: text('password', password),
      action: acts ? text('password', password === 'none' ? 'action' : 'reset') : undefined,
    },
  };
};

const endingText = (request: FastifyRequest, { row, standing, reason }: AccountView) =>
  row.ended && (standing === 'disabled' || standing === 'closed')
    ? request.text(`people.person.${standing}`, { moment: momentText(request.locale, row.ended.at), reason })
    : undefined;

const doneModel = (request: FastifyRequest, { row, details }: AccountView) => {
  const { done } = request.query as { done?: unknown };
  const kind = doneKinds.find((one) => one === done);
  if (kind === undefined) return {};
  const text = request.text(`people.done.${kind}`, { name: details.name, account: row.id });
  return { done: text, trouble: troubles.has(kind) };
};

const factorOf = ({ row }: AccountView): 'passkey' | 'totp' | 'none' => {
  if (row.passkeys > 0) return 'passkey';
  return row.totp ? 'totp' : 'none';
};

/** The page of a person, with what is to be done; once erased, their account's history. */
const personPage = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const read = await services.accounts.account(staffOf(request), accountOf(request));
  if (read.outcome === 'erased') return reply.redirect(`${pageOf(accountOf(request))}/history`, 303);
  const { view } = found(read);
  const { row, details, standing, manages, own } = view;
  const acts = manages && !own;
  const office = services.deps.offices.current(row.office);
  return reply.page(
    'management/person',
    {
      title: details.name,
      account: row.id,
      url: pageOf(row.id),
      office: officeName(services, office),
      list: `/people?${new URLSearchParams({ office, below: '0' })}`,
      role: roleText(request, row.role),
      standing,
      ...doneModel(request, view),
      ...refusalModel(request, request.parked?.at),
      ending: endingText(request, view),
      steps: stepsOf(request, view),
      facts: factsOfPerson(request, view),
      registered: request.text('people.person.registeredAt', { moment: momentText(request.locale, row.registeredAt) }),
      masked: !manages && !own,
      grants: grantsOf(services, request, view),
      isAdmin: row.role === 'admin',
      factor: request.text(`people.person.factors.${factorOf(view)}`),
      may: {
        act: acts && standing !== 'closed',
        disable: acts && (standing === 'verified' || standing === 'unverified'),
        enable: acts && standing === 'disabled',
      },
      revision: row.revision,
    },
    request.parked?.at.status,
  );
};

/** What only those who may see a person are told: why it was ended, and what their data were before and after. */
const toldToAdmins = (
  request: FastifyRequest,
  entries: readonly Entry[],
  events: readonly OpenedEvent[],
): readonly Entry[] => {
  let before: AccountDetails | undefined;
  return entries.map((entry, n) => {
    const { type, data, erased } = events[n] ?? { type: '', data: {}, erased: true };
    const { personal, changed = [] } = data as {
      personal?: AccountDetails & { reason?: string };
      changed?: readonly (keyof AccountDetails)[];
    };
    if (erased || personal === undefined) return entry;
    if (personal.reason !== undefined) {
      return { ...entry, facts: [...entry.facts, { label: request.text('people.reason'), value: personal.reason }] };
    }
    const was = before;
    if (type === 'AccountRegistered' || type === 'AccountChanged') before = personal;
    if (was === undefined || type !== 'AccountChanged') return entry;
    const changes = changed.map((field) => ({
      label: request.text(`audit.details.${field}`),
      before: was[field] ?? '',
      after: personal[field] ?? '',
    }));
    return { ...entry, facts: [], changes };
  });
};

const history = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const account = accountOf(request);
  const { row, events } = found(await services.accounts.history(staffOf(request), account));
  const { erasedOn } = row;
  const name = (await services.accounts.nameOf(account)) ?? account;
  const back = { name, href: account === staffOf(request).account ? '/me' : pageOf(account) };
  return reply.page('management/organisationHistory', {
    title: `${name} · ${request.text('people.person.history')}`,
    back: erasedOn === undefined ? back : { name: request.text('people.nav'), href: '/people' },
    erasedOn,
    entries: toldToAdmins(request, await historyOf(services, request, readerOf(services, request), events), events),
  });
};

/** The page of a person and their history (O3–O5, S6). */
export const personRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/people/:account', (request, reply) =>
    accountOf(request) === staffOf(request).account
      ? reply.redirect(request.url.replace(/^[^?]*/, '/me'), 303)
      : personPage(services, request, reply),
  );
  app.get('/people/:account/history', (request, reply) => history(services, request, reply));
};
