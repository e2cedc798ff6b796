type Stored = { readonly [key: string]: unknown };
type Upcast = (data: Stored) => Stored;

/**
 * How each event type has been stored: its versions' upcasters, oldest first; the current version is one more than
 * their number. A new version is one more upcaster here and one more golden file in `test/fixtures/events/`.
 */
export const eventVersions = {
  Submitted: [],
  Amended: [],
  Withdrawn: [],
  TaskReceived: [],
  Redirected: [],
  Accepted: [],
  Rejected: [],
  Registered: [],
  Declined: [],
  CorrectionProposed: [],
  CorrectionDismissed: [],
  Corrected: [],
  Revoked: [],
  ScanAttached: [],
  ScanRemoved: [],
  BirthAnnotated: [],
  BirthAnnotationCorrected: [],
  RegistrationChecked: [],
  WomanTold: [],
  RegistrationErased: [],
  SubmissionAbandoned: [],
  CoupleReserved: [],
  CertificateIssued: [],
  CertificatePrinted: [],
  CertificateVoided: [],
  OrdinaryCertificateAssigned: [],
  OrdinaryCertificateFailed: [],
  OrdinaryCertificateVoided: [],
  OrganisationEstablished: [],
  OrganisationRecordCompleted: [],
  OrganisationRenamed: [],
  OrganisationMoved: [],
  OrganisationMerged: [],
  CheckpointSigned: [],
  PersonalDataViewed: [],
  AuditTrailRead: [],
  SignedIn: [],
  SignedOut: [],
  SignInRefused: [],
  SessionRevoked: [],
  AccessRecordsErased: [],
  AccountRegistered: [],
  AccountChanged: [],
  IdentityChecked: [],
  IdentityConfirmed: [],
  AuthorisationGranted: [],
  AuthorisationWithdrawn: [],
  AccountDisabled: [],
  AccountEnabled: [],
  AccountClosed: [],
  AccountErased: [],
  PasswordIssued: [],
  PasswordChanged: [],
  TotpEnrolled: [],
  RecoveryCodeUsed: [],
  RecoveryCodesRenewed: [],
  TotpRemoved: [],
  PasskeyAdded: [],
  PasskeyRemoved: [],
  StaffPersonReserved: [],
  PrinterAdded: [],
  PrinterAdjusted: [],
  PrinterRemoved: [],
  PrintRunEntered: [],
  StockDispatched: [],
  StockReceived: [],
  SerialIssued: [],
  SerialsVoided: [],
  StockTaken: [],
  StockCounted: [],
  DisposalProposed: [],
  DisposalDismissed: [],
  SerialsWrittenOff: [],
  SpoiltSerialsDestroyed: [],
  StockRequested: [],
  StockRequestApproved: [],
  StockRequestRefused: [],
  ReallocationOrdered: [],
  ThresholdSet: [],
  ShipmentReceived: [],
  ShipmentTakenBack: [],
  LossTakenOver: [],
  MissingSerialsFound: [],
} as const satisfies Record<string, readonly Upcast[]>;

export type EventType = keyof typeof eventVersions;

const upcasters: ReadonlyMap<string, readonly Upcast[]> = new Map(Object.entries(eventVersions));

/** The name under which the current version of an event is stored, such as `Submitted.v1`. */
export const storedType = (type: string): string => `${type}.v${(upcasters.get(type)?.length ?? 0) + 1}`;

/** A stored event in its current version; throws on a name that no version of this program wrote. */
export const toCurrent = (stored: string, data: Stored): { type: EventType; data: Stored } => {
  const [, type = '', version = ''] = /^(\w+)\.v(\d+)$/.exec(stored) ?? [];
  const steps = upcasters.get(type);
  if (steps === undefined || Number(version) < 1 || Number(version) > steps.length + 1) {
    throw new Error(`The log holds an event named ${stored}, which this version of the program does not know.`);
  }
  return { type: type as EventType, data: steps.slice(Number(version) - 1).reduce((now, upcast) => upcast(now), data) };
};
