import type { CheckedBy, CheckOutcome } from '#domain/check/events.ts';
import { idNumberFault } from '#domain/people/idNumber.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { SearchRow } from '#projections/search.ts';
import { codeIn } from './certificateCodes.ts';
import { normalisedNumber } from './certificateQueries.ts';
import { idNumberKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { isOpen } from './inboxCounts.ts';
import { registrationRow } from './opened.ts';

/** What an institution asks by, and what it typed or scanned. */
export type Asked = { by: CheckedBy; text: string };

/** What a check comes to; `woman` is the keyed hash of her ID number. */
export type Checked = {
  outcome: CheckOutcome;
  registrationId?: string;
  certificate?: string;
  woman?: string;
};

const most = 50;

/** What the standing of a registration means to an institution (M1). */
export const outcomeOf = ({ status, births, erasedOn }: RegistrationRow): CheckOutcome => {
  if (erasedOn !== undefined) return 'erased';
  if (status === 'registered') return births === undefined ? 'registered' : 'born';
  switch (status) {
    case 'submitted':
    case 'received':
    case 'accepted':
      return 'underReview';
    case 'rejected':
    case 'declined':
    case 'withdrawn':
    case 'revoked':
      return status;
    default:
      return 'unregistered';
  }
};

/** Every registration of the woman with this key, the latest first: ids order by time. */
export const registrationsOf = async (deps: Deps, woman: string): Promise<readonly RegistrationRow[]> => {
  const { rows } = await deps.viewStore.find('search', { index: 'wifeIdNumber', equals: [woman], limit: most });
  const found = await deps.viewStore.get(
    'registration',
    rows.map(({ id }) => id),
  );
  return (found as readonly (RegistrationRow | undefined)[])
    .filter((row) => row !== undefined)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1));
};

/** The one that this pregnancy may be registered by: the latest that lives and has no birth yet, else the latest of all. */
const ofThisPregnancy = (rows: readonly RegistrationRow[]): RegistrationRow | undefined =>
  rows.find(({ status, births }) => isOpen(status) || (status === 'registered' && births === undefined)) ?? rows[0];

const byWoman = async (deps: Deps, text: string): Promise<Checked> => {
  const woman = idNumberKey(deps.sealing, text);
  const row = ofThisPregnancy(await registrationsOf(deps, woman));
  if (row === undefined) return { outcome: 'unregistered', woman };
  const { id, certificate } = row;
  return { outcome: outcomeOf(row), registrationId: id, woman, ...(certificate !== undefined && { certificate }) };
};

/** The certificate of this number, and the registration that it is of. */
const byNumber = async (deps: Deps, number: string): Promise<Checked> => {
  const [certificate] = (await deps.viewStore.get('certificate', [number])) as readonly (CertificateRow | undefined)[];
  const row = certificate && (await registrationRow(deps, certificate.registrationId));
  if (certificate === undefined || row === undefined) return { outcome: 'unknown', certificate: number };
  const [keys] = (await deps.viewStore.get('search', [row.id])) as readonly (SearchRow | undefined)[];
  const outcome = certificate.status === 'void' && row.status === 'registered' ? 'void' : outcomeOf(row);
  return { outcome, registrationId: row.id, certificate: number, ...(keys && { woman: keys.wifeIdNumber }) };
};

/** Looks for what was typed or scanned (M1); undefined where it can be no such thing, and nothing is looked for. */
export const checkedBy = async (deps: Deps, { by, text }: Asked): Promise<Checked | undefined> => {
  switch (by) {
    case 'idNumber':
      return idNumberFault(text) === undefined ? byWoman(deps, text) : undefined;
    case 'number': {
      const number = normalisedNumber(text);
      return number === undefined ? undefined : byNumber(deps, number);
    }
    case 'code': {
      const token = codeIn(text);
      if (token === undefined) return undefined;
      const verified = await deps.certificateCodes.verify(token);
      return verified.outcome === 'forged' ? { outcome: 'forged' } : byNumber(deps, verified.claims.n);
    }
  }
};
