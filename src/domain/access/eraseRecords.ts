import type { Day } from '../calendar/day.ts';
import { accessKeptUntil, type Retention } from '../calendar/retention.ts';
import { accepted, type Decider, rejected } from '../decider.ts';

/**
 * What identifies people in the access records of one data key was given up: the key is destroyed. Who looked at what
 * stays, without addresses, words of reasons and texts searched for. `lastOn` is the day of the key's last record.
 */
export type AccessRecordsErased = {
  type: 'AccessRecordsErased';
  data: { key: string; lastOn: Day; erasedOn: Day; retention: string };
};

export type AccessKeyKind = {
  command: { type: 'EraseAccessRecords'; key: string; lastOn: Day; today: Day; retention: Retention };
  state: { erasedOn?: Day };
  event: AccessRecordsErased;
  rejection: { type: 'withinRetention'; until: Day };
};

/** A data key of access records as a decider; its stream is `accessKey-<key>` (S6; PIPL art. 47, 56). */
export const accessKeyDecider: Decider<AccessKeyKind> = {
  category: 'accessKey',
  initialState: {},
  decide: ({ key, lastOn, today, retention }, { erasedOn }) => {
    if (erasedOn !== undefined) return accepted();
    const until = accessKeptUntil(retention, lastOn);
    if (today <= until) return rejected({ type: 'withinRetention', until });
    return accepted({
      type: 'AccessRecordsErased',
      data: { key, lastOn, erasedOn: today, retention: retention.id },
    });
  },
  evolve: (_, { data }) => ({ erasedOn: data.erasedOn }),
};
