import type { RegistrationData } from '#domain/registration/fields.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { Deps } from './deps.ts';

/** The declared data behind a row's sealed part; undefined once they are erased. */
export const openData = async (
  deps: Deps,
  row: { id: string; personal?: string },
): Promise<RegistrationData | undefined> => {
  if (row.personal === undefined) return undefined;
  const opened = (await deps.sealing.open(row.personal, `registration-${row.id}`)) as
    | { data: RegistrationData }
    | undefined;
  return opened?.data;
};

/** The text that came with an outcome (reasons of a rejection or decline), if one did. */
export const openOutcomeText = async (deps: Deps, row: RegistrationRow): Promise<string | undefined> => {
  if (row.outcome === undefined) return undefined;
  const opened = (await deps.sealing.open(row.outcome, `registration-${row.id}`)) as { text?: string } | undefined;
  return opened?.text;
};

/** Why a registration was passed on or corrected; undefined once that is erased. */
export const openReason = async (deps: Deps, id: string, personal: string | undefined): Promise<string | undefined> => {
  if (personal === undefined) return undefined;
  const opened = (await deps.sealing.open(personal, `registration-${id}`)) as { reason?: string } | undefined;
  return opened?.reason;
};

/** One registration's row. */
export const registrationRow = async (deps: Deps, id: string): Promise<RegistrationRow | undefined> => {
  const [row] = await deps.viewStore.get('registration', [id]);
  return row as RegistrationRow | undefined;
};
