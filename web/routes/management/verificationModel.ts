import { mostDocuments } from '#application/evidence.ts';
import type { LookUp } from '#application/verification.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { translate } from '../../locale.ts';
import { comparisonModel } from './comparisonModel.ts';
import type { Reader } from './shownAnswer.ts';
import type { Typed } from './typed.ts';

type Errors = Readonly<Record<string, string>>;

/** The rows of a form that asks for documents, with what was typed into them. */
export const documentRows = ({ locale }: Reader, typed: Pick<Typed, 'documents'>, errorAt: Errors) =>
  Array.from({ length: mostDocuments }, (_, n) => {
    const seen = typed.documents[n] ?? { kind: '', number: '', shows: '' };
    return {
      n,
      count: n + 1,
      first: n === 0,
      ...seen,
      errors: { document: errorAt[`document${n}`], number: errorAt[`number${n}`], shows: errorAt[`shows${n}`] },
      kinds: documentKinds.map((kind) => ({
        kind,
        text: translate(locale, `verification.documents.${kind}`),
        selected: kind === seen.kind,
      })),
    };
  });

/** The verification as its part of the page shows it; undefined answers are asked for by the page. */
export const verificationModel = (reader: Reader, lookUp: LookUp | undefined, typed: Typed, errorAt: Errors) => {
  if (lookUp === undefined) return { asked: false };
  const { answer, source, askedAt } = lookUp;
  const lines = comparisonModel(reader, lookUp);
  const differences = lines.filter(({ agrees }) => !agrees).length;
  const found = answer.outcome === 'found';
  const kind = found ? (differences === 0 ? 'agrees' : 'differs') : answer.outcome;
  return {
    asked: true,
    source,
    askedAt,
    kind,
    found,
    agrees: kind === 'agrees',
    differs: kind === 'differs',
    differences,
    unreachable: answer.outcome === 'unreachable' ? answer.reason : undefined,
    lines,
    documents: documentRows(reader, typed, errorAt),
  };
};
