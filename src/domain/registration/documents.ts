/** The kinds of documents that staff see. */
export const documentKinds = ['marriageCertificate', 'householdBook', 'idCard', 'birthCertificate', 'other'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** A document that staff saw: which, its number, what it shows. */
export type SeenDocument = { kind: DocumentKind; number: string; shows: string };

const leastTelling = 6;

/** Whether a note says something: which document, or why records differ; a dot says nothing. */
export const isTelling = (note: string): boolean => (note.match(/[\p{L}\p{N}]/gu) ?? []).length >= leastTelling;
