import { normalisedDetails } from '#application/registerAccount.ts';
import type { Services } from '#application/services.ts';
import { authorisations } from '#domain/account/authorisations.ts';
import { detailFaults, isAccountName } from '#domain/account/rules.ts';
import type { Grant } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { detailFault, detailsIn, textIn } from './peopleModel.ts';
import { ticked, untilIn } from './personGrants.ts';
import type { Fault } from './refused.ts';

type Typed = Readonly<Record<string, unknown>>;

/** Pages that stand beside those of people: nobody is called so. */
const pagesBeside: ReadonlySet<string> = new Set(['new', 'numbers', 'search', 'roster']);

const accountFaults = (account: string): readonly Fault[] => {
  if (pagesBeside.has(account)) return [{ field: 'account', code: 'occupied' }];
  return account === '' || isAccountName(account) ? [] : [{ field: 'account', code: 'malformed' }];
};

const untilFaults = ({ deps }: Services, until: ReturnType<typeof untilIn>, isAny: boolean): readonly Fault[] => {
  if (until === 'malformed') return [{ field: 'until', code: until }];
  const isPast = isAny && until.until !== undefined && until.until < dayInShanghai(deps.clock());
  return isPast ? [{ field: 'until', code: 'past' }] : [];
};

/** A new person as typed, or all that can be told to be wrong by the form alone, at once. */
export const newPersonIn = (services: Services, typed: Typed) => {
  const details = detailsIn(typed);
  const account = textIn(typed, 'account').toLowerCase();
  const until = untilIn(typed, 'until');
  const granted = authorisations.filter((one) => ticked(typed, one));
  const grants: readonly Grant[] =
    until === 'malformed' ? [] : granted.map((authorisation) => ({ authorisation, ...until }));
  const faults = [
    ...detailFaults(normalisedDetails(details)).map(detailFault),
    ...accountFaults(account),
    ...untilFaults(services, until, granted.length > 0),
  ];
  return { faults, made: { details, grants, ...(account === '' ? {} : { account }) } };
};
