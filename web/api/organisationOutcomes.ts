import { match, P } from 'ts-pattern';
import type { OrganisationOutcome } from '#application/organisationCommands.ts';
import type { OrganisationRejection } from '#domain/organisation/decide.ts';
import { Problem } from '../problems.ts';

const invalid = (field: string, code: string) => new Problem('invalid', { errors: [{ field, code }] });

/** The problem that a refusal of the domain is to a client; its codes are told under `organisations.errors`. */
const problemOf = (rejection: OrganisationRejection): Problem =>
  match(rejection)
    .with({ type: 'absent' }, ({ type }) => new Problem(type))
    .with({ type: 'exists' }, () => invalid('code', 'taken'))
    .with({ type: 'wrongCode' }, ({ type }) => invalid('code', type))
    .with({ type: 'wrongName' }, ({ type }) => invalid('name', type))
    .with({ type: P.union('unknownOther', 'otherMerged', 'wrongLevel', 'cycle') }, ({ type }) => invalid('other', type))
    .with({ type: P.union('unchanged', 'merged', 'top') }, ({ type }) => invalid('', type))
    .exhaustive();

/** Throws the problem where an act was not done; who comes too late is told what happened since. */
export const organisationDone = (outcome: OrganisationOutcome): void =>
  match(outcome)
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'forbidden' }, () => {
      throw new Problem('forbidden');
    })
    .with({ outcome: 'stale' }, ({ since }) => {
      throw new Problem('preconditionFailed', { more: { since } });
    })
    .with({ outcome: 'rejected' }, ({ rejection }) => {
      throw problemOf(rejection);
    })
    .exhaustive();
