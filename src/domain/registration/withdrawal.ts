import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import type { DocumentKind } from './documents.ts';
import type { MadeRegistration } from './state.ts';

/** Who of the couple stands at the counter, by which document. */
export type AtCounter = { of: 'wife' | 'husband'; document: DocumentKind; documentNumber: string };
/** By the couple itself, or at the counter. */
export type Withdrawal = { atCounter?: AtCounter };

/** Taken back by the couple, at the counter by one of them who showed who they are (R10). */
export const withdraw = (
  { atCounter }: Withdrawal,
  { office, status: from }: MadeRegistration,
): Decision<RegistrationKind> => {
  if (atCounter === undefined) return accepted({ type: 'Withdrawn', data: { office, from } } as const);
  const { of, document } = atCounter;
  const documentNumber = atCounter.documentNumber.trim();
  if (documentNumber === '') return rejected({ type: 'undocumented' });
  const identity = { of, document };
  return accepted({ type: 'Withdrawn', data: { office, from, identity, personal: { documentNumber } } } as const);
};
