import type { OpenedEvent } from '#application/eventCodec.ts';
import type { Services } from '#application/services.ts';
import { type Policy, policies } from '#domain/calendar/policy.ts';
import { retentions } from '#domain/calendar/retention.ts';
import type { CertificateEvent } from '#domain/certificate/decide.ts';
import type { OrdinaryEvent } from '#domain/certificate/ordinary.ts';
import type { BornChild } from '#domain/registration/births.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { Basis, RegistrationEvent } from '#domain/registration/events.ts';
import { type Flag, rules } from '#domain/registration/rules.ts';
import { evidenceLine } from '../../evidenceLine.ts';
import { fieldLabel, ruleText } from '../../fieldTexts.ts';
import { listText, translate } from '../../locale.ts';
import { momentText } from '../../times.ts';
import { officeNameAt, parityText } from './shown.ts';
import { type Reader, shownAnswer } from './shownAnswer.ts';

/** A fact of an event, or of the basis it rests on; `label` is a key under `history.facts`. */
type Fact = readonly [label: string, value: string | undefined];

type AnyEvent = RegistrationEvent | CertificateEvent | OrdinaryEvent;
type Unsealed<D> = D extends { personal: infer P } ? Omit<D, 'personal'> & { personal: P | undefined } : D;

/** The data of an event as opened: its personal part is gone once it was erased. */
export type EventOf<T extends AnyEvent['type']> = Unsealed<Extract<AnyEvent, { type: T }>['data']>;

/** Who tells, to whom, of what happened when. */
type Telling = { services: Services; reader: Reader; at: string };

type Teller<T extends AnyEvent['type']> = (
  data: EventOf<T>,
  telling: Telling,
) => readonly Fact[] | Promise<readonly Fact[]>;

const day = ({ reader }: Telling, value: string) => shownAnswer(reader, 'marriage.registeredOn', value);
const text = ({ reader }: Telling, key: string) => translate(reader.locale, key);
const office = ({ services, at }: Telling, code: string) => officeNameAt(services, code, at);
const bracketed = ({ reader }: Telling, words: string, clause: string) =>
  clause === '' ? words : translate(reader.locale, 'history.bracketed', { words, clause });

const policyText = (telling: Telling, id: string, among: readonly Policy[] = policies): string =>
  bracketed(telling, id, among.find((policy) => policy.id === id)?.clause ?? '');

const flagsText = (telling: Telling, flags: readonly Flag[]): string =>
  flags
    .map((flag) => {
      const clause = rules.find(({ name }) => name === flag.rule)?.clause ?? '';
      return bracketed(telling, ruleText(telling.reader.locale, flag, 'staff'), clause);
    })
    .join(text(telling, 'history.between'));

const reasonsText = (
  telling: Telling,
  kind: 'reject' | 'decline' | 'revoke',
  codes: readonly string[],
  clause: string,
) =>
  bracketed(
    telling,
    listText(
      telling.reader.locale,
      codes.map((code) => text(telling, `reasons.${kind}.${code}`)),
    ),
    clause,
  );

const differencesText = (telling: Telling, { differences }: Basis): string => {
  const { locale } = telling.reader;
  const labels = differences.map((field) => fieldLabel(locale, field));
  return labels.length === 0 ? text(telling, 'verification.noDifference') : listText(locale, labels);
};

const basisFacts = (telling: Telling, basis: Basis): readonly Fact[] => [
  ['source', text(telling, `verification.sources.${basis.source}`)],
  ['answer', text(telling, `verification.answers.${basis.answer}`)],
  ['askedAt', momentText(telling.reader.locale, basis.askedAt)],
  ['differences', basis.answer === 'found' ? differencesText(telling, basis) : undefined],
];

/** A line for each document; what stands for those that their reader may not see stays as it is. */
const documentsText = (documents: readonly SeenDocument[] | string | undefined): string | undefined =>
  typeof documents === 'object' ? documents.map(evidenceLine).join('\n') : documents;

