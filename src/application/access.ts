import { accessDecider } from '#domain/access/decide.ts';
import type { AccessEvent, From, Look, PersonalDataViewed, Subject } from '#domain/access/events.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import type { AccessReason, Actor, Origin, Staff } from './actor.ts';
import { actorOf } from './actor.ts';
import type { Deps } from './deps.ts';
import { handleCommand } from './handleCommand.ts';
import type { DataKey } from './ports.ts';
import type { Sealing } from './sealing.ts';

/** Who looks, from where, and on what basis: their own task, or a reason they gave (S6). */
export type Viewer = {
  actor: Actor;
  from?: Origin | undefined;
  task: 'own' | 'other';
  reason?: AccessReason | undefined;
  /** It is their own registration. */
  self?: boolean;
};

/** What is looked at, and how; `searched` is what was searched for. */
export type Viewing = {
  subject: Subject;
  what: Look;
  count?: number;
  shown?: readonly string[];
  searched?: { text: string; key: string };
};

/** The couple, or whoever holds their query code, from somewhere. */
export const applicantFrom = (from: Origin | undefined): Viewer => ({
  actor: { kind: 'applicant' },
  from,
  task: 'own',
});

/** Staff at what is their own task, unless said otherwise. */
export const staffViewer = (staff: Staff, basis: Partial<Viewer> = {}): Viewer => ({
  actor: actorOf(staff),
  from: staff.from,
  task: 'own',
  ...basis,
});

/** Where a request came from as the log keeps it: readable by network, comparable by address. */
export const fromOf = (sealing: Sealing, origin: Origin | undefined): From | undefined => {
  if (origin === undefined) return undefined;
  const { site, entry, network, address } = origin;
  return { site, entry, network, machine: sealing.lookupKey('address', address).slice(0, 12) };
};

const viewed = (deps: Deps, viewer: Viewer, viewing: Viewing): PersonalDataViewed => {
  const { subject, what, count, shown, searched } = viewing;
  const { task, reason, self } = viewer;
  const from = fromOf(deps.sealing, viewer.from);
  const text = reason?.text.trim() ?? '';
  return {
    type: 'PersonalDataViewed',
    data: {
      subject,
      what,
      task,
      ...(reason && { reason: reason.code }),
      ...(count === undefined ? {} : { count }),
      ...(shown && { shown }),
      ...(self ? { self: true as const } : {}),
      ...(from && { from }),
      ...(searched && { lookup: { searched: searched.key } }),
      personal: {
        ...(viewer.from && { address: viewer.from.address }),
        ...(text === '' ? {} : { reason: text }),
        ...(searched && { searched: searched.text }),
      },
    },
  };
};

const fresh = { state: accessDecider.initialState, revision: 'none', events: [], last: undefined } as const;

/**
 * Writes down who looked at what: durable before anything is shown, without reading first. What it seals, it seals under
 * one data key for each month and process: destroying those erases a month. Rejects with `StoreUnavailable`.
 */
export const accessRecords = (deps: Deps) => {
  let monthly: { month: string; key: Promise<DataKey> } | undefined;

  const newKey = (month: string): Promise<DataKey> => {
    const key = deps.dataKeys.next();
    monthly = { month, key };
    key.catch(() => {
      monthly = undefined;
    });
    return key;
  };

  /** The month's key, or a new one where that was destroyed meanwhile. */
  const keyFor = async (month: string): Promise<string> => {
    const { id } = await (monthly?.month === month ? monthly.key : newKey(month));
    return (await deps.dataKeys.find(id)) === undefined ? (await newKey(month)).id : id;
  };

  const record = async (actor: Actor, access: AccessEvent, id = deps.ids()): Promise<void> => {
    const keyId = await keyFor(dayInShanghai(deps.clock()).slice(0, 7));
    const command = { type: 'RecordAccess', access } as const;
    await handleCommand(deps, accessDecider, id, command, { commandId: id, actor, keyId }, { ...fresh, keyId });
  };

  return {
    /** Records any access, such as a sign-in, as an act of `actor`; under an `id` of its own once, however often. */
    record,

    /**
     * Gives out what is opened only once it stands in the log that it was seen; both go on side by side. Rejects, and
     * nothing is seen, where the log cannot take it.
     */
    shown: async <T>(viewer: Viewer, viewing: Viewing, open: () => Promise<T> | T): Promise<T> => {
      const [opened] = await Promise.all([open(), record(viewer.actor, viewed(deps, viewer, viewing))]);
      return opened;
    },
  };
};

export type AccessRecords = ReturnType<typeof accessRecords>;
