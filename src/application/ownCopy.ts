import { type Day, dayInShanghai } from '#domain/calendar/day.ts';
import { keptUntil, retentionOn } from '#domain/calendar/retention.ts';
import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import type { BornChild } from '#domain/registration/births.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { isEnded } from '#domain/registration/erasure.ts';
import type { MadeStatus, Registered, RegistrationEvent, Submitted } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { AccessRecords, Viewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import { annotationsOf, type OpenedBirth } from './births.ts';
import { certificateHistory } from './certificateHistory.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { load } from './handleCommand.ts';
import { openData, registrationRow } from './opened.ts';

/** One thing that happened: what, when, by whom (of an office only which), what it says, and what the couple was told. */
export type CopiedStep = {
  what: string;
  at: string;
  by: { kind: 'couple' | 'platform' } | { kind: 'office'; office: string; name: string };
  facts: object;
  told?: string;
};

/** All that is kept of a registration, as its couple may take it away (PIPL art. 45). */
export type OwnCopy = {
  form: 'birth-registration-copy/1';
  madeAt: string;
  registration: {
    status: MadeStatus;
    parity: number;
    office: { code: string; name: string; phone: string; address: string };
    /** Last day on which it is kept; absent while it is open. */
    keptUntil?: Day;
    retention: string;
  };
  /** What was declared, each version as it was, the present one last. */
  declared: readonly { at: string; data: RegistrationData }[];
  /** Names of the divisions that the declaration names by their code. */
  places: Readonly<Record<string, string>>;
  steps: readonly CopiedStep[];
  certificate?: Omit<CertificateContent, 'specimen'>;
  /** The birth as the institution annotated it, every child. */
  births?: { institution: { code: string; name: string }; annotatedOn: string; children: readonly BornChild[] };
  /** What is not in here, since it may tell one of the two what the other did not, or names staff. */
  leftOut: readonly ['populationRecord', 'evidence', 'staffNames'];
};

type Named = Deps['offices'];

const officeOf = (offices: Named, code: string) => {
  const found = offices.find(code);
  return { code, name: found?.name ?? code, phone: found?.phone ?? '', address: found?.address ?? '' };
};

const byOf = (offices: Named, { meta: { actor } }: OpenedEvent): CopiedStep['by'] => {
  if (actor.kind !== 'staff') return { kind: actor.kind === 'applicant' ? 'couple' : 'platform' };
  return { kind: 'office', office: actor.office, name: officeOf(offices, actor.office).name };
};

/** Whom a verification asked; not what it answered, which may tell one of the two what the other never declared. */
const basisOf = (basis: unknown) =>
  basis === undefined ? {} : { basis: { source: (basis as Registered['data']['basis']).source } };

/** What the couple may know of an event: no look-up keys, no accounts of staff, no records, nothing sealed. */
const told = [
  ...['channel', 'enteredAt', 'parity', 'declaredPlace', 'office', 'fromOffice', 'policy', 'predecessor'],
  ...['submittedOn', 'reviewDueOn', 'outcomeDueOn', 'flags', 'from', 'changed', 'identity', 'because'],
  ...['acceptedOn', 'registerDueOn', 'reasons', 'registeredOn', 'correction', 'correctedOn'],
  ...['revokedBy', 'revokedOn', 'heardOn', 'scan', 'document', 'mediaType', 'size', 'sha256'],
  ...['institution', 'annotatedOn', 'certificate', 'liveBorn', 'fromLiveBorn'],
  ...['number', 'serial', 'kind', 'registrationId', 'registeringOffice', 'issuedOn', 'code', 'replaces'],
  ...['reason', 'voidedOn', 'supersededBy'],
];

/** Which sealed words were written to the couple, by event; all others are the office's own. */
const words: Readonly<Record<string, 'text' | 'reason'>> = {
  Rejected: 'text',
  Declined: 'text',
  Revoked: 'text',
  Redirected: 'reason',
  Corrected: 'reason',
} satisfies Partial<Record<RegistrationEvent['type'], 'text' | 'reason'>>;

const wordsTo = ({ type, data }: OpenedEvent): string | undefined => {
  const { personal } = data as { personal?: { text?: string; reason?: string } };
  const word = words[type];
  return word && personal?.[word];
};

/** An event as the couple may know it, with what they were told. */
const stepOf =
  (offices: Named) =>
  (event: OpenedEvent): CopiedStep => {
    const { basis, ...data } = event.data as Readonly<Record<string, unknown>>;
    const known = Object.entries(data).filter(([name]) => told.includes(name));
    const facts = { ...Object.fromEntries(known), ...basisOf(basis) };
    const written = wordsTo(event);
    return {
      what: event.type,
      at: event.meta.at,
      by: byOf(offices, event),
      facts,
      ...(written === undefined ? {} : { told: written }),
    };
  };

const declaredIn = (events: readonly OpenedEvent[]): OwnCopy['declared'] =>
  events
    .filter(({ type }) => type === 'Submitted' || type === 'Amended' || type === 'Corrected')
    .map(({ meta, data }) => ({ at: meta.at, data: (data as Submitted['data']).personal.data }));

const divisionCodes = /"(?:division|place)":"(\d{6,12})"/g;

const placesIn = ({ divisions }: Deps, declared: OwnCopy['declared']): OwnCopy['places'] =>
  Object.fromEntries(
    [...JSON.stringify(declared).matchAll(divisionCodes)].map(([, code = '']) => [
      code,
      divisions
        .path(code)
        .map(({ name }) => name)
        .join(''),
    ]),
  );

/** The one that holds, or held last. */
const certificateIn = (
  events: readonly OpenedEvent[],
  number: string | undefined,
  publicUrl: string,
): OwnCopy['certificate'] => {
  const issued = events.find(
    ({ type, data }) => type === 'CertificateIssued' && (data as { number: string }).number === number,
  );
  const content = (issued?.data as { personal?: { content?: CertificateContent } } | undefined)?.personal?.content;
  return content && { ...content, verifyUrl: `${publicUrl}/verify/${content.code}` };
};

const birthsOf = (offices: Named, annotated: OpenedBirth | undefined): Pick<OwnCopy, 'births'> => {
  if (annotated?.children === undefined) return {};
  const { institution: code, annotatedOn, children } = annotated;
  return { births: { institution: { code, name: officeOf(offices, code).name }, annotatedOn, children } };
};

const isEarlier = (one: CopiedStep, other: CopiedStep): number => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0);

