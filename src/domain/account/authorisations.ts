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

/** The two roles of staff (O3): an admin manages people and organisations, an operator does the business. */
export const roles = ['admin', 'operator'] as const;
export type Role = (typeof roles)[number];
