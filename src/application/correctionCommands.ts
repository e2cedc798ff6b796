import { dayInShanghai } from '#domain/calendar/day.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { Lookup, RevokeReason } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import type { AtCounter } from '#domain/registration/withdrawal.ts';
import { actingFor } from './acting.ts';
import { declare } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import { mayAct, type Performed, performAct, type StaffAct, type StaffOutcome } from './performAct.ts';
import { type Held, reserveCouple } from './reserveCouple.ts';

/** What a correction is to make of a registration, what for, and which documents show it. */
export type GivenCorrection = { data: RegistrationData; reason: string; documents: readonly SeenDocument[] };

/** What a revocation rests on and says. */
export type GivenRevocation = {
  reasons: readonly RevokeReason[];
  text: string;
  evidence: string;
  heardOn: string;
  statement: string;
};

/** Of other ID numbers: another live registration of that couple and parity lies at `office` (R9). */
export type CorrectionOutcome = StaffOutcome | (Omit<Held, 'outcome'> & { outcome: 'duplicate' });

/**
 * Lets an act happen that gives a registration another couple: reserved first, unless it would be refused anyway. From the
 * proposal on its own stream says that it holds that couple, so that nobody ends the reservation under it (R9).
 */
const performHolding = async (
  deps: Deps,
  id: string,
  act: StaffAct,
  performed: Performed & { lookup: (state: MadeRegistration) => Lookup },
): Promise<CorrectionOutcome> => {
  const loaded = await load(deps, registrationDecider, id);
  const may = mayAct(deps, loaded, act, performed);
  if (may.outcome !== 'allowed') return may;
  // Its data, which the keys are made of, are gone.
  if (may.state.erasedOn !== undefined) return { outcome: 'rejected', rejection: { type: 'erased' } };
  const { couple } = performed.lookup(may.state);
  const decided = registrationDecider.decide(performed.build(may.state), may.state);
  const happens = !may.repeated && act.basedOn === loaded.revision && decided.outcome === 'accepted';
  if (happens && couple !== may.state.couple) {
    const { staff, commandId } = act;
    const asked = { couple, registrationId: id, act: actingFor(deps.sealing, { staff, commandId }) };
    const reserved = await reserveCouple(deps, asked);
    if (reserved.outcome === 'held') return { ...reserved, outcome: 'duplicate' };
  }
  return performAct(deps, id, act, performed, loaded);
};

/** What becomes of a registration after it was made, and a withdrawal at the counter (R10). */
export const correctionCommands = (deps: Deps) => {
  const today = () => dayInShanghai(deps.clock());
  const declared = (id: string, { data, reason, documents }: GivenCorrection) => {
    const { data: normalised, lookup, context } = declare(deps, id, data);
    return { data: normalised, lookup, context, reason, documents };
  };
  /** What the registration's proposal is to be found by; its own keys where none waits, which decides on nothing. */
  const proposedLookup = (id: string, { proposal, data }: MadeRegistration): Lookup =>
    declare(deps, id, proposal?.personal?.data ?? data).lookup;
  return {
    /** Corrects at once what says nothing of who the two people are (R10). */
    correct: (id: string, act: StaffAct, given: GivenCorrection): Promise<CorrectionOutcome> => {
      const correction = declared(id, given);
      return performAct(deps, id, act, {
        needed: () => 'correct',
        puts: () => correction.data,
        build: () => ({ type: 'Correct', ...correction }),
      });
    },
    /** Proposes a correction of names or ID numbers to someone else; other ID numbers hold their couple from then on. */
    proposeCorrection: (id: string, act: StaffAct, given: GivenCorrection): Promise<CorrectionOutcome> => {
      const correction = declared(id, given);
      return performHolding(deps, id, act, {
        needed: () => 'correct',
        puts: () => correction.data,
        build: () => ({ type: 'ProposeCorrection', proposer: act.staff.account, ...correction }),
        lookup: () => correction.lookup,
      });
    },
    /** Corrects as another person proposed. */
    approveCorrection: (id: string, act: StaffAct, correction: number): Promise<CorrectionOutcome> =>
      performHolding(deps, id, act, {
        needed: () => 'approveCorrection',
        puts: ({ proposal }) => proposal?.personal?.data,
        build: (state) => ({
          type: 'ApproveCorrection',
          correction,
          approver: act.staff.account,
          today: today(),
          lookup: proposedLookup(id, state),
        }),
        lookup: (state) => proposedLookup(id, state),
      }),
    /** Does not correct as was proposed; whoever proposed it takes it back so. */
    dismissCorrection: (id: string, act: StaffAct, correction: number, reason: string): Promise<CorrectionOutcome> =>
      performAct(deps, id, act, {
        needed: ({ proposal }) => (proposal?.proposedBy === act.staff.account ? 'correct' : 'approveCorrection'),
        build: () => ({ type: 'DismissCorrection', correction, dismisser: act.staff.account, reason }),
      }),
    /** Revokes what was obtained wrongly, at the level above the office that registered it. */
    revoke: (id: string, act: StaffAct, given: GivenRevocation): Promise<CorrectionOutcome> =>
      performAct(deps, id, act, {
        needed: () => 'revoke',
        build: () => ({ type: 'Revoke', revokedBy: deps.offices.current(act.staff.office), today: today(), ...given }),
      }),
    /** Takes back before the acceptance what one of the two asked for at the counter, who they are being confirmed. */
    withdrawAtCounter: (id: string, act: StaffAct, atCounter: AtCounter): Promise<CorrectionOutcome> =>
      performAct(deps, id, act, { needed: () => 'review', build: () => ({ type: 'Withdraw', atCounter }) }),
  };
};
