import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import type { Day } from '#domain/calendar/day.ts';
import type { Staff } from './actor.ts';
import type { Offices } from './offices.ts';

/** An account that is acted on: whose, and where and as what it stands or is to stand. */
export type AccountAsked = { account: string; office: string; role: Role };

/** What is asked for at which office; `ownData` of no office, by whoever has the account. `people`: keyed hashes of the ID numbers that a registration is about. */
export type WhatIsAsked =
  | { act: 'review' | 'register'; office: string; people: readonly string[] }
  | { act: 'correct' | 'approveCorrection' | 'revoke'; office: string; people: readonly string[] }
  | { act: 'checkRegistration' | 'annotateBirth'; office: string; people: readonly string[] }
  | { act: 'issueOrdinary' | 'enterOnSite'; office: string; people: readonly string[] }
  | { act: 'read' | 'listInbox'; office: string }
  | { act: 'seeOrganisation' | 'completeRecord' | 'arrangeOrganisation' | 'establishBelow'; office: string }
  | { act: 'seeAccounts' | 'readAuditTrail'; office: string }
  | { act: 'manageStock' | 'supplyStock' | 'seeStock'; office: string }
  | { act: 'ownData'; account: string }
  | ({ act: 'manageAccount' } & AccountAsked)
  | ({ act: 'grant'; authorisation: Authorisation; until?: Day | undefined } & AccountAsked);

/** Why something is forbidden; `self`: it would serve whoever asks; `longer`: than they hold it themselves. */
export type Forbidden = 'unverified' | 'role' | 'authorisation' | 'office' | 'self' | 'longer';
export type Authorised = { outcome: 'allowed' } | { outcome: 'forbidden'; reason: Forbidden };

const reading: readonly Authorisation[] = [
  'review',
  'register',
  'supervise',
  'enterOnSite',
  'issueOrdinaryCertificates',
];

const seeingStock: readonly Authorisation[] = [
  'manageStock',
  'supervise',
  'viewStatistics',
  'issueOrdinaryCertificates',
];

const allowed: Authorised = { outcome: 'allowed' };
const forbidden = (reason: Forbidden): Authorised => ({ outcome: 'forbidden', reason });

/** The first condition that does not hold says why not. */
const allOf = (...conditions: readonly (readonly [holds: boolean, reason: Forbidden])[]): Authorised => {
  const failed = conditions.find(([holds]) => !holds);
  return failed === undefined ? allowed : forbidden(failed[1]);
};

const holdsAny = (staff: Staff, needed: readonly Authorisation[]) =>
  staff.authorisations.some((authorisation) => needed.includes(authorisation));

/** Whether they hold it for as long themselves; without an end is longest. */
const holdsUntil = ({ ends }: Staff, asked: { authorisation: Authorisation; until?: Day | undefined }): boolean => {
  const own = ends?.[asked.authorisation];
  return own === undefined || (asked.until !== undefined && asked.until <= own);
};

/** Nobody stands above it: what the level above does elsewhere is done there by its own. */
const isTop = (office: string, offices: Offices): boolean => offices.find(office)?.parent === '';

/** Operators of the admin's own office, admins of the offices right below; at the top, where nobody is above, its own too (O3). */
const managesAt = (staff: Staff, asked: AccountAsked, offices: Offices): boolean => {
  const [own, office] = [offices.current(staff.office), offices.current(asked.office)];
  const { role } = asked;
  if (office === own) return role === 'operator' || isTop(own, offices);
  return role === 'admin' && offices.find(office)?.parent === own;
};

type OnPeople = { office: string; people: readonly string[] };

const registering = (staff: Staff, { office, people }: OnPeople, offices: Offices): Authorised =>
  allOf(
    [staff.role === 'operator', 'role'],
    [holdsAny(staff, ['register']), 'authorisation'],
    [offices.current(office) === offices.current(staff.office), 'office'],
    [!people.includes(staff.person), 'self'],
  );

/** The office that what staff enter on site goes to: their own, or the one that their committee is right under (R8). */
export const entersFor = (staff: Pick<Staff, 'office'>, offices: Offices): string => {
  const own = offices.current(staff.office);
  const found = offices.find(own);
  return found?.kind === 'committee' ? offices.current(found.parent) : own;
};

const enteringOnSite = (staff: Staff, { office, people }: OnPeople, offices: Offices): Authorised => {
  const goesTo = entersFor(staff, offices);
  return allOf(
    [staff.role === 'operator', 'role'],
    [holdsAny(staff, ['enterOnSite']), 'authorisation'],
    [goesTo === offices.current(office) && offices.registers(offices.current(office)), 'office'],
    [!people.includes(staff.person), 'self'],
  );
};

