import type { FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import { z } from 'zod';
import type { AccountAct, AccountOutcome } from '#application/accountCommands.ts';
import type { AccountRefusal, AccountView } from '#application/accountQueries.ts';
import type { Registered } from '#application/registerAccount.ts';
import type { Services } from '#application/services.ts';
import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import type { AccountRejection } from '#domain/account/decide.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import type { DetailFault } from '#domain/account/rules.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import type { Fault, Refused } from './refused.ts';
import { officeName } from './shown.ts';
import { commandId } from './typed.ts';

/** The account that an address names. */
export const accountOf = (request: FastifyRequest): string => (request.params as { account: string }).account;

export const pageOf = (account: string): string => `/people/${account}`;

/** What was found; absent and forbidden are problems. */
export const found = <F extends { outcome: 'found' }>(read: F | AccountRefusal): F => {
  if (read.outcome === 'found') return read;
  throw new Problem(read.outcome);
};

/** The account that an address names, as whoever is signed in sees it. */
const viewFor = async (services: Services, request: FastifyRequest): Promise<AccountView> =>
  found(await services.accounts.account(staffOf(request), accountOf(request))).view;

/** The same for an act: only by who manages it. */
export const viewToManage = async (services: Services, request: FastifyRequest): Promise<AccountView> => {
  const view = await viewFor(services, request);
  if (!view.manages) throw new Problem('forbidden');
  return view;
};

export const roleText = (request: FastifyRequest, role: Role): string => request.text(`audit.roles.${role}`);

export const authorisationText = (request: FastifyRequest, authorisation: Authorisation): string =>
  request.text(`audit.authorisations.${authorisation}`);

/** Until when at most staff can hand something on; undefined where they hold it without an end. */
export const mostText = (request: FastifyRequest, authorisation: Authorisation): string | undefined => {
  const most = staffOf(request).ends?.[authorisation];
  return most === undefined ? undefined : request.text('people.grantsForm.most', { day: most });
};

const form = z.looseObject({ commandId, basedOn: z.coerce.number().int().min(0).max(1_000_000) });

/** A form of an account's page; throws `invalid` where it is none. */
export const actIn = (request: FastifyRequest): { act: AccountAct; typed: Readonly<Record<string, unknown>> } => {
  const parsed = form.safeParse(request.body);
  if (!parsed.success) throw new Problem('invalid');
  const { commandId: id, basedOn, ...typed } = parsed.data;
  return { act: { staff: staffOf(request), commandId: id, basedOn }, typed };
};

/** One field of a form as typed, at most so long. */
export const textIn = (typed: Readonly<Record<string, unknown>>, name: string, most = 300): string => {
  const value = typed[name];
  return typeof value === 'string' ? value.trim().slice(0, most) : '';
};

/** What was typed of a person. */
export const detailsIn = (typed: Readonly<Record<string, unknown>>): AccountDetails => {
  const [name, idNumber, mobile] = ['name', 'idNumber', 'mobile'].map((field) => textIn(typed, field));
  const rest = ['workUnit', 'qq', 'note'].map((field) => [field, textIn(typed, field)]);
  return { name: name ?? '', idNumber: idNumber ?? '', mobile: mobile ?? '', ...Object.fromEntries(rest) };
};

/** A fault of a detail as a form shows it. */
export const detailFault = ({ field, fault }: DetailFault): Fault => ({ field, code: fault });

const faultsOf = (request: FastifyRequest, rejection: AccountRejection): readonly Fault[] =>
  match(rejection)
    .returnType<readonly Fault[]>()
    .with({ type: 'invalid' }, ({ faults }) => faults.map(detailFault))
    .with({ type: 'occupied' }, ({ type }) => [{ field: 'account', code: type }])
    .with({ type: 'past' }, ({ type }) => [{ field: 'until', code: type }])
    .with({ type: 'unreasoned' }, () => [{ field: 'reason', code: 'empty' }])
    .with({ type: 'unsuitable' }, ({ type, authorisation }) => [
      { field: 'form', code: type, fill: { authorisation: authorisationText(request, authorisation) } },
    ])
    .with({ type: P.union('unchecked', 'changedMeanwhile', 'closed', 'disabled') }, ({ type }) => [
      { field: 'form', code: type },
    ])
    .with(
      { type: P.union('absent', 'present', 'unenrolled', 'unknownCode', 'live', 'withinRetention', 'demanded') },
      () => {
        throw new Problem('absent');
      },
    )
    .exhaustive();

/** What a page says was done: not that it is in force where it is not yet. */
export const newsOf = (outcome: AccountOutcome | undefined, what: string): string =>
  outcome !== undefined && 'late' in outcome ? 'late' : what;

/** Why an act did nothing, as its form says it; undefined where it was done. */
export const refusalOf = (
  services: Services,
  request: FastifyRequest,
  outcome: AccountOutcome | Registered,
): Refused | undefined =>
  match(outcome)
    .returnType<Refused | undefined>()
    .with({ outcome: P.union('done', 'registered') }, () => undefined)
    .with({ outcome: 'stale' }, () => ({ status: 409, stale: true }))
    .with({ outcome: 'rejected' }, ({ rejection }) => ({ status: 400, faults: faultsOf(request, rejection) }))
    .with({ outcome: 'held' }, ({ office }) => {
      const fill = { office: officeName(services, office) };
      return { status: 409, faults: [{ field: 'form', code: 'held', fill }] };
    })
    .with({ outcome: 'forbidden', reason: 'self' }, () => ({ status: 403, faults: [{ field: 'form', code: 'self' }] }))
    .with({ outcome: 'forbidden', reason: 'longer' }, ({ reason }) => ({
      status: 403,
      faults: [{ field: 'until', code: reason }],
    }))
    .with({ outcome: P.union('forbidden', 'absent') }, ({ outcome: kind }) => {
      throw new Problem(kind);
    })
    .exhaustive();

/** What is wrong, as the top of a form and its fields show it by `people.errors.<field>`. */
export const refusalModel = (request: FastifyRequest, refused: Refused | undefined) => {
  const errors = (refused?.faults ?? []).map(({ field, code, fill }) => ({
    field,
    message: request.text(`people.errors.${field}.${code}`, fill),
  }));
  return {
    stale: refused?.stale,
    errors: errors.length > 0 ? errors : undefined,
    errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
    problemCount: errors.length,
  };
};