const submitted: Teller<'Submitted'> = (data, telling) => [
  ['channel', text(telling, `history.${data.channel}`)],
  ['enteredAt', data.enteredAt && office(telling, data.enteredAt)],
  ['documents', documentsText(data.personal?.documents)],
  ['parity', parityText(telling.reader, data.parity)],
  ['place', shownAnswer(telling.reader, 'declaration.place', data.declaredPlace)],
  ['office', office(telling, data.office)],
  ['reviewDueOn', day(telling, data.reviewDueOn)],
  ['outcomeDueOn', day(telling, data.outcomeDueOn)],
  ['policy', policyText(telling, data.policy)],
  ['flags', flagsText(telling, data.flags)],
  ['predecessor', data.predecessor && text(telling, 'history.resubmitted')],
];

const registered: Teller<'Registered'> = (data, telling) => [
  ['registeredOn', day(telling, data.registeredOn)],
  ['policy', '§3.1.1(3)'],
  ...basisFacts(telling, data.basis),
  ['evidence', data.personal?.evidence],
];

const declined: Teller<'Declined'> = (data, telling) => [
  ['reasons', reasonsText(telling, 'decline', data.reasons, '§3.1.1(3)')],
  ['told', data.personal?.text],
  ...basisFacts(telling, data.basis),
  ['evidence', data.personal?.evidence],
];

const withdrawn: Teller<'Withdrawn'> = (data, telling) =>
  'identity' in data
    ? [
        ['applicant', text(telling, `history.spouses.${data.identity.of}`)],
        ['document', text(telling, `verification.documents.${data.identity.document}`)],
        ['documentNumber', data.personal?.documentNumber],
      ]
    : [];

const changedText = ({ reader }: Telling, changed: readonly string[]) =>
  listText(
    reader.locale,
    changed.map((field) => fieldLabel(reader.locale, field)),
  );

/** A line for each child; what stands for those that their reader may not see stays as it is. */
const childrenText = (telling: Telling, children: readonly BornChild[] | string | undefined): string | undefined =>
  typeof children === 'object'
    ? children
        .map(({ bornOn, sex, outcome }) => {
          const fill = {
            day: day(telling, bornOn),
            sex: text(telling, `institution.sexes.${sex}`),
            outcome: text(telling, `institution.outcomes.${outcome}`),
          };
          return translate(telling.reader.locale, 'institution.child', fill);
        })
        .join('\n')
    : children;

const assigned: Teller<'OrdinaryCertificateAssigned'> = async (data, telling) => {
  const bearer = data.personal?.bearer as { name: string; documentNumber: string } | string | undefined;
  return [
    ['number', data.serial],
    ['office', office(telling, data.office)],
    ['handler', (await telling.services.deps.staff.nameOf(data.handler)) ?? data.handler],
    ['applicant', typeof bearer === 'object' ? bearer.name : bearer],
    ['document', text(telling, `verification.documents.${data.identity.document}`)],
    ['documentNumber', typeof bearer === 'object' ? bearer.documentNumber : undefined],
    ['replaces', data.replaces],
    ['policy', '§3.1.3'],
  ];
};

