import type { BornChild } from '#domain/registration/births.ts';
import type { AnnotatedBirth, RegistrationRow } from '#projections/registration.ts';
import type { Deps } from './deps.ts';

/** The birth that was annotated on a registration (M2), opened; without its children once they are erased. */
export type OpenedBirth = Omit<AnnotatedBirth, 'personal'> & { children?: readonly BornChild[] };

/** The birth of a registration for whoever may see its data; undefined before it is annotated. */
export const annotationsOf = async (deps: Deps, row: RegistrationRow): Promise<OpenedBirth | undefined> => {
  if (row.births === undefined) return undefined;
  const { personal, ...births } = row.births;
  if (personal === undefined) return births;
  const opened = await deps.sealing.open(personal, `registration-${row.id}`);
  return { ...births, ...(opened as { children: readonly BornChild[] } | undefined) };
};
