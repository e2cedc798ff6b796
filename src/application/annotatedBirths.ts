import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { annotationsOf } from './births.ts';
import type { Deps } from './deps.ts';
import { nameOn } from './offices.ts';

/** The birth as a certificate shows it (M2): who was born alive; undefined where nobody was, or nothing is annotated. */
export const shownBirths = async (
  deps: Deps,
  row: RegistrationRow | undefined,
): Promise<CertificateContent['births']> => {
  const births = row && (await annotationsOf(deps, row));
  const live = births?.children?.filter(({ outcome }) => outcome === 'live') ?? [];
  if (births === undefined || live.length === 0) return undefined;
  const { institution: code, annotatedOn } = births;
  const name = nameOn(deps.offices, code, annotatedOn);
  return { institution: { code, name }, annotatedOn, children: live.map(({ bornOn, sex }) => ({ bornOn, sex })) };
};
