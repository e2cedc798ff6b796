import { match, P } from 'ts-pattern';
import type { CorrectionOutcome } from '#application/correctionCommands.ts';
import type { Services } from '#application/services.ts';
import type { Submission } from '#application/submitRegistration.ts';
import type { RegistrationRejection } from '#domain/registration/decide.ts';
import type { Flag } from '#domain/registration/rules.ts';
import { Problem } from '../problems.ts';

/** What an act that was done leads to. */
export type Done = Extract<CorrectionOutcome, { outcome: 'done' }>;

const errorsOf = (violations: readonly Flag[]) => violations.map(({ rule, field }) => ({ field, code: rule }));

/** The problem that a refusal of the domain is to a client. */
const problemOfRejection = (rejection: RegistrationRejection): Problem =>
  match(rejection)
    .with({ type: P.union('absent', 'erased') }, () => new Problem('absent'))
    .with({ type: P.union('alreadySubmitted', 'withinRetention') }, () => new Problem('untimely'))
    .with({ type: 'invalid' }, ({ violations }) => new Problem('invalid', { errors: errorsOf(violations) }))
    .with({ type: 'untimely' }, ({ status }) => new Problem('untimely', { more: { registrationStatus: status } }))
    .with({ type: P.union('unchanged', 'otherCouple', 'unknownOffice', 'unreasoned', 'unverified') }, ({ type }) => {
      return new Problem('invalid', { errors: [{ field: '', code: type }] });
    })
    .with({ type: P.union('undocumented', 'unheard') }, ({ type }) => {
      return new Problem('invalid', { errors: [{ field: '', code: type }] });
    })
    .with({ type: P.union('uncorrectable', 'unapproved') }, ({ type, fields }) => {
      return new Problem('invalid', { errors: fields.map((field) => ({ field, code: type })) });
    })
    .with({ type: P.union('waiting', 'settled', 'outdated', 'samePerson') }, ({ type }) => {
      return new Problem('untimely', { more: { correction: type } });
    })
    .with({ type: 'scansFull' }, ({ type }) => new Problem('invalid', { errors: [{ field: '', code: type }] }))
    .with({ type: 'scanAbsent' }, () => new Problem('absent'))
    .with({ type: 'childrenUncounted' }, ({ type }) => {
      return new Problem('invalid', { errors: [{ field: 'children', code: type }] });
    })
    .with({ type: 'birthsImplausible' }, ({ faults }) => {
      const errors = faults.map(({ child, field, rule }) => ({ field: `children.${child}.${field}`, code: rule }));
      return new Problem('invalid', { errors });
    })
    .with({ type: 'alreadyAnnotated' }, ({ type: births, institution, annotatedOn }) => {
      return new Problem('untimely', { more: { births, institution, annotatedOn } });
    })
    .with({ type: 'unannotated' }, ({ type: births }) => new Problem('untimely', { more: { births } }))
    .with({ type: 'unpublished' }, ({ year }) => new Problem('unpublished', { fill: { year } }))
    .exhaustive();

/** What was done; throws the problem where it was not. Couples are told what happened since, staff also by whom. */
export const doneOrProblem = (
  { deps }: Services,
  outcome: CorrectionOutcome | Submission,
  audience: 'couple' | 'staff',
): Done =>
  match(outcome)
    .with({ outcome: 'done' }, (done) => done)
    .with({ outcome: 'absent' }, () => {
      throw new Problem('absent');
    })
    .with({ outcome: 'forbidden' }, () => {
      throw new Problem('forbidden');
    })
    .with({ outcome: 'duplicate' }, ({ office, reviewDueOn }) => {
      const holder = deps.offices.find(office);
      throw new Problem('duplicate', {
        more: { office: { code: office, name: holder?.name, phone: holder?.phone }, reviewDueOn },
      });
    })
    .with({ outcome: P.union('otherContent', 'fencedOff') }, () => {
      throw new Problem('keyReused');
    })
    .with({ outcome: 'stale' }, ({ since }) => {
      const acts = since.map(({ type, at, actor }) => ({ type, at, ...(audience === 'staff' ? { actor } : {}) }));
      throw new Problem('preconditionFailed', { more: { since: acts } });
    })
    .with({ outcome: 'rejected' }, ({ rejection }) => {
      throw problemOfRejection(rejection);
    })
    .exhaustive();
