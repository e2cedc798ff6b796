import type { Subject } from '#domain/access/events.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { staffViewer, type Viewer } from './access.ts';
import type { AccessReason, Staff } from './actor.ts';
import { authorise } from './authorise.ts';
import type { Deps } from './deps.ts';
import { isOpen } from './inboxCounts.ts';

/** Staff may look once they say why: the record is not their own task (S6). */
export type ReasonDue = { outcome: 'reasonDue'; subject: Subject };

type Kept = { sealed: string };

const kind = 'accessReason';
const keptMs = 30 * 60_000;

const keyOf = ({ account }: Staff, subject: Pick<Subject, 'kind' | 'id'>) => `${account}:${subject.kind}:${subject.id}`;

/** Remembers for half an hour why this member of staff looks at this record. */
export const giveReason = async (
  deps: Deps,
  staff: Staff,
  subject: Pick<Subject, 'kind' | 'id'>,
  reason: AccessReason,
): Promise<void> => {
  const key = keyOf(staff, subject);
  const sealed = deps.sealing.sealTransient(reason, `${kind}:${key}`);
  await deps.transientStore.put(kind, key, { sealed } satisfies Kept, deps.clock() + keptMs);
};

const givenReason = async (deps: Deps, staff: Staff, subject: Subject): Promise<AccessReason | undefined> => {
  if (staff.stated !== undefined) return staff.stated;
  const key = keyOf(staff, subject);
  const kept = (await deps.transientStore.get(kind, key, deps.clock())) as Kept | undefined;
  return kept && (deps.sealing.openTransient(kept.sealed, `${kind}:${key}`) as AccessReason);
};

/**
 * Open at their own office, where they may review or register, or handled by them. What ended or was passed on less than
 * half an hour ago counts as open: who was at it is told what happened, and keeps what they typed.
 */
const isOwnTask = (deps: Deps, staff: Staff, row: RegistrationRow, people: readonly string[]): boolean => {
  const worksAt = (office: string) =>
    (['review', 'register'] as const).some(
      (act) => authorise(staff, { act, office, people }, deps.offices).outcome === 'allowed',
    );
  const justNow = (at: string | undefined) => at !== undefined && deps.clock() - Date.parse(at) < keptMs;
  if (people.includes(staff.person)) return false;
  if ((row.workedOn ?? []).includes(staff.account)) return true;
  if (worksAt(row.office)) return isOpen(row.status) || justNow(row.endedAt);
  return (row.passedOn ?? []).some(({ at, from }) => justNow(at) && worksAt(from));
};

/** The staff as they may look at a registration: at their own task, or with the reason they gave; else it is due. */
export const basisFor = async (
  deps: Deps,
  staff: Staff,
  row: RegistrationRow,
  people: readonly string[],
): Promise<{ outcome: 'based'; viewer: Viewer } | ReasonDue> => {
  if (isOwnTask(deps, staff, row, people)) return { outcome: 'based', viewer: staffViewer(staff) };
  const subject = registrationSubject(row);
  const reason = await givenReason(deps, staff, subject);
  if (reason === undefined) return { outcome: 'reasonDue', subject };
  const self = people.includes(staff.person);
  return { outcome: 'based', viewer: staffViewer(staff, { task: 'other', reason, self }) };
};

/** A registration as what is looked at. */
export const registrationSubject = ({ id, office }: Pick<RegistrationRow, 'id' | 'office'>): Subject => ({
  kind: 'registration',
  id,
  office,
});
