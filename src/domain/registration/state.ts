import { match } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import type { Births } from './births.ts';
import type {
  Corrected,
  CorrectionProposed,
  MadeStatus,
  RegistrationEvent,
  Status,
  SubmissionAbandoned,
  Submitted,
} from './events.ts';
import type { RegistrationData } from './fields.ts';
import type { Flag } from './rules.ts';
import type { AttachedScan } from './scans.ts';

/** A correction that waits for another person; `outdated` once another was made before it. */
export type Proposal = Omit<CorrectionProposed['data'], 'office'> & { outdated: boolean };

/** A registration that was submitted, as the fold of its stream. */
export type MadeRegistration = {
  status: MadeStatus;
  parity: number;
  office: string;
  declaredPlace: string;
  /** The office or committee whose staff entered it on site (R8). */
  enteredAt?: string;
  data: RegistrationData;
  handler?: string;
  submittedOn: Day;
  reviewDueOn: Day;
  outcomeDueOn: Day;
  registerDueOn?: Day;
  flags: readonly Flag[];
  /** Keyed hash of the couple and parity, which only the correction of an ID number changes (R9, R10). */
  couple: string;
  /** Keyed hash of the query code. */
  queryCode: string;
  policy: string;
  /** Number of the last proposal to correct it; 0: there was none. */
  corrections: number;
  proposal?: Proposal;
  /** Scans that are attached now. */
  scans: readonly AttachedScan[];
  /** The birth that was annotated. */
  births?: Births;
  /** Set once the personal data were given up; `data` then no longer open. */
  erasedOn?: Day;
};

export type RegistrationState = { status: 'absent' } | { status: 'abandoned' } | MadeRegistration;

export const initialState: RegistrationState = { status: 'absent' };

const living: readonly RegistrationState['status'][] = ['submitted', 'received', 'accepted', 'registered'];

/** Whether a registration holds its couple and parity (R9): until it ends without being registered, is revoked or erased. */
export const isLive = (state: RegistrationState): boolean =>
  living.includes(state.status) && !('erasedOn' in state && state.erasedOn !== undefined);

/** Whether it holds this couple and parity: its own, and until it is decided the one that it is to be corrected to. */
export const holdsCouple = (state: RegistrationState, couple: string): state is MadeRegistration =>
  isLive(state) && 'couple' in state && (state.couple === couple || state.proposal?.lookup?.couple === couple);

type Later = Exclude<RegistrationEvent, Submitted | SubmissionAbandoned>;

const submitted = ({ data }: Submitted): MadeRegistration => ({
  status: 'submitted',
  parity: data.parity,
  office: data.office,
  declaredPlace: data.declaredPlace,
  ...(data.enteredAt === undefined ? {} : { enteredAt: data.enteredAt }),
  data: data.personal.data,
  submittedOn: data.submittedOn,
  reviewDueOn: data.reviewDueOn,
  outcomeDueOn: data.outcomeDueOn,
  flags: data.flags,
  couple: data.lookup.couple,
  queryCode: data.lookup.queryCode,
  policy: data.policy,
  corrections: 0,
  scans: [],
});

/** Back in the office's inbox with nobody in charge. */
const unhandled = ({ handler: _, ...state }: MadeRegistration): MadeRegistration => state;

/** With no correction waiting. */
const settled = ({ proposal: _, ...state }: MadeRegistration): MadeRegistration => state;

const proposed = (state: MadeRegistration, { data }: CorrectionProposed): MadeRegistration => {
  const { office: _, ...proposal } = data;
  return { ...state, corrections: data.correction, proposal: { ...proposal, outdated: false } };
};

/** A proposal that was made on what is no longer so stands until it is dismissed. */
const corrected = (state: MadeRegistration, { data }: Corrected): MadeRegistration => {
  const now = { ...state, data: data.personal.data, couple: data.lookup.couple };
  if (data.correction !== undefined) return settled(now);
  return now.proposal === undefined ? now : { ...now, proposal: { ...now.proposal, outdated: true } };
};

/** Where a task that changes hands stands: what is accepted stays so. */
export const statusReceived = (from: Status): 'received' | 'accepted' =>
  from === 'accepted' ? 'accepted' : 'received';

const evolveMade = (state: MadeRegistration, event: Later): RegistrationState =>
  match(event)
    .with({ type: 'Amended' }, ({ data }): MadeRegistration => {
      const { parity, office, declaredPlace, flags, personal } = data;
      const amended = { ...state, parity, office, declaredPlace, flags, data: personal.data };
      return office === state.office ? amended : { ...unhandled(amended), status: 'submitted' };
    })
    .with({ type: 'TaskReceived' }, ({ data }) => ({
      ...state,
      status: statusReceived(state.status),
      handler: data.handler,
    }))
    .with({ type: 'Redirected' }, ({ data }) => ({
      ...unhandled(state),
      office: data.office,
      status: state.status === 'accepted' ? ('accepted' as const) : ('submitted' as const),
    }))
    .with({ type: 'Accepted' }, ({ data }) => ({
      ...state,
      status: 'accepted' as const,
      registerDueOn: data.registerDueOn,
    }))
    .with({ type: 'Withdrawn' }, () => ({ ...state, status: 'withdrawn' as const }))
    .with({ type: 'Rejected' }, () => ({ ...state, status: 'rejected' as const }))
    .with({ type: 'Registered' }, () => ({ ...state, status: 'registered' as const }))
    .with({ type: 'Declined' }, () => ({ ...state, status: 'declined' as const }))
    .with({ type: 'CorrectionProposed' }, (e) => proposed(state, e))
    .with({ type: 'CorrectionDismissed' }, () => settled(state))
    .with({ type: 'Corrected' }, (e) => corrected(state, e))
    .with({ type: 'Revoked' }, () => ({ ...settled(state), status: 'revoked' as const }))
    .with({ type: 'ScanAttached' }, ({ data: { office: _, ...scan } }) => ({ ...state, scans: [...state.scans, scan] }))
    .with({ type: 'ScanRemoved' }, ({ data }) => ({
      ...state,
      scans: state.scans.filter(({ scan }) => scan !== data.scan),
    }))
    .with({ type: 'BirthAnnotated' }, ({ data: { office: _, parity: __, personal, ...births } }) => ({
      ...state,
      births: { ...births, children: personal.children },
    }))
    .with({ type: 'BirthAnnotationCorrected' }, ({ data: { liveBorn, personal } }) => ({
      ...state,
      ...(state.births && { births: { ...state.births, liveBorn, children: personal.children } }),
    }))
    .with({ type: 'RegistrationErased' }, ({ data }) => ({ ...state, erasedOn: data.erasedOn }))
    .exhaustive();

/** What a registration is after one more event. */
export const evolve = (state: RegistrationState, event: RegistrationEvent): RegistrationState => {
  if (event.type === 'Submitted') return submitted(event);
  if (event.type === 'SubmissionAbandoned') return { status: 'abandoned' };
  return state.status === 'absent' || state.status === 'abandoned' ? state : evolveMade(state, event);
};
