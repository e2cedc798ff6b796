import { match } from 'ts-pattern';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { RegistrationRow } from '#projections/registration.ts';

/** One stage of a registration as its couple reads it; `key` names its text under `public.progress`. */
export type Stage = {
  key: string;
  mood: 'done' | 'good' | 'bad' | 'pending';
  at?: string | undefined;
  due?: string | undefined;
  number?: string | undefined;
  office?: string | undefined;
  reason?: string | undefined;
};

const review = (row: RegistrationRow): readonly Stage[] =>
  match(row.status)
    .returnType<readonly Stage[]>()
    .with('submitted', () => [{ key: 'awaitingReview', mood: 'pending', due: row.reviewDueOn }])
    .with('received', () => [
      { key: 'received', mood: 'done', at: row.firstReceivedAt },
      { key: 'awaitingReview', mood: 'pending', due: row.reviewDueOn },
    ])
    .with('rejected', () => [{ key: 'rejected', mood: 'bad', at: row.reviewedAt }])
    .with('withdrawn', () => [{ key: 'withdrawn', mood: 'done', at: row.endedAt }])
    .with('accepted', 'registered', 'declined', 'revoked', () => [
      { key: 'accepted', mood: 'done', at: row.reviewedAt },
    ])
    .exhaustive();

const verification = (row: RegistrationRow): readonly Stage[] =>
  match(row.status)
    .returnType<readonly Stage[]>()
    .with('submitted', 'received', () => [{ key: 'verification', mood: 'pending' }])
    .with('accepted', () => [{ key: 'verifying', mood: 'pending', due: row.registerDueOn }])
    .with('registered', () => [{ key: 'registered', mood: 'good', at: row.endedAt }])
    .with('declined', () => [{ key: 'declined', mood: 'bad', at: row.endedAt }])
    .with('revoked', () => [
      { key: 'registered', mood: 'done', at: row.registeredAt },
      { key: 'revoked', mood: 'bad', at: row.endedAt },
    ])
    .with('rejected', 'withdrawn', () => [])
    .exhaustive();

const certificate = ({ status, certificate: number }: RegistrationRow): readonly Stage[] => {
  if (status !== 'registered') return [];
  return number === undefined ? [{ key: 'issuing', mood: 'pending' }] : [{ key: 'issued', mood: 'good', number }];
};

const passingOn = ({ passedOn }: Pick<ApplicantView, 'passedOn'>): readonly Stage[] =>
  passedOn.map(({ at, office, because, reason }) => {
    return { key: because ?? 'passedOn', mood: 'done', at, office: office?.name, reason };
  });

const correcting = ({ corrections }: Pick<ApplicantView, 'corrections'>): readonly Stage[] =>
  corrections.map(({ at, reason }) => ({ key: 'corrected', mood: 'done', at, reason }));

const isEarlier = (one: Stage, other: Stage): number => ((one.at ?? '') < (other.at ?? '') ? -1 : 1);

/** What happened to a registration and what comes next, the first first (R4). */
export const progressOf = (view: Pick<ApplicantView, 'row' | 'passedOn' | 'corrections'>): readonly Stage[] => {
  const { row } = view;
  const submitted: Stage = { key: 'submitted', mood: 'done', at: row.submittedAt };
  const stages = [
    submitted,
    ...passingOn(view),
    ...correcting(view),
    ...review(row),
    ...verification(row),
    ...certificate(row),
  ];
  const past = stages.filter(({ at }) => at !== undefined).toSorted(isEarlier);
  return [...past, ...stages.filter(({ at }) => at === undefined)];
};

/** By when the next thing happens; undefined once nothing more does. */
export const nextDueOf = ({ status, outcomeDueOn, registerDueOn }: RegistrationRow): string | undefined => {
  if (status === 'submitted' || status === 'received') return outcomeDueOn;
  return status === 'accepted' ? registerDueOn : undefined;
};
