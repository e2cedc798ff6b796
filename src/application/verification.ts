import { type Comparison, compare, sourceFor } from '#domain/registration/compare.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { Basis, Status } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import type { PopulationAnswer } from './population.ts';
import type { Verified } from './staffCommands.ts';

/** A look-up as the verification screen shows it. */
export type LookUp = {
  source: 'pis' | 'exchange';
  askedAt: string;
  answer: PopulationAnswer;
  comparisons: readonly Comparison[];
};

type Asked = Pick<RegistrationData, 'wife' | 'husband' | 'wifeHousehold' | 'husbandHousehold'>;

/** Whether enough is declared to stand beside a record. */
export const isComparable = (data: Partial<RegistrationData>): data is RegistrationData =>
  (['wife', 'husband', 'wifeHousehold', 'husbandHousehold', 'marriage', 'children'] as const).every(
    (section) => data[section] !== undefined,
  );

const kind = 'lookUp';
const kept = 30 * 60_000;

type Kept = { sealed: string };
/** An answer, and the keyed hashes of the ID numbers of wife and husband that it was asked by. */
type Remembered = { lookUp: LookUp; people: readonly string[] };

const keyOf = (staff: Staff, registrationId: string) => `${staff.account}:${registrationId}`;

/** Remembers what this member of staff was shown of which two people: they decide on that. */
export const rememberLookUp = (
  deps: Deps,
  staff: Staff,
  { id, couple }: { id: string; couple: Pick<RegistrationData, 'wife' | 'husband'> },
  lookUp: LookUp,
): Promise<void> => {
  const remembered: Remembered = { lookUp, people: peopleOf(deps.sealing, couple) };
  const sealed = deps.sealing.sealTransient(remembered, keyOf(staff, id));
  return deps.transientStore.put(kind, keyOf(staff, id), { sealed }, deps.clock() + kept);
};

/** Forgets it: it is not about what is decided on. */
export const forgetLookUp = (deps: Deps, staff: Staff, id: string): Promise<void> =>
  deps.transientStore.remove(kind, keyOf(staff, id));

/** Asks the system that knows a couple (R7) and remembers the answer for whoever asked. */
export const lookUpCouple = async (
  deps: Deps,
  staff: Staff,
  id: string,
  data: Asked & Partial<RegistrationData>,
): Promise<LookUp> => {
  const source = sourceFor(data);
  const { wife, husband } = data;
  const answer = await deps.population.lookUp(source, { wife, husband });
  const askedAt = new Date(deps.clock()).toISOString();
  const comparisons = answer.outcome === 'found' && isComparable(data) ? compare(data, answer.record) : [];
  const lookUp = { source, askedAt, answer, comparisons };
  await rememberLookUp(deps, staff, { id, couple: { wife, husband } }, lookUp);
  return lookUp;
};

/** The answer, or why nobody was asked. */
export type LookedUp =
  | { outcome: 'lookedUp'; lookUp: LookUp }
  | { outcome: 'absent' }
  | { outcome: 'forbidden'; reason: Forbidden }
  | { outcome: 'untimely'; status: Status };

/** Looking couples up, and what is decided on that. */
export const verifications = (deps: Deps, access: AccessRecords) => {
  const recall = async (staff: Staff, id: string): Promise<LookUp | undefined> => {
    const stored = (await deps.transientStore.get(kind, keyOf(staff, id), deps.clock())) as Kept | undefined;
    const opened = stored && deps.sealing.openTransient(stored.sealed, keyOf(staff, id));
    if (opened === undefined) return undefined;
    const { lookUp, people } = opened as Remembered;
    const { state } = await load(deps, registrationDecider, id);
    if (state.status === 'absent') return lookUp;
    if (state.status === 'abandoned') return undefined;
    return peopleOf(deps.sealing, state.data).join() === people?.join() ? lookUp : undefined;
  };
  /** An accepted registration that this member of staff may register, or why not. */
  const registrable = async (staff: Staff, id: string) => {
    const { state } = await load(deps, registrationDecider, id);
    if (state.status === 'absent' || state.status === 'abandoned') return { outcome: 'absent' } as const;
    const asked = { act: 'register', office: state.office, people: peopleOf(deps.sealing, state.data) } as const;
    const allowed = authorise(staff, asked, deps.offices);
    if (allowed.outcome === 'forbidden') return allowed;
    if (state.status !== 'accepted') return { outcome: 'untimely', status: state.status } as const;
    return { outcome: 'registrable', state } as const;
  };
  return {
    registrable,

    /**
     * Looks up an accepted registration for staff who may register it; nobody else's records are asked for (R7).
     * Bounded, never throws for a system that does not answer.
     */
    lookUp: async (staff: Staff, id: string): Promise<LookedUp> => {
      const asked = await registrable(staff, id);
      if (asked.outcome !== 'registrable') return asked;
      const { data, office } = asked.state;
      const viewing = { subject: registrationSubject({ id, office }), what: 'lookedUp' } as const;
      // Asking tells the other system about the couple: not before it is written down.
      await access.shown(staffViewer(staff), viewing, () => undefined);
      return { outcome: 'lookedUp', lookUp: await lookUpCouple(deps, staff, id, data) };
    },

    /**
     * What this member of staff was shown last, for half an hour, where that is of the two people of the registration; it
     * was recorded when they asked (S6).
     */
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
