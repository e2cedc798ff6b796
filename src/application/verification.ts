import { type Comparison, compare, sourceFor } from '#domain/registration/compare.ts';
import type { Basis } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import type { PopulationAnswer } from './population.ts';
import type { Verified } from './staffCommands.ts';

/** A look-up as the verification screen shows it. */
export type LookUp = {
  source: 'pis' | 'exchange';
  askedAt: string;
  answer: PopulationAnswer;
  comparisons: readonly Comparison[];
};

const kind = 'lookUp';
const kept = 30 * 60_000;

type Kept = { sealed: string };

const keyOf = (staff: Staff, registrationId: string) => `${staff.account}:${registrationId}`;

/** Looks a couple up and remembers, for this member of staff, what they were shown: that is what they decide on. */
export const verifications = (deps: Deps) => {
  const remember = async (staff: Staff, id: string, lookUp: LookUp) => {
    const sealed = deps.sealing.sealTransient(lookUp, keyOf(staff, id));
    await deps.transientStore.put(kind, keyOf(staff, id), { sealed }, deps.clock() + kept);
  };
  const recall = async (staff: Staff, id: string): Promise<LookUp | undefined> => {
    const stored = (await deps.transientStore.get(kind, keyOf(staff, id), deps.clock())) as Kept | undefined;
    return stored && (deps.sealing.openTransient(stored.sealed, keyOf(staff, id)) as LookUp | undefined);
  };
  return {
    /** Asks the system that knows the couple (R7); bounded, never throws for a system that does not answer. */
    lookUp: async (staff: Staff, id: string, data: RegistrationData): Promise<LookUp> => {
      const source = sourceFor(data);
      const { wife, husband } = data;
      const answer = await deps.population.lookUp(source, { wife, husband });
      const askedAt = new Date(deps.clock()).toISOString();
      const comparisons = answer.outcome === 'found' ? compare(data, answer.record) : [];
      const lookUp = { source, askedAt, answer, comparisons };
      await remember(staff, id, lookUp);
      return lookUp;
    },

    recall,

    /** What a decision records: the answer that was shown, and the evidence staff wrote beside or instead of it. */
    verified: (lookUp: LookUp, evidence: string): Verified => {
      const { source, answer, askedAt, comparisons } = lookUp;
      const found = answer.outcome === 'found';
      const basis: Basis = {
        source: found ? source : 'documents',
        answer: answer.outcome,
        askedAt,
        differences: comparisons.filter((line) => !line.agrees).map((line) => line.field),
      };
      const text = evidence.trim();
      return {
        basis,
        evidence: { ...(found ? { answer: answer.record } : {}), ...(text === '' ? {} : { evidence: text }) },
      };
    },
  };
};