/** What each kind of event says besides its title, actor and time. */
const tellers: { readonly [T in AnyEvent['type']]: Teller<T> } = {
  Submitted: submitted,
  Amended: (data, telling) => [
    ['movedTo', data.office === data.fromOffice ? undefined : office(telling, data.office)],
    ['flags', flagsText(telling, data.flags)],
  ],
  Withdrawn: withdrawn,
  TaskReceived: async ({ handler }, { services }) => [
    ['handler', (await services.deps.staff.nameOf(handler)) ?? handler],
    ['policy', '§3.1.1(1)'],
  ],
  Redirected: (data, telling) => [
    ['fromOffice', office(telling, data.fromOffice)],
    ['toOffice', office(telling, data.office)],
    ['reason', data.because === 'merged' ? text(telling, 'history.merged') : data.personal?.reason],
    ['policy', '§3.1.1(1)'],
  ],
  Accepted: (data, telling) => [
    ['acceptedOn', day(telling, data.acceptedOn)],
    ['registerDueOn', bracketed(telling, day(telling, data.registerDueOn), '§3.1.1(3)')],
  ],
  Rejected: (data, telling) => [
    ['reasons', reasonsText(telling, 'reject', data.reasons, '§3.1.1(2)')],
    ['told', data.personal?.text],
  ],
  Registered: registered,
  Declined: declined,
  CorrectionProposed: (data, telling) => [
    ['changed', changedText(telling, data.changed)],
    ['reason', data.personal?.reason],
    ['documents', documentsText(data.personal?.documents)],
  ],
  CorrectionDismissed: (data) => [['reason', data.personal?.reason]],
  Corrected: (data, telling) => [
    ['correctedOn', day(telling, data.correctedOn)],
    ['reason', data.personal?.reason],
    ['documents', documentsText(data.personal?.documents)],
  ],
  Revoked: (data, telling) => [
    ['revokedBy', office(telling, data.revokedBy)],
    ['reasons', reasonsText(telling, 'revoke', data.reasons, '')],
    ['told', data.personal?.text],
    ['evidence', data.personal?.evidence],
    ['heardOn', day(telling, data.heardOn)],
    ['statement', data.personal?.statement],
  ],
  ScanAttached: (data, telling) => [
    ['document', text(telling, `verification.documents.${data.document}`)],
    ['fileName', data.personal?.fileName],
  ],
  ScanRemoved: (data) => [['reason', data.personal?.reason]],
  BirthAnnotated: (data, telling) => [
    ['institution', office(telling, data.institution)],
    ['number', data.certificate],
    ['children', childrenText(telling, data.personal?.children)],
    ['liveBorn', String(data.liveBorn)],
    ['policy', '§3.3.2'],
  ],
  BirthAnnotationCorrected: (data, telling) => [
    ['institution', office(telling, data.institution)],
    ['children', childrenText(telling, data.personal?.children)],
    ['liveBorn', String(data.liveBorn)],
    ['reason', data.personal?.reason],
  ],
  RegistrationErased: (data, telling) => [
    ['erasedOn', day(telling, data.erasedOn)],
    ['basis', text(telling, `history.erasure.${data.basis}`)],
    ['policy', retentions.find(({ id }) => id === data.retention)?.clause],
  ],
  SubmissionAbandoned: () => [],
  CertificateIssued: ({ number }) => [
    ['number', number],
    ['policy', '§3.1.1(3)'],
  ],
  CertificateVoided: ({ number, reason, voidedOn, supersededBy }, telling) => [
    ['number', number],
    ['reason', text(telling, `certificate.void.${reason}`)],
    ['voidedOn', day(telling, voidedOn)],
    ['supersededBy', supersededBy],
  ],
  OrdinaryCertificateAssigned: assigned,
  OrdinaryCertificateFailed: ({ serial }, telling) => [
    ['number', serial],
    ['reason', text(telling, 'history.notHeld')],
  ],
  OrdinaryCertificateVoided: (data, telling) => [
    ['number', data.serial],
    ['reason', text(telling, `certificate.void.${data.reason}`)],
    ['voidedOn', day(telling, data.voidedOn)],
    ['note', data.personal?.note],
  ],
  CertificatePrinted: ({ channel }, telling) => [['channel', text(telling, `history.printedBy.${channel}`)]],
};

/** The facts of an event that have something to say. */
export const factsOf = async (services: Services, reader: Reader, event: OpenedEvent) => {
  const teller = tellers[event.type as AnyEvent['type']] as Teller<AnyEvent['type']> | undefined;
  const facts = (await teller?.(event.data as never, { services, reader, at: event.meta.at })) ?? [];
  return facts.flatMap(([label, value]) =>
    value ? [{ label: translate(reader.locale, `history.facts.${label}`), value }] : [],
  );
};
