/** Where a request came from: which listener and entry, its network (IPv4 /16, IPv6 /32), and a keyed hash of the address. */
export type From = {
  site: 'public' | 'management';
  entry: 'page' | 'api';
  network: string;
  /** The same for the same address: whether two acts came from one place, without naming it. */
  machine: string;
};

/** What has a trail; a stock by `<office>-<parity>`, a shipment by its number. */
export const subjectKinds = ['registration', 'certificate', 'account', 'organisation', 'stock', 'shipment'] as const;

/** What of a person is looked at, or of many at an office; `office` is the one that has it, where one does. */
export type Subject = {
  kind: (typeof subjectKinds)[number];
  id: string;
  office?: string;
};

/** What someone did with personal data. `listed`: lines of many people; `lookedUp`: asked of PIS or the exchange platform; `scanOpened`: a scan was taken away. */
export const looks = [
  'opened',
  'history',
  'printed',
  'exported',
  'searched',
  'listed',
  'lookedUp',
  'scanOpened',
] as const;
export type Look = (typeof looks)[number];

/** Why staff look at what is not their own task (S6). */
export const accessReasons = ['complaint', 'supervision', 'statisticsCheck', 'atTheCounter', 'other'] as const;
export type ReasonCode = (typeof accessReasons)[number];

/** Someone saw personal data, or was about to: it is recorded before the answer leaves (S6). */
export type PersonalDataViewed = {
  type: 'PersonalDataViewed';
  data: {
    subject: Subject;
    what: Look;
    /** `own`: open at their own office, or handled by them; for all else staff are asked why. */
    task: 'own' | 'other';
    reason?: ReasonCode;
    /** How many records or lines. */
    count?: number;
    /** Registrations that were seen with it: those a search found, the one a certificate belongs to. */
    shown?: readonly string[];
    /** The registration is the reader's own: their ID number stands in it. */
    self?: true;
    from?: From;
    /** Keyed hash of the name or ID number that was searched for. */
    lookup?: { searched: string };
    personal: { address?: string; reason?: string; searched?: string };
  };
};

/** Someone read the audit trail of a record, of a person, or of an office's people. */
export type AuditTrailRead = {
  type: 'AuditTrailRead';
  data: {
    subject: Subject;
    what: 'record' | 'person' | 'office' | 'numbers';
    exported: boolean;
    from?: From;
    personal: { address?: string };
  };
};

/** Staff came in; `session` is the keyed hash by which the session is kept. */
export type SignedIn = {
  type: 'SignedIn';
  data: {
    account: string;
    session: string;
    method: 'password' | 'passkey';
    second?: 'totp' | 'recoveryCode';
    from?: From;
    personal: { address?: string; agent?: string };
  };
};

export type SignedOut = {
  type: 'SignedOut';
  data: { account: string; session: string; from?: From; personal: { address?: string } };
};

/** Someone was not let in. `account` only where there is one of that name; `lookup`: of what was typed, kept no more. */
export type SignInRefused = {
  type: 'SignInRefused';
  data: {
    account?: string;
    reason: 'wrong' | 'locked' | 'disabled' | 'secondWrong';
    from?: From;
    lookup?: { account: string };
    personal: { address?: string };
  };
};

/** A session was ended by someone or something else than its own sign-out. */
export type SessionRevoked = {
  type: 'SessionRevoked';
  data: {
    account: string;
    session: string;
    reason: 'byOwner' | 'byAdmin' | 'passwordChanged' | 'disabled';
    from?: From;
    personal: { address?: string };
  };
};

export type AccessEvent = PersonalDataViewed | AuditTrailRead | SignedIn | SignedOut | SignInRefused | SessionRevoked;
