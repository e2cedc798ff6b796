import type { Day } from '../calendar/day.ts';
import { type EndedStatus, keptUntil, type Retention } from '../calendar/retention.ts';
import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import type { ErasureBasis } from './events.ts';
import type { MadeRegistration } from './state.ts';

/** What an erasure rests on; `lastActOn` is the day of the last event, `certificates` the numbers that were issued. */
export type Erasure = {
  basis: ErasureBasis;
  today: Day;
  lastActOn: Day;
  retention: Retention;
  certificates: readonly string[];
};

/** Whether a registration that was made has come to an end. */
export const isEnded = (status: MadeRegistration['status']): status is EndedStatus =>
  status !== 'submitted' && status !== 'received' && status !== 'accepted';

/**
 * Erased once it ended and was kept long enough; at the couple's wish also before, where nothing was decided on it: a
 * decision has to stay provable (PIPL art. 47). Once is enough.
 */
export const erase = (erasure: Erasure, state: MadeRegistration): Decision<RegistrationKind> => {
  if (state.erasedOn !== undefined) return accepted();
  const { basis, today, lastActOn, retention, certificates } = erasure;
  const { status, office, queryCode } = state;
  if (!isEnded(status)) return rejected({ type: 'untimely', status });
  const until = keptUntil(retention, status, lastActOn);
  const mayGo = today > until || (basis === 'requested' && status === 'withdrawn');
  if (!mayGo) return rejected({ type: 'withinRetention', until });
  return accepted({
    type: 'RegistrationErased',
    data: { office, erasedOn: today, basis, retention: retention.id, lookup: { queryCode }, certificates },
  });
};
