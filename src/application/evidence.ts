import type { SeenDocument } from '#domain/registration/documents.ts';
import type { LookUp } from './verification.ts';

/** How many documents one decision takes. */
export const mostDocuments = 6;

/** A document as staff gave it; '' where its kind was left out. */
export type GivenDocument = Omit<SeenDocument, 'kind'> & { kind: SeenDocument['kind'] | '' };

/** What staff give beside an answer of the population system, or instead of one. */
export type GivenEvidence = { documents: readonly GivenDocument[]; explanation: string };

/** What evidence lacks, and where: `documents.0.number`, `explanation`. */
export type EvidenceFault = {
  field: string;
  code: 'noExplanation' | 'noDocument' | 'noDocumentKind' | 'noDocumentNumber' | 'noDocumentShows';
};

const documentFaults = ({ kind, number, shows }: GivenDocument, n: number): readonly EvidenceFault[] => [
  ...(kind === '' ? [{ field: `documents.${n}.kind`, code: 'noDocumentKind' } as const] : []),
  ...(number.trim() === '' ? [{ field: `documents.${n}.number`, code: 'noDocumentNumber' } as const] : []),
  ...(shows.trim() === '' ? [{ field: `documents.${n}.shows`, code: 'noDocumentShows' } as const] : []),
];

/**
 * What evidence lacks to register on (§3.1.1(3)): differences take an explanation, a couple without a record takes
 * documents, and each document its kind, its number and what it shows.
 */
export const evidenceFaults = (lookUp: LookUp, { documents, explanation }: GivenEvidence): readonly EvidenceFault[] => {
  const found = lookUp.answer.outcome === 'found';
  const differs = lookUp.comparisons.some(({ agrees }) => !agrees);
  return [
    ...(found && differs && explanation.trim() === ''
      ? [{ field: 'explanation', code: 'noExplanation' } as const]
      : []),
    ...(!found && documents.length === 0 ? [{ field: 'documents', code: 'noDocument' } as const] : []),
    ...documents.flatMap(documentFaults),
  ];
};

/** Evidence as the one text that is recorded: a line for each document, told by `line`, then the explanation. */
export const evidenceText = (
  { documents, explanation }: GivenEvidence,
  line: (document: GivenDocument) => string,
): string => [...documents.map(line), explanation.trim()].filter((part) => part !== '').join('\n');
