import type { FastifyReply, FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import type { Submission } from '#application/applicantCommands.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { findings } from '#domain/registration/rules.ts';
import { answerCards } from '../../forms/answerCards.ts';
import type { Draft } from '../../forms/draft.ts';
import { faultText } from '../../forms/fieldView.ts';
import { draftNotice } from '../../forms/stepView.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress } from '../../rateLimit.ts';
import { dayText } from '../../times.ts';
import { closeDraft, type HeldDraft } from './drafts.ts';
import { bodyOf, filling, goTo, hidden, type PublicPages, textOf } from './publicPages.ts';
import { openVisit } from './visits.ts';

// Whole families and village offices share an address; a script that submits does not stop at this.
const submissions = { kind: 'submit', most: 60, windowMs: 60 * 60_000 };

type Sent = { held: HeldDraft; draft: Draft; data: RegistrationData };
/** The card of the answers that a field stands on. */
const cardOf = (field: string): string => {
  const [section = '', index] = field.split('.');
  return section === 'children' ? `s-children-${Number(index) + 1}` : `s-${section}`;
};

type CheckError = { href: string; message: string };

/** `/register/check`: read over what was filled in, promise that it is true, submit. */
export const checkRoutes = ({ app, services }: PublicPages): void => {
  const { deps, applicant } = services;

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { draft, data }: Sent,
    errors: readonly CheckError[],
  ) => {
    const { locale } = request;
    const flags = findings('flag', data, services.ruleContext());
    const view = {
      title: request.text('public.check.title'),
      cards: answerCards({ locale, divisions: deps.divisions, flags, changeable: true }, data),
      flagged: flags.length,
      office: deps.offices.forPlace(data.declaration.place),
      notice: draftNotice(draft),
      amending: draft.amends !== undefined,
      errors,
      problemCount: errors.length,
    };
    return reply.page('public/check', view, errors.length > 0 ? 400 : 200);
  };

  /** The one act of this draft: an amendment where it stands for a submitted registration, else a submission (R9). */
  const send = async ({ draft, data }: Sent): Promise<Submission> => {
    const { registrationId, commandId, amends, predecessor } = draft;
    if (amends === undefined) return applicant.submit(registrationId, data, { commandId }, predecessor);
    const amended = await applicant.amend(registrationId, data, { commandId, basedOn: amends.revision });
    // That somebody took the task, or passed it on, changes nothing the couple declared (R4).
    const harmless =
      amended.outcome === 'stale' &&
      amended.since.every(({ type }) => type === 'TaskReceived' || type === 'Redirected');
    return harmless && typeof amended.revision === 'number'
      ? applicant.amend(registrationId, data, { commandId, basedOn: amended.revision })
      : amended;
  };

  const done = async (reply: FastifyReply, { held, draft }: Sent) => {
    const { registrationId, amends } = draft;
    await closeDraft(services, reply, held, amends === undefined ? registrationId : undefined);
    await openVisit(services, reply, { registrationId, receipt: amends === undefined });
    return goTo(reply, amends === undefined ? '/receipt' : '/registration?amended');
  };

  const answer = (request: FastifyRequest, reply: FastifyReply, sent: Sent, outcome: Submission) => {
    const wrong = (key: string) => show(request, reply, sent, [{ href: '#main', message: request.text(key) }]);
    return match(outcome)
      .with({ outcome: 'done' }, () => done(reply, sent))
      .with({ outcome: 'duplicate' }, ({ office, submittedOn }) =>
        reply.page(
          'public/duplicate',
          {
            title: request.text('public.duplicate.title'),
            office: deps.offices.find(office),
            since: dayText(request.locale, submittedOn),
          },
          409,
        ),
      )
      .with({ outcome: 'stale' }, { outcome: 'rejected', rejection: { type: P.union('untimely', 'absent') } }, () =>
        reply.page('public/reviewed', { title: request.text('public.reviewed.title') }, 409),
      )
      .with({ outcome: 'rejected', rejection: { type: 'alreadySubmitted' } }, () => done(reply, sent))
      .with({ outcome: 'rejected', rejection: { type: 'invalid' } }, ({ rejection }) =>
        show(
          request,
          reply,
          sent,
          rejection.violations.map((flag) => ({
            href: `#${cardOf(flag.field)}`,
            message: faultText(request.locale, flag),
          })),
        ),
      )
      .with({ outcome: 'rejected', rejection: { type: 'unpublished' } }, ({ rejection: { year } }) => {
        throw new Problem('unpublished', { fill: { year }, detail: request.text('public.check.kept') });
      })
      .with({ outcome: 'rejected', rejection: { type: 'otherCouple' } }, () => wrong('public.check.otherCouple'))
      .with(
        { outcome: 'rejected', rejection: { type: P.union('unchanged', 'unknownOffice', 'unreasoned', 'unverified') } },
        () => wrong('public.check.unchanged'),
      )
      .exhaustive();
  };

  app.get('/register/check', hidden, async (request, reply) => {
    const { held, draft, checked } = await filling(services, request);
    if (checked.complete === undefined) return goTo(reply, '/register');
    return show(request, reply, { held, draft, data: checked.complete }, []);
  });

  app.post('/register/check', { ...hidden, preHandler: app.csrfProtection }, async (request, reply) => {
    const { held, draft, checked } = await filling(services, request);
    if (held.submitted !== undefined) {
      await openVisit(services, reply, { registrationId: held.submitted, receipt: true });
      return goTo(reply, '/receipt');
    }
    if (checked.complete === undefined) return goTo(reply, '/register');
    const sent = { held, draft, data: checked.complete };
    if (textOf(bodyOf(request), 'true') !== 'yes') {
      return show(request, reply, sent, [{ href: '#f-true', message: request.text('public.check.promiseMissing') }]);
    }
    await limitByAddress(services, submissions, request);
    return answer(request, reply, sent, await send(sent));
  });
};
