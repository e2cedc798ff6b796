import { match } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import type { MadeStatus, RegistrationEvent, Status, SubmissionAbandoned, Submitted } from './events.ts';
import type { RegistrationData } from './fields.ts';
import type { Flag } from './rules.ts';

/** A registration that was submitted, as the fold of its stream. */
export type MadeRegistration = {
  status: MadeStatus;
  parity: number;
  office: string;
  declaredPlace: string;
  data: RegistrationData;
  handler?: string;
  submittedOn: Day;
  reviewDueOn: Day;
  outcomeDueOn: Day;
  registerDueOn?: Day;
  flags: readonly Flag[];
  /** Keyed hash of the couple and parity, which stay the same for a registration's life (R9). */
  couple: string;
  /** Keyed hash of the query code. */
  queryCode: string;
  policy: string;
  /** Set once the personal data were given up; `data` then no longer open. */
  erasedOn?: Day;
};

export type RegistrationState = { status: 'absent' } | { status: 'abandoned' } | MadeRegistration;

export const initialState: RegistrationState = { status: 'absent' };

const living: readonly RegistrationState['status'][] = ['submitted', 'received', 'accepted', 'registered'];

/** Whether a registration holds its couple and parity (R9): until it ends without having been registered, or is erased. */
export const isLive = (state: RegistrationState): boolean =>
  living.includes(state.status) && !('erasedOn' in state && state.erasedOn !== undefined);

type Later = Exclude<RegistrationEvent, Submitted | SubmissionAbandoned>;

const submitted = ({ data }: Submitted): MadeRegistration => ({
  status: 'submitted',
  parity: data.parity,
  office: data.office,
  declaredPlace: data.declaredPlace,
  data: data.personal.data,
  submittedOn: data.submittedOn,
  reviewDueOn: data.reviewDueOn,
  outcomeDueOn: data.outcomeDueOn,
  flags: data.flags,
  couple: data.lookup.couple,
  queryCode: data.lookup.queryCode,
  policy: data.policy,
});

/** Back in the office's inbox with nobody in charge. */
const unhandled = ({ handler: _, ...state }: MadeRegistration): MadeRegistration => state;

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
    .with({ type: 'RegistrationErased' }, ({ data }) => ({ ...state, erasedOn: data.erasedOn }))
    .exhaustive();

/** What a registration is after one more event. */
export const evolve = (state: RegistrationState, event: RegistrationEvent): RegistrationState => {
  if (event.type === 'Submitted') return submitted(event);
  if (event.type === 'SubmissionAbandoned') return { status: 'abandoned' };
  return state.status === 'absent' || state.status === 'abandoned' ? state : evolveMade(state, event);
};
