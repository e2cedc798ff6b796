import type { GivenDocument } from '#application/evidence.ts';
import { locales, translate } from './locale.ts';

/** A document as it is recorded: in the first language, whatever that of the page or program it came from. */
export const evidenceLine = ({ kind, number, shows }: GivenDocument): string => {
  const [locale] = locales;
  const name = translate(locale, `verification.documents.${kind}`);
  return translate(locale, 'verification.documentLine', { kind: name, number, shows });
};
