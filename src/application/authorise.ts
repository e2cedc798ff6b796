import type { Authorisation, Staff } from './actor.ts';
import type { Offices } from './offices.ts';

/** What is asked for, and the authorisation it takes (O5); `read` takes any that works on registrations. */
export type WhatIsAsked =
  | { act: 'review' | 'register'; office: string }
  | { act: 'read'; office: string }
  | { act: 'listInbox'; office: string };

export type Authorised = { outcome: 'allowed' } | { outcome: 'forbidden'; reason: 'authorisation' | 'office' };

const reading: readonly Authorisation[] = [
  'review',
  'register',
  'supervise',
  'enterOnSite',
  'issueOrdinaryCertificates',
];

const has = (staff: Staff, needed: readonly Authorisation[]) =>
  staff.authorisations.some((authorisation) => needed.includes(authorisation));

/** Whether staff may do this at that office: decisions at their own office only, reading within their subtree (O3). */
export const authorise = (staff: Staff, asked: WhatIsAsked, offices: Offices): Authorised => {
  const deciding = asked.act === 'review' || asked.act === 'register';
  if (!has(staff, asked.act === 'review' || asked.act === 'register' ? [asked.act] : reading)) {
    return { outcome: 'forbidden', reason: 'authorisation' };
  }
  const within = deciding ? asked.office === staff.office : offices.isWithin(asked.office, staff.office);
  return within ? { outcome: 'allowed' } : { outcome: 'forbidden', reason: 'office' };
};