/** The county over its townships, and over the county's own desk whoever supervises that (R10). */
const supervisingRightAbove = (staff: Staff, { office, people }: OnPeople, offices: Offices): Authorised =>
  allOf(
    [staff.role === 'operator', 'role'],
    [holdsAny(staff, ['supervise']), 'authorisation'],
    [offices.find(offices.current(office))?.parent === offices.current(staff.office), 'office'],
    [!people.includes(staff.person), 'self'],
  );

/**
 * Whether staff may do this (O3–O5): who is not verified completes their own data and no more; business at their own
 * office only, reading and supervising within their subtree, people and organisations by admins and by level; nobody hands
 * on what they do not hold, or acts on what is their own.
 */
export const authorise = (staff: Staff, asked: WhatIsAsked, offices: Offices): Authorised => {
  if (!staff.verified && asked.act !== 'ownData') return forbidden('unverified');
  // Whoever an office merged into goes on for it, with its people and its tasks (O1).
  const own = offices.current(staff.office);
  const within = (office: string) => offices.isWithin(office, own);
  const admin = [staff.role === 'admin', 'role'] as const;
  switch (asked.act) {
    case 'review':
    case 'register':
      return allOf(
        [staff.role === 'operator', 'role'],
        [holdsAny(staff, [asked.act]), 'authorisation'],
        [offices.current(asked.office) === own, 'office'],
        [!asked.people.includes(staff.person), 'self'],
      );
    case 'issueOrdinary':
      return allOf(
        [staff.role === 'operator', 'role'],
        [holdsAny(staff, ['issueOrdinaryCertificates']), 'authorisation'],
        [offices.current(asked.office) === own, 'office'],
        [!asked.people.includes(staff.person), 'self'],
      );
    case 'checkRegistration':
    case 'annotateBirth':
      return allOf(
        [staff.role === 'operator', 'role'],
        [holdsAny(staff, [asked.act]), 'authorisation'],
        [offices.current(asked.office) === own && offices.find(own)?.kind === 'institution', 'office'],
        [!asked.people.includes(staff.person), 'self'],
      );
    case 'enterOnSite':
      return enteringOnSite(staff, asked, offices);
    case 'correct':
      return registering(staff, asked, offices);
    case 'approveCorrection':
      // An office may have one operator alone: then the level above is the other person.
      return supervisingRightAbove(staff, asked, offices).outcome === 'allowed'
        ? allowed
        : registering(staff, asked, offices);
    case 'revoke':
      return supervisingRightAbove(staff, asked, offices);
    case 'read':
    case 'listInbox':
      return allOf([holdsAny(staff, reading), 'authorisation'], [within(asked.office), 'office']);
    case 'seeOrganisation':
      return allOf([within(asked.office), 'office']);
    case 'completeRecord':
    case 'establishBelow':
    case 'seeAccounts':
      return allOf(admin, [within(asked.office), 'office']);
    case 'arrangeOrganisation':
      return allOf(admin, [within(asked.office) && (asked.office !== own || isTop(own, offices)), 'office']);
    case 'readAuditTrail':
      return allOf([holdsAny(staff, ['readAuditTrail']), 'authorisation'], [within(asked.office), 'office']);
    case 'manageStock':
      return allOf(
        [staff.role === 'operator', 'role'],
        [holdsAny(staff, ['manageStock']), 'authorisation'],
        [offices.current(asked.office) === own, 'office'],
      );
    case 'supplyStock':
      return allOf(
        [staff.role === 'operator', 'role'],
        [holdsAny(staff, ['manageStock']), 'authorisation'],
        [offices.find(asked.office)?.parent === own, 'office'],
      );
    case 'seeStock':
      return allOf([holdsAny(staff, seeingStock), 'authorisation'], [within(asked.office), 'office']);
    case 'ownData':
      return allOf([asked.account === staff.account, 'office']);
    case 'manageAccount':
      return allOf(admin, [asked.account !== staff.account, 'self'], [managesAt(staff, asked, offices), 'office']);
    case 'grant':
      return allOf(
        admin,
        [asked.account !== staff.account, 'self'],
        [managesAt(staff, asked, offices), 'office'],
        [holdsAny(staff, [asked.authorisation]), 'authorisation'],
        [holdsUntil(staff, asked), 'longer'],
      );
  }
};
