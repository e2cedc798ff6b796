import type { DetailChange } from '#application/accountChanges.ts';
import type { Services } from '#application/services.ts';
import type { AccountChanged, AccountEvent } from '#domain/account/events.ts';
import { retentions } from '#domain/calendar/retention.ts';
import type { OrganisationEvent } from '#domain/organisation/events.ts';
import type { ShipmentEvent, StockEvent } from '#domain/stock/events.ts';
import { listText, translate } from '../../locale.ts';
import { momentText } from '../../times.ts';
import { officeNameAt } from './shown.ts';
import { type Reader, shownAnswer } from './shownAnswer.ts';
import { stockTellers } from './stockFacts.ts';

type AnyEvent = AccountEvent | OrganisationEvent | StockEvent | ShipmentEvent;
export type Fact = readonly [label: string, value: string | undefined];
/** Before and after of one thing that an event changed; `label` is a key. */
type Change = readonly [label: string, before: string, after: string];
/** Who tells, to whom, of what happened when. */
export type Telling = { services: Services; reader: Reader; at: string };

/** What an event of an account, an organisation or a stock says; what is sealed of people is not told here. */
export type Teller<E extends { data: object }> = (
  data: E['data'],
  telling: Telling,
) => { facts?: readonly Fact[]; changes?: readonly Change[] };

const text = ({ reader }: Telling, key: string) => translate(reader.locale, key);
const office = ({ services, at }: Telling, code: string) => (code === '' ? '' : officeNameAt(services, code, at));
const day = ({ reader }: Telling, value: string) => shownAnswer(reader, 'marriage.registeredOn', value);
const authorisation = (telling: Telling, name: string): Fact => [
  'authorisation',
  text(telling, `audit.authorisations.${name}`),
];
const nothing = () => ({});
const role = (telling: Telling, name: string): Fact => ['role', text(telling, `audit.roles.${name}`)];

const tellers: { readonly [T in AnyEvent['type']]: Teller<Extract<AnyEvent, { type: T }>> } = {
  ...stockTellers,
  OrganisationEstablished: ({ code, name, parent }, telling) => ({
    facts: [
      ['code', code],
      ['name', name],
      ['parent', office(telling, parent)],
      ['policy', '§1.2.2'],
    ],
  }),
  OrganisationRecordCompleted: ({ phone, address }) => ({
    facts: [
      ['phone', phone],
      ['address', address],
      ['policy', '§1.2.2'],
    ],
  }),
  OrganisationRenamed: ({ name, formerName }) => ({ changes: [['history.facts.name', formerName, name]] }),
  OrganisationMoved: ({ parent, fromParent }, telling) => ({
    changes: [['history.facts.parent', office(telling, fromParent), office(telling, parent)]],
  }),
  OrganisationMerged: ({ into }, telling) => ({ facts: [['into', office(telling, into)]] }),
  AccountRegistered: (data, telling) => ({
    facts: [role(telling, data.role), ['office', office(telling, data.office)], ['policy', '§1.2.1']],
  }),
  AccountChanged: (
    { changed, changes = [] }: AccountChanged['data'] & { changes?: readonly DetailChange[] },
    telling,
  ) => ({
    changes: changes.map(({ field, before, after }) => [`audit.details.${field}`, before, after] as const),
    facts:
      changes.length > 0
        ? []
        : [
            [
              'changed',
              listText(
                telling.reader.locale,
                changed.map((one) => text(telling, `audit.details.${one}`)),
              ),
            ],
          ],
  }),
  IdentityChecked: ({ outcome, askedAt }, telling) => ({
    facts: [
      ['answer', text(telling, `audit.identity.${outcome}`)],
      ['askedAt', momentText(telling.reader.locale, askedAt)],
      ['policy', '§3.2.3'],
    ],
  }),
  IdentityConfirmed: ({ basis }, telling) => ({
    facts: [
      ['basis', text(telling, `audit.confirmation.${basis}`)],
      ['policy', '§3.2.3'],
    ],
  }),
  AuthorisationGranted: (data, telling) => ({
    facts: [authorisation(telling, data.authorisation), ['until', data.until && day(telling, data.until)]],
  }),
  AuthorisationWithdrawn: (data, telling) => ({ facts: [authorisation(telling, data.authorisation)] }),
  AccountDisabled: nothing,
  AccountEnabled: nothing,
  AccountClosed: nothing,
  AccountErased: ({ erasedOn, basis, retention }, telling) => ({
    facts: [
      ['erasedOn', day(telling, erasedOn)],
      ['basis', text(telling, `history.erasure.${basis}`)],
      ['policy', retentions.find(({ id }) => id === retention)?.clause],
    ],
  }),
  PasswordIssued: nothing,
  PasswordChanged: nothing,
  TotpEnrolled: nothing,
  RecoveryCodeUsed: nothing,
  RecoveryCodesRenewed: nothing,
  TotpRemoved: nothing,
  PasskeyAdded: nothing,
  PasskeyRemoved: nothing,
};

const isTold = (type: string): type is AnyEvent['type'] => Object.hasOwn(tellers, type);

/** What an event of an account, an organisation or a stock says and what it changed; nothing for events of other records. */
export const recordFacts = (
  services: Services,
  reader: Reader,
  event: { type: string; data: object; meta: { at: string } },
) => {
  if (!isTold(event.type)) return { facts: [], changes: [] };
  const teller = tellers[event.type] as Teller<AnyEvent>;
  const { facts = [], changes = [] } = teller(event.data as never, { services, reader, at: event.meta.at });
  const label = (key: string) => translate(reader.locale, `history.facts.${key}`);
  return {
    facts: facts.flatMap(([key, value]) => (value ? [{ label: label(key), value }] : [])),
    changes: changes.map(([key, before, after]) => ({ label: translate(reader.locale, key), before, after })),
  };
};
