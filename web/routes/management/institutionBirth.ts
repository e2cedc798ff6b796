import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import type { FoundByCheck, ShownCheck } from '#application/institutionChecks.ts';
import type { AnnotationOutcome } from '#application/institutions.ts';
import type { Services } from '#application/services.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { liveBornIn } from '#domain/registration/births.ts';
import { Problem } from '../../problems.ts';
import { dayText } from '../../times.ts';
import { type ChildRow, childrenIn, rowsOf } from './institutionChildren.ts';
import { annotatedHere, checkPage, coupleOf, faultsModel, shownCheck, textIn } from './institutionModel.ts';
import { actIn } from './organisationModel.ts';
import { showForm } from './parkedForms.ts';
import type { Refused } from './refused.ts';
import { officeName, parityText } from './shown.ts';

/** Rows that are open from the start: most births are of one or two children. */
const openRows = 2;

type At = { check: ShownCheck; found: FoundByCheck; certificate: string; correcting: boolean };

/** The birth of a check that may be annotated, or corrected where the own institution annotated it. */
const atBirth = async (services: Services, request: FastifyRequest): Promise<At> => {
  const check = await shownCheck(services, request);
  const { found, certificate = '' } = check;
  if (found === undefined) throw new Problem('absent');
  return { check, found, certificate, correcting: annotatedHere(services, request, found) };
};

const rowModel = (request: FastifyRequest, rows: readonly ChildRow[], errorAt: Readonly<Record<string, string>>) =>
  rows.map((row, n) => ({
    n,
    title: request.text('institution.birth.child', { count: n + 1 }),
    bornOn: row.bornOn,
    female: row.sex === 'female',
    male: row.sex === 'male',
    stillborn: row.stillborn,
    error: errorAt[`child${n}`],
    invalid: errorAt[`child${n}`] !== undefined,
  }));

const form = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { check, found, correcting } = await atBirth(services, request);
  const { parked } = request;
  const faults = faultsModel(request, parked?.at);
  const typed = rowsOf(parked?.body, correcting ? found.birth?.children : undefined);
  const rows = rowModel(request, typed, faults.errorAt);
  const text = (key: string, fill?: Readonly<Record<string, unknown>>) =>
    request.text(`institution.birth.${key}`, fill);
  const more = rows.slice(openRows);
  return reply.page(
    'management/institutionBirth',
    {
      title: text(correcting ? 'correctTitle' : 'title'),
      lead: text(correcting ? 'correctLead' : 'lead'),
      parityNote: text('parityNote', { parity: parityText(request, found.parity) }),
      couple: coupleOf(found),
      back: checkPage(check),
      action: `${checkPage(check)}/birth`,
      commandId: services.deps.ids(),
      today: dayInShanghai(services.deps.clock()),
      first: rows.slice(0, openRows),
      more,
      moreOpen: typed.slice(openRows).some(({ bornOn, sex }) => bornOn !== '' || sex !== ''),
      correcting,
      reason: textIn(parked?.body, 'reason'),
      ...faults,
    },
    parked?.at.status,
  );
};

/** Each child as it will stand there, before it does. */
const preview = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const edit = request.url.replace('/birth/check', '/birth');
  const read = childrenIn(parked?.body);
  if (parked === undefined || 'faults' in read) return reply.redirect(edit, 303);
  const { check, found, correcting } = await atBirth(services, request);
  const text = (key: string, fill?: Readonly<Record<string, unknown>>) =>
    request.text(`institution.birth.${key}`, fill);
  const kept = Object.entries(parked.body).filter(([name]) => /^(bornOn|sex|stillborn)\d$|^reason$/.test(name));
  return reply.page('management/institutionBirthCheck', {
    title: text('checkTitle'),
    couple: coupleOf(found),
    back: checkPage(check),
    action: `${checkPage(check)}/birth`,
    children: read.children.map(({ bornOn, sex, outcome }, n) => ({
      title: text('child', { count: n + 1 }),
      bornOnText: dayText(request.locale, bornOn),
      sexText: text(sex),
      note: outcome === 'stillborn' ? text('notPrinted') : '',
    })),
    liveCount: text('liveCount', { count: liveBornIn(read.children) }),
    reason: correcting ? textIn(parked.body, 'reason') : undefined,
    kept: kept.map(([name, value]) => ({ name, value })),
    confirm: text(correcting ? 'confirmCorrection' : 'confirm'),
    commandId: parked.body['commandId'],
    edit,
  });
};

/** Why nothing was annotated, at the field that it is about; undefined where it was. */
const refusalOf = (services: Services, request: FastifyRequest, outcome: AnnotationOutcome): Refused | undefined => {
  const at = (field: string, code: string, fill?: Readonly<Record<string, unknown>>, status = 400): Refused => ({
    status,
    faults: [{ field, code, ...(fill && { fill }) }],
  });
  return match(outcome)
    .returnType<Refused | undefined>()
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'stale' }, () => at('form', 'stale', undefined, 409))
    .with({ outcome: 'absent' }, () => {
      throw new Problem('absent');
    })
    .with({ outcome: 'forbidden' }, ({ reason }) => {
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${reason}`) });
    })
    .with({ rejection: { type: 'birthsImplausible' } }, ({ rejection: { faults } }) => ({
      status: 400,
      faults: faults.map(({ child, rule }) => ({ field: `child${child}`, code: rule, fill: { count: child + 1 } })),
    }))
    .with({ rejection: { type: 'alreadyAnnotated' } }, ({ rejection: { institution, annotatedOn } }) => {
      const day = dayText(request.locale, annotatedOn);
      return at('form', 'alreadyAnnotated', { institution: officeName(services, institution), day }, 409);
    })
    .with({ rejection: { type: 'unreasoned' } }, () => at('reason', 'unreasoned'))
    .with({ rejection: { type: 'childrenUncounted' } }, () => at('child0', 'childrenUncounted'))
    .with({ rejection: { type: P.union('otherCertificate', 'unannotated', 'unchanged') } }, ({ rejection }) =>
      at('form', rejection.type, undefined, 409),
    )
    .with({ outcome: 'rejected' }, () => at('form', 'untimely', undefined, 409))
    .exhaustive();
};

const annotate = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { act, step } = actIn(request);
  const { basedOn: _, ...unbased } = act;
  const read = childrenIn(request.body);
  if ('faults' in read) return showForm(services, request, reply, { status: 400, faults: read.faults });
  const { check, found, certificate, correcting } = await atBirth(services, request);
  const { children } = read;
  const reason = textIn(request.body, 'reason');
  if (correcting && reason === '') {
    return showForm(services, request, reply, { status: 400, faults: [{ field: 'reason', code: 'unreasoned' }] });
  }
  if (step !== 'confirm') return showForm(services, request, reply, { status: 200 }, `${request.url}/check`);
  const outcome = correcting
    ? await services.institutions.correctAnnotation(found.id, unbased, { children, reason })
    : await services.institutions.annotate(found.id, unbased, { certificate, children });
  const refused = refusalOf(services, request, outcome);
  if (refused !== undefined) return showForm(services, request, reply, refused);
  return reply.redirect(`${checkPage(check)}?done=${correcting ? 'corrected' : 'done'}`, 303);
};

/** Annotating the birth that a checked registration is for, and correcting that with a reason (M2, §3.3.2). */
export const institutionBirthRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/institution/checks/:id/birth';
  app.get(url, (request, reply) => form(services, request, reply));
  app.get(`${url}/check`, (request, reply) => preview(services, request, reply));
  app.post(url, (request, reply) => annotate(services, request, reply));
};
