import { match, P } from 'ts-pattern';
import type { AccountOutcome } from '#application/accountCommands.ts';
import type { Registered } from '#application/registerAccount.ts';
import type { Services } from '#application/services.ts';
import type { AccountRejection } from '#domain/account/decide.ts';
import { Problem } from '../problems.ts';

const invalid = (...errors: readonly { field: string; code: string }[]) => new Problem('invalid', { errors });

/** The problem that a refusal of the domain is to a client; its codes are told under `people.errors`. */
const problemOf = (rejection: AccountRejection): Problem =>
  match(rejection)
    .with({ type: 'absent' }, ({ type }) => new Problem(type))
    .with({ type: 'invalid' }, ({ faults }) => invalid(...faults.map(({ field, fault }) => ({ field, code: fault }))))
    .with({ type: 'occupied' }, ({ type }) => invalid({ field: 'account', code: type }))
    .with({ type: 'past' }, ({ type }) => invalid({ field: 'until', code: type }))
    .with({ type: 'unreasoned' }, () => invalid({ field: 'reason', code: 'empty' }))
    .with({ type: P.union('unsuitable', 'unchecked', 'changedMeanwhile', 'closed', 'disabled') }, ({ type }) =>
      invalid({ field: 'form', code: type }),
    )
    .with(
      { type: P.union('present', 'unenrolled', 'unknownCode', 'live', 'withinRetention', 'demanded') },
      () => new Problem('invalid'),
    )
    .exhaustive();

/** Throws the problem where an act on an account was not done; who comes too late is told what happened since. */
export const accountDone = <O extends AccountOutcome | Registered>({ deps }: Services, outcome: O): O => {
  match<AccountOutcome | Registered>(outcome)
    .with({ outcome: P.union('done', 'registered') }, () => undefined)
    .with({ outcome: 'forbidden', reason: 'longer' }, ({ reason }) => {
      throw invalid({ field: 'until', code: reason });
    })
    .with({ outcome: P.union('forbidden', 'absent') }, ({ outcome: kind }) => {
      throw new Problem(kind);
    })
    .with({ outcome: 'held' }, ({ office }) => {
      throw new Problem('held', { more: { office: { code: office, name: deps.offices.find(office)?.name } } });
    })
    .with({ outcome: 'stale' }, ({ since }) => {
      throw new Problem('preconditionFailed', { more: { since } });
    })
    .with({ outcome: 'rejected' }, ({ rejection }) => {
      throw problemOf(rejection);
    })
    .exhaustive();
  return outcome;
};
