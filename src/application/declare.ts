import { dayInShanghai } from '#domain/calendar/day.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { marriageCertificate } from '#domain/people/marriageCertificate.ts';
import { normaliseMobile } from '#domain/people/mobile.ts';
import { normaliseName } from '#domain/people/personName.ts';
import type { Declaration } from '#domain/registration/decide.ts';
import type { Lookup } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import type { RuleContext } from '#domain/registration/rules.ts';
import type { Deps } from './deps.ts';
import type { Sealing } from './sealing.ts';

/** What the rules know today. */
export const ruleContext = (deps: Deps): RuleContext => {
  const today = dayInShanghai(deps.clock());
  return {
    today,
    policy: policyOn(today),
    knowsDivision: (code) => deps.divisions.find(code) !== undefined,
    isDivided: (code) => deps.divisions.children(code).length > 0,
    canPrint: deps.documents.canPrint,
  };
};

/** The query code of a registration: the same for the same id, so that a repeated submission shows it again (R3). */
export const queryCodeOf = (sealing: Sealing, registrationId: string): string =>
  queryCodeFrom(sealing.queryCodeBytes(registrationId));

/** The key of a couple and parity, whatever the spelling or order (R9). */
export const coupleKey = (
  sealing: Sealing,
  { wife, husband, application }: Pick<RegistrationData, 'wife' | 'husband' | 'application'>,
): string => {
  const pair = [wife, husband].map((spouse) => normaliseIdNumber(spouse.idNumber)).sort();
  return sealing.lookupKey('couple', [...pair, application.parity].join('|'));
};

/** Key by which a name is found, and by which an applicant's name is compared. */
export const nameKey = (sealing: Sealing, name: string): string => sealing.lookupKey('name', normaliseName(name));

/** Key by which an ID number is found. */
export const idNumberKey = (sealing: Sealing, idNumber: string): string =>
  sealing.lookupKey('idNumber', normaliseIdNumber(idNumber));

/** Keyed hashes of the ID numbers of the two people: whose registration it is; nobody's once it is erased. */
export const peopleOf = (
  sealing: Sealing,
  data: Partial<Pick<RegistrationData, 'wife' | 'husband'>> | undefined,
): readonly string[] =>
  [data?.wife, data?.husband]
    .filter((spouse) => spouse !== undefined)
    .map(({ idNumber }) => idNumberKey(sealing, idNumber));

const lookupOf = (sealing: Sealing, registrationId: string, data: RegistrationData): Lookup => ({
  queryCode: sealing.lookupKey('queryCode', queryCodeOf(sealing, registrationId)),
  couple: coupleKey(sealing, data),
  wifeName: nameKey(sealing, data.wife.name),
  wifeIdNumber: idNumberKey(sealing, data.wife.idNumber),
  husbandName: nameKey(sealing, data.husband.name),
  husbandIdNumber: idNumberKey(sealing, data.husband.idNumber),
});

const normalisedCertificate = (typed: string): string => {
  const read = marriageCertificate(typed);
  return read.outcome === 'invalid' ? typed : read.number;
};

/** What the couple writes, brought to the one spelling that is kept: names' middle dots, ID numbers' X, dashes. */
const normalised = (data: RegistrationData): RegistrationData => ({
  ...data,
  wife: { name: normaliseName(data.wife.name), idNumber: normaliseIdNumber(data.wife.idNumber) },
  husband: { name: normaliseName(data.husband.name), idNumber: normaliseIdNumber(data.husband.idNumber) },
  marriage: { ...data.marriage, certificateNumber: normalisedCertificate(data.marriage.certificateNumber) },
  children: data.children.map((child) => ({ ...child, name: normaliseName(child.name) })),
  declaration: { ...data.declaration, mobile: normaliseMobile(data.declaration.mobile) },
});

/** Data with what the decision needs: the office it is dispatched to (R5), its keys, what the rules know. */
export const declare = (deps: Deps, registrationId: string, raw: RegistrationData): Declaration => {
  const data = normalised(raw);
  return {
    data,
    office: deps.offices.forPlace(data.declaration.place).code,
    lookup: lookupOf(deps.sealing, registrationId, data),
    context: ruleContext(deps),
  };
};
