import type { Day } from '../calendar/day.ts';
import type { BornChild } from './births.ts';
import type { DocumentKind, SeenDocument } from './documents.ts';
import type { RegistrationData } from './fields.ts';
import type { Flag } from './rules.ts';
import type { ScanMediaType } from './scans.ts';

/** Where a registration stands; `abandoned` is a submission that was fenced off before it was made (R9). */
export type Status =
  | 'submitted'
  | 'received'
  | 'accepted'
  | 'rejected'
  | 'registered'
  | 'declined'
  | 'withdrawn'
  | 'revoked'
  | 'abandoned';

/** Where a registration that was made can stand. */
export type MadeStatus = Exclude<Status, 'abandoned'>;

/** Keyed hashes that look-ups go by; nothing can be read from them. `couple` is the same in either order. */
export type Lookup = {
  queryCode: string;
  couple: string;
  wifeName: string;
  wifeIdNumber: string;
  husbandName: string;
  husbandIdNumber: string;
};

/** Why a submission is not accepted (§3.1.1(2)). */
export const rejectReasons = [
  'garbledName',
  'garbledIdNumber',
  'untrueMarriage',
  'wrongChildren',
  'wrongAddress',
  'other',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** Why an accepted registration is not registered (§3.1.1(3)). */
export const declineReasons = ['againstPolicy', 'differsFromRecord', 'notVerifiable', 'other'] as const;
export type DeclineReason = (typeof declineReasons)[number];

/** Why a registration that was obtained wrongly is revoked (R10). */
export const revokeReasons = ['untrueData', 'forgedDocuments', 'againstPolicy', 'wronglyRegistered', 'other'] as const;
export type RevokeReason = (typeof revokeReasons)[number];

/** What a verification rests on: the population system, the exchange platform, or documents seen by staff. */
export type Basis = {
  source: 'pis' | 'exchange' | 'documents';
  answer: 'found' | 'absent' | 'unreachable';
  askedAt: string;
  /** Names of the fields in which record and declaration differ. */
  differences: readonly string[];
};

/** The part of a verification that names people: sealed. */
export type Evidence = { answer?: unknown; evidence?: string };

/** `enteredAt`: the office or committee whose staff entered it on site, and `documents` what they saw there (R8). */
export type Submitted = {
  type: 'Submitted';
  data: {
    channel: 'online' | 'onSite';
    enteredAt?: string;
    parity: number;
    declaredPlace: string;
    office: string;
    policy: string;
    submittedOn: Day;
    reviewDueOn: Day;
    outcomeDueOn: Day;
    flags: readonly Flag[];
    lookup: Lookup;
    /** The rejected, declined or withdrawn registration whose data were taken over. */
    predecessor?: string;
    personal: { data: RegistrationData; documents?: readonly SeenDocument[] };
  };
};

export type Amended = {
  type: 'Amended';
  data: {
    parity: number;
    declaredPlace: string;
    office: string;
    fromOffice: string;
    from: Status;
    flags: readonly Flag[];
    lookup: Lookup;
    changed: readonly string[];
    personal: { data: RegistrationData };
  };
};

/** `identity`: at the counter, by which of the two people, who showed which document (R10). */
export type Withdrawn = {
  type: 'Withdrawn';
  data:
    | { office: string; from: Status }
    | {
        office: string;
        from: Status;
        identity: { of: 'wife' | 'husband'; document: DocumentKind };
        personal: { documentNumber: string };
      };
};
export type TaskReceived = { type: 'TaskReceived'; data: { office: string; from: Status; handler: string } };
/** `because`: the office merged into the other one (O1), which nobody gave a reason for. */
export type Redirected = {
  type: 'Redirected';
  data: { office: string; fromOffice: string; from: Status; because?: 'merged'; personal: { reason: string } };
};
export type Accepted = { type: 'Accepted'; data: { office: string; acceptedOn: Day; registerDueOn: Day } };
export type Rejected = {
  type: 'Rejected';
  data: { office: string; reasons: readonly RejectReason[]; personal: { text: string } };
};
export type Registered = {
  type: 'Registered';
  data: { office: string; parity: number; registeredOn: Day; basis: Basis; personal: Evidence };
};
export type Declined = {
  type: 'Declined';
  data: { office: string; reasons: readonly DeclineReason[]; basis: Basis; personal: Evidence & { text: string } };
};
/** What is to be corrected: all data as they are to be, what for, and which documents show it; sealed. */
export type CorrectionBasis = { data: RegistrationData; reason: string; documents: readonly SeenDocument[] };

/**
 * A correction of names or ID numbers waits for another person (R10). `lookup`: of other ID numbers, the couple's key that
 * is held for it until then.
 */
export type CorrectionProposed = {
  type: 'CorrectionProposed';
  data: {
    office: string;
    /** The first is 1. */
    correction: number;
    changed: readonly string[];
    proposedBy: string;
    lookup?: Pick<Lookup, 'couple'>;
    personal: CorrectionBasis;
  };
};

/** Whoever looked at the proposal, or made it, did not let it stand. */
export type CorrectionDismissed = {
  type: 'CorrectionDismissed';
  data: { office: string; correction: number; dismissedBy: string; personal: { reason: string } };
};

/** Clerical errors were corrected after the registration; `correction`: on a proposal that another person approved (R10). */
export type Corrected = {
  type: 'Corrected';
  data: {
    office: string;
    correction?: number;
    changed: readonly string[];
    correctedOn: Day;
    lookup: Lookup;
    personal: CorrectionBasis;
  };
};

/**
 * The level above took back a registration that was obtained wrongly (R10); `heardOn`: the day the couple was told
 * beforehand, `statement` what they said to it, `text` what they are told.
 */
export type Revoked = {
  type: 'Revoked';
  data: {
    office: string;
    revokedBy: string;
    reasons: readonly RevokeReason[];
    revokedOn: Day;
    heardOn: Day;
    personal: { text: string; evidence: string; statement: string };
  };
};

/**
 * A scan of a document that staff saw (R8): its bytes lie sealed in the scan store under `scan`, `size` and `sha256` (hex) are
 * those of the sealed bytes.
 */
export type ScanAttached = {
  type: 'ScanAttached';
  data: {
    office: string;
    scan: string;
    document: DocumentKind;
    mediaType: ScanMediaType;
    size: number;
    sha256: string;
    personal: { fileName: string };
  };
};
/** A scan was taken away again; its bytes are deleted (R8). */
export type ScanRemoved = {
  type: 'ScanRemoved';
  data: { office: string; scan: string; personal: { reason: string } };
};
/**
 * An institution annotated the birth that the registration is for (M2, §3.3.2); `certificate` is the number that was presented,
 * `office` the registering one. `liveBorn` counts as children from then on.
 */
export type BirthAnnotated = {
  type: 'BirthAnnotated';
  data: {
    institution: string;
    office: string;
    parity: number;
    annotatedOn: Day;
    certificate: string;
    liveBorn: number;
    personal: { children: readonly BornChild[] };
  };
};
/** The same institution corrected what it had annotated on `annotatedOn`, when `fromLiveBorn` counted (M2). */
export type BirthAnnotationCorrected = {
  type: 'BirthAnnotationCorrected';
  data: {
    institution: string;
    office: string;
    parity: number;
    annotatedOn: Day;
    correctedOn: Day;
    liveBorn: number;
    fromLiveBorn: number;
    changed: readonly string[];
    personal: { children: readonly BornChild[]; reason: string };
  };
};

/** Why personal data were erased: they had been kept long enough, or the couple asked (PIPL art. 47(1), 47(3)). */
export const erasureBases = ['retentionEnded', 'requested'] as const;
export type ErasureBasis = (typeof erasureBases)[number];

/**
 * The personal data were given up: their data key is destroyed, and views forget what `lookup` and `certificates` name.
 * `retention` is the rule in force that day.
 */
export type RegistrationErased = {
  type: 'RegistrationErased';
  data: {
    office: string;
    erasedOn: Day;
    basis: ErasureBasis;
    retention: string;
    lookup: Pick<Lookup, 'queryCode'>;
    certificates: readonly string[];
  };
};

/** The place of a submission that never came, taken so that it never can (R9). */
export type SubmissionAbandoned = { type: 'SubmissionAbandoned'; data: { by: string } };

export type RegistrationEvent =
  | Submitted
  | Amended
  | Withdrawn
  | TaskReceived
  | Redirected
  | Accepted
  | Rejected
  | Registered
  | Declined
  | CorrectionProposed
  | CorrectionDismissed
  | Corrected
  | Revoked
  | ScanAttached
  | ScanRemoved
  | BirthAnnotated
  | BirthAnnotationCorrected
  | RegistrationErased
  | SubmissionAbandoned;
