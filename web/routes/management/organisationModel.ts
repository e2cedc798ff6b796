import type { FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import { z } from 'zod';
import type { Office } from '#application/offices.ts';
import type { OrganisationOutcome } from '#application/organisationCommands.ts';
import type { OrganisationRefusal, OrganisationView } from '#application/organisationQueries.ts';
import type { Services } from '#application/services.ts';
import type { OrganisationRejection } from '#domain/organisation/decide.ts';
import { hasText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import type { Fault, Refused } from './refused.ts';
import { officeName } from './shown.ts';
import { commandId } from './typed.ts';

/** The organisation that an address names. */
export const codeOf = (request: FastifyRequest): string => (request.params as { code: string }).code;

/** What was found; absent and forbidden are problems. */
export const found = <F extends { outcome: 'found' }>(read: F | OrganisationRefusal): F => {
  if (read.outcome === 'found') return read;
  throw new Problem(read.outcome);
};

/** The organisation that an address names, as whoever is signed in sees it. */
export const viewFor = async (services: Services, request: FastifyRequest): Promise<OrganisationView> =>
  found(await services.organisations.view(staffOf(request), codeOf(request))).view;

const mergedFill = (services: Services, office: string, successor: string) => ({
  office,
  successor: officeName(services, services.deps.offices.current(successor)),
});

/** The same for an act that they must be allowed to do there; nothing is done any more to what has merged. */
export const viewToChange = async (
  services: Services,
  request: FastifyRequest,
  may: keyof OrganisationView['may'],
): Promise<OrganisationView> => {
  const view = await viewFor(services, request);
  const { successor } = view.office;
  if (successor !== undefined) throw new Problem('merged', { fill: mergedFill(services, view.office.name, successor) });
  if (!view.may[may]) throw new Problem('forbidden');
  return view;
};

export const pageOf = ({ code }: Pick<Office, 'code'>): string => `/organisations/${code}`;

/** What an organisation is, in words. */
export const kindText = (request: FastifyRequest, { kind, level }: Pick<Office, 'kind' | 'level'>): string =>
  request.text(`organisations.kinds.${kind}.${level}`);

/** What every form of an organisation sends besides its own fields. */
const actSchema = z.looseObject({
  commandId,
  basedOn: z.coerce.number().int().min(0).max(1_000_000).optional(),
  step: z.enum(['find', 'preview', 'confirm']).default('preview'),
  find: z.string().max(60).default(''),
  other: z.string().max(24).default(''),
});

/** A form of an organisation as it was sent; throws `invalid` where it is none. */
export const formIn = (body: unknown) => {
  const parsed = actSchema.safeParse(body);
  if (!parsed.success) throw new Problem('invalid');
  return parsed.data;
};

/** The act that an organisation's form sends. */
export const actIn = (request: FastifyRequest) => {
  const { commandId: id, basedOn, ...form } = formIn(request.body);
  const act = { staff: staffOf(request), commandId: id, ...(basedOn === undefined ? {} : { basedOn }) };
  return { ...form, act };
};

/** The field of which form a refusal is about: forms that name another organisation have it in `other`. */
const faultOf = (rejection: OrganisationRejection): Fault =>
  match(rejection)
    .returnType<Fault>()
    .with({ type: 'exists' }, ({ name }) => ({ field: 'code', code: 'exists', fill: { name } }))
    .with({ type: 'wrongCode' }, ({ type }) => ({ field: 'code', code: type }))
    .with({ type: 'wrongName' }, ({ type }) => ({ field: 'name', code: type }))
    .with({ type: P.union('unknownOther', 'otherMerged', 'wrongLevel', 'top', 'cycle') }, ({ type }) => {
      return { field: 'other', code: type };
    })
    .with({ type: P.union('unchanged', 'merged', 'absent') }, ({ type }) => ({ field: 'form', code: type }))
    .exhaustive();

/** Why an act did nothing, as its form says it; undefined where it was done. Forbidden is a problem. */
export const refusalOf = (outcome: OrganisationOutcome): Refused | undefined =>
  match(outcome)
    .returnType<Refused | undefined>()
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'stale' }, () => ({ status: 409, stale: true }))
    .with({ outcome: 'rejected' }, ({ rejection }) => ({ status: 400, faults: [faultOf(rejection)] }))
    .with({ outcome: 'forbidden' }, () => {
      throw new Problem('forbidden');
    })
    .exhaustive();

/** What is wrong, as the top of a form and its fields show it: of each field the first fault, by `organisations.errors`. */
export const refusalModel = (request: FastifyRequest, refused: Refused | undefined) => {
  const faults = [...Map.groupBy(refused?.faults ?? [], ({ field }) => field).values()].flatMap(
    ([first]) => first ?? [],
  );
  const errors = faults.map(({ field, code, fill }) => {
    const label = hasText(request.locale, `organisations.${field}`)
      ? request.text(`organisations.${field}`)
      : undefined;
    return { field, label, message: request.text(`organisations.errors.${code}`, fill) };
  });
  return {
    stale: refused?.stale,
    errors: errors.length > 0 ? errors : undefined,
    errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
    problemCount: errors.length,
  };
};

/** One line of text as a form asks it. */
export const textField = (
  name: string,
  { label, hint, value, error, optional, list }: Record<string, string | boolean | undefined>,
) => ({ name, label, hint, value, error, optional, list });
