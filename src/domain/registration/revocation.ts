import type { Day } from '../calendar/day.ts';
import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import { isTelling } from './documents.ts';
import type { RevokeReason } from './events.ts';
import type { MadeRegistration } from './state.ts';

/** What a revocation rests on: who revokes, why, what the couple said when told before, and what they are told now (R10). */
export type Revocation = {
  revokedBy: string;
  today: Day;
  reasons: readonly RevokeReason[];
  text: string;
  evidence: string;
  heardOn: Day;
  statement: string;
};

/**
 * Revoked, never deleted (R10): the couple is free to submit anew. A birth that was annotated meanwhile has happened, and
 * goes on counting as a child.
 */
export const revoke = (command: Revocation, state: MadeRegistration): Decision<RegistrationKind> => {
  const { revokedBy, today, reasons, heardOn } = command;
  const [text, evidence, statement] = [command.text.trim(), command.evidence.trim(), command.statement.trim()];
  if (reasons.length === 0 || !isTelling(text)) return rejected({ type: 'unreasoned' });
  if (!isTelling(evidence)) return rejected({ type: 'unverified' });
  if (heardOn > today || statement === '') return rejected({ type: 'unheard' });
  return accepted({
    type: 'Revoked',
    data: {
      office: state.office,
      revokedBy,
      reasons,
      revokedOn: today,
      heardOn,
      personal: { text, evidence, statement },
    },
  });
};
