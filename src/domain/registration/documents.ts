/** The kinds of documents that staff see. */
export const documentKinds = ['marriageCertificate', 'householdBook', 'idCard', 'birthCertificate', 'other'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** A document that staff saw: which, its number, what it shows. */
export type SeenDocument = { kind: DocumentKind; number: string; shows: string };

const leastTelling = 6;

/** Whether a note says something: which document, or why records differ; a dot says nothing. */
export const isTelling = (note: string): boolean => (note.match(/[\p{L}\p{N}]/gu) ?? []).length >= leastTelling;

/** What a couple shows before its registration is reviewed in the same sitting that it is entered in (R8, §3.1.2). */
const neededOnSite = ['idCard', 'marriageCertificate'] as const satisfies readonly DocumentKind[];

/** The needed ones that nobody saw, or without their number. */
export const missingOnSite = (documents: readonly SeenDocument[]): readonly DocumentKind[] =>
  neededOnSite.filter((needed) => !documents.some(({ kind, number }) => kind === needed && number.trim() !== ''));