/** Copies of what is kept for whoever holds query code and name; that one was made is recorded (S6). */
export const ownCopies = (deps: Deps, access: AccessRecords) => ({
  /** Undefined where there is no such registration, or it was erased. */
  copy: async (id: string, viewer: Viewer): Promise<OwnCopy | undefined> => {
    const row = await registrationRow(deps, id);
    if (row === undefined || (await openData(deps, row)) === undefined) return undefined;
    const { status, parity, office, certificate: number } = row;
    const annotated = await annotationsOf(deps, row);
    return access.shown(viewer, { subject: registrationSubject(row), what: 'exported' }, async () => {
      const { events } = await load(deps, registrationDecider, id);
      const issued = await certificateHistory(deps, id);
      const declared = declaredIn(events);
      const retention = retentionOn(dayInShanghai(deps.clock()));
      const lastActOn = dayInShanghai(Date.parse(events.at(-1)?.meta.at ?? ''));
      const certificate = certificateIn(issued, number, deps.publicUrl);
      return {
        form: 'birth-registration-copy/1',
        madeAt: new Date(deps.clock()).toISOString(),
        registration: {
          status,
          parity,
          office: officeOf(deps.offices, office),
          ...(isEnded(status) ? { keptUntil: keptUntil(retention, status, lastActOn) } : {}),
          retention: retention.clause,
        },
        declared,
        places: placesIn(deps, declared),
        steps: [...events, ...issued].map(stepOf(deps.offices)).toSorted(isEarlier),
        ...(certificate && { certificate }),
        ...birthsOf(deps.offices, annotated),
        leftOut: ['populationRecord', 'evidence', 'staffNames'],
      };
    });
  },
});
