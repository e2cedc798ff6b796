import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CorrectionOutcome } from '#application/correctionCommands.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { identifyingFields } from '#domain/registration/correction.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { shortNumberOf } from '#projections/shortNumber.ts';
import { evidenceLine } from '../../evidenceLine.ts';
import { fieldLabel } from '../../fieldTexts.ts';
import { Problem } from '../../problems.ts';
import { idOf } from './access.ts';
import { errorsModel, type Interruption, problemModel, readerOf, sinceModel } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { answersIn, correctionFields, correctionIn } from './correctionForm.ts';
import { interruptionOf } from './outcomes.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { actOf } from './review.ts';
import { officeName } from './shown.ts';
import { shownAnswer, valueAt } from './shownAnswer.ts';
import { formOf, typedIn, untyped } from './typed.ts';
import { documentRows } from './verificationModel.ts';

/** What differs between two declarations, in words, at each of these fields. */
export const changesModel = (
  services: Services,
  request: FastifyRequest,
  changed: readonly string[],
  before: RegistrationData,
  after: RegistrationData,
) => {
  const reader = readerOf(services, request);
  return changed.map((path) => ({
    label: fieldLabel(request.locale, path),
    before: shownAnswer(reader, path, valueAt(before, path)),
    after: shownAnswer(reader, path, valueAt(after, path)),
  }));
};

/** Why an act of correcting did nothing; of another live registration, which and where it lies. */
export const correctionTrouble = (
  services: Services,
  request: FastifyRequest,
  outcome: CorrectionOutcome,
): Interruption | undefined => {
  if (outcome.outcome !== 'duplicate') return interruptionOf(request, outcome);
  const { registrationId, office } = outcome;
  const fill = { office: officeName(services, office), number: shortNumberOf(registrationId) };
  return { status: 409, errors: [{ field: 'fields', message: request.text('corrections.duplicate', fill) }] };
};

/** What stands at the top of each of these pages. */
export const headModel = (view: StaffView) => ({
  id: view.row.id,
  couple: `${view.data.wife.name} / ${view.data.husband.name}`,
});

const correctable = async (services: Services, request: FastifyRequest): Promise<StaffView> => {
  const view = await viewFor(services, request, idOf(request));
  if (!view.mayCorrect) throw new Problem('forbidden');
  return view;
};

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await correctable(services, request);
  const { parked } = request;
  const typed = parked === undefined ? untyped : typedIn(parked);
  const at: Interruption = parked === undefined ? { status: 200 } : { ...parked.at, typed };
  const errors = errorsModel(at.errors);
  const model = {
    title: request.text('corrections.title'),
    ...headModel(view),
    revision: basisOf(request, view.row.revision),
    commandId: services.deps.ids(),
    allowed: view.row.status === 'registered',
    waiting: view.proposal !== undefined,
    sections: correctionFields(request, view.data, parked?.body, errors.errorAt, readerOf(services, request)),
    typed,
    verification: { documents: documentRows(readerOf(services, request), typed, errors.errorAt) },
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    ...errors,
  };
  return reply.page('management/correction', model, at.status);
};

/** Shows before and after, and who is asked next, before it is so. */
const check = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const edit = request.url.replace('/check', '');
  if (parked === undefined) return reply.redirect(edit, 303);
  const view = await correctable(services, request);
  const form = formOf(parked.body);
  const read = correctionIn(services, request, view, form);
  if (read.outcome === 'wrong') return reply.redirect(edit, 303);
  const { given, changed } = read;
  return reply.page('management/correctionCheck', {
    title: request.text('corrections.check.title'),
    ...headModel(view),
    second: identifyingFields(changed).length > 0,
    changes: changesModel(services, request, changed, view.data, given.data),
    reason: given.reason,
    documents: given.documents.map(evidenceLine),
    answers: [
      ...answersIn(view.data, parked.body),
      { name: 'text', value: given.reason },
      ...given.documents.flatMap(({ kind, number, shows }, n) => [
        { name: `document${n}`, value: kind },
        { name: `number${n}`, value: number },
        { name: `shows${n}`, value: shows },
      ]),
    ],
    commandId: form.commandId,
    revision: form.basedOn,
    edit,
  });
};

const correct = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const view = await correctable(services, request);
  const read = correctionIn(services, request, view, form);
  if (read.outcome === 'wrong') return showForm(services, request, reply, { status: 400, errors: read.errors });
  if (form.step !== 'confirm') return showForm(services, request, reply, { status: 200 }, `${request.url}/check`);
  const second = identifyingFields(read.changed).length > 0;
  const { correct: atOnce, proposeCorrection } = services.staff;
  const outcome = await (second ? proposeCorrection : atOnce)(idOf(request), actOf(request, form), read.given);
  const trouble = correctionTrouble(services, request, outcome);
  if (trouble !== undefined) return showForm(services, request, reply, trouble);
  return reply.redirect(`/registrations/${view.row.id}?done=${second ? 'proposed' : 'corrected'}`, 303);
};

/** Correcting clerical errors after the registration (R10). */
export const correctionRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id/correct';
  app.get(url, (request, reply) => page(services, request, reply));
  app.get(`${url}/check`, (request, reply) => check(services, request, reply));
  app.post(url, (request, reply) => correct(services, request, reply));
};
