/** What staff may be allowed to do (DOMAIN.md O5). */
export const authorisations = [
  'review',
  'register',
  'enterOnSite',
  'issueOrdinaryCertificates',
  'manageStock',
  'viewStatistics',
  'supervise',
  'checkRegistration',
  'annotateBirth',
  'handleFeedback',
  'syncPis',
  'readAuditTrail',
] as const;
export type Authorisation = (typeof authorisations)[number];

/** A member of staff as the session knows them; `office` is an organisation's code. */
export type Staff = {
  account: string;
  name: string;
  role: 'admin' | 'operator';
  office: string;
  authorisations: readonly Authorisation[];
};

/** Who acts, as the log keeps it: codes only, no names. */
export type Actor =
  | { kind: 'applicant' }
  | { kind: 'staff'; account: string; office: string }
  | { kind: 'system'; name: string };

/** The actor that a member of staff is in the log. */
export const actorOf = ({ account, office }: Staff): Actor => ({ kind: 'staff', account, office });
