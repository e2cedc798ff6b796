import { dayInShanghai } from '#domain/calendar/day.ts';
import { policyById } from '#domain/calendar/policy.ts';
import type { Basis, DeclineReason, Evidence, RejectReason } from '#domain/registration/events.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import type { Deps } from './deps.ts';
import { type Needed, type Performed, performAct, type StaffAct } from './performAct.ts';

/** What a verification shows and a decision records. */
export type Verified = { basis: Basis; evidence: Evidence };

const reviewing = (): Needed => 'review';
const registering = (): Needed => 'register';

/** What whoever has the task needs where it stands. */
const working = ({ status }: MadeRegistration): Needed => (status === 'accepted' ? 'register' : 'review');

/** What the registering office does (R5–R7, R10). */
export const staffCommands = (deps: Deps) => {
  const perform = (id: string, act: StaffAct, needed: Performed['needed'], build: Performed['build']) =>
    performAct(deps, id, act, { needed, build });
  const today = () => dayInShanghai(deps.clock());
  return {
    /** Takes the task, or takes it over from whoever has it, until it is decided (§3.1.1(1)). */
    receiveTask: (id: string, act: StaffAct) =>
      perform(id, act, working, () => ({ type: 'ReceiveTask', handler: act.staff.account })),
    /** Passes a misdirected registration on, the clock running on (R5, R10). */
    redirect: (id: string, act: StaffAct, office: string, reason: string) =>
      perform(id, act, reviewing, () => ({
        type: 'Redirect',
        office,
        registers: deps.offices.registers(office),
        reason,
      })),
    /** Accepts; the registration clock starts by the policy the couple submitted under (R6, R7, R11). */
    accept: (id: string, act: StaffAct) =>
      perform(id, act, reviewing, ({ office, policy }) => ({
        type: 'Accept',
        handler: act.staff.account,
        today: today(),
        calendar: deps.calendarOf(office),
        policy: policyById(policy),
      })),
    /** Rejects with reason codes and a text for the couple (R6). */
    reject: (id: string, act: StaffAct, reasons: readonly RejectReason[], text: string) =>
      perform(id, act, reviewing, () => ({ type: 'Reject', handler: act.staff.account, reasons, text })),
    /** Registers on what was verified (R7). */
    register: (id: string, act: StaffAct, { basis, evidence }: Verified) =>
      perform(id, act, registering, () => ({
        type: 'Register',
        handler: act.staff.account,
        today: today(),
        basis,
        evidence,
      })),
    /** Declines with reason codes and a text for the couple (R7). */
    decline: (id: string, act: StaffAct, verified: Verified, reasons: readonly DeclineReason[], text: string) =>
      perform(id, act, registering, () => ({
        type: 'Decline',
        handler: act.staff.account,
        reasons,
        text,
        ...verified,
      })),
  };
};
