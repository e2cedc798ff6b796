import type { FastifyRequest } from 'fastify';
import type { Actor } from '#application/actor.ts';
import type { OpenedEvent } from '#application/eventCodec.ts';
import type { Services } from '#application/services.ts';
import type { From } from '#domain/access/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { parseSerial } from '#domain/stock/serial.ts';
import { fieldLabel } from '../../fieldTexts.ts';
import { type EventOf, factsOf } from './historyFacts.ts';
import { recordFacts } from './recordFacts.ts';
import { officeNameAt } from './shown.ts';
import { type Reader, shownAnswer, valueAt } from './shownAnswer.ts';

/** One event as a line of the timeline. */
export type Entry = {
  type: string;
  title: string;
  tone: 'good' | 'bad' | '';
  actor: string;
  at: string;
  /** Through which entry and from which network, where that is known. */
  from: string;
  facts: readonly { label: string; value: string }[];
  changes: readonly { label: string; before: string; after: string }[];
  erased: boolean;
};

const tones: Readonly<Record<string, Entry['tone']>> = {
  Registered: 'good',
  CertificateIssued: 'good',
  Rejected: 'bad',
  Declined: 'bad',
  Withdrawn: 'bad',
  Revoked: 'bad',
  CertificateVoided: 'bad',
  OrdinaryCertificateFailed: 'bad',
  OrdinaryCertificateVoided: 'bad',
};

/** Who acted, with name and office as it was called then; accounts that are gone stay as they were written. */
export const actorText = async (
  services: Services,
  request: FastifyRequest,
  { actor, at }: { actor: Actor; at: string },
): Promise<string> => {
  if (actor.kind !== 'staff') return request.text(`history.actors.${actor.kind}`);
  const name = (await services.deps.staff.nameOf(actor.account)) ?? actor.account;
  return request.text('history.actors.staff', { name, office: officeNameAt(services, actor.office, at) });
};

/** “业务管理网页 · 10.52.0.0/16”; empty where it is not known. */
const networkText = (request: FastifyRequest, from: From | undefined): string =>
  from === undefined ? '' : `${request.text(`audit.entries.${from.site}.${from.entry}`)} · ${from.network}`;

const ofCertificates = ['CertificateIssued', 'CertificatePrinted', 'CertificateVoided'];

const numberIn = ({ data }: OpenedEvent, field: string): string =>
  String((data as Readonly<Record<string, unknown>>)[field] ?? '');

/** Whether it tells of an ordinary certificate, whose number is a serial. */
const isOrdinary = (event: OpenedEvent): boolean =>
  ofCertificates.includes(event.type) && parseSerial(numberIn(event, 'number')) !== undefined;

/** Whether the voiding of this ordinary certificate is told already, with its note. */
const isToldAlready = (event: OpenedEvent, events: readonly OpenedEvent[]): boolean =>
  event.type === 'CertificateVoided' &&
  events.some(
    (one) => one.type === 'OrdinaryCertificateVoided' && numberIn(one, 'serial') === numberIn(event, 'number'),
  );

/** What happened, in a few words. */
export const eventTitle = (request: FastifyRequest, type: string): string => request.text(`history.events.${type}`);

/** What tells a change of the declared data, as those do that only propose one. */
const isChange = ({ type }: OpenedEvent): boolean =>
  type === 'Amended' || type === 'Corrected' || type === 'CorrectionProposed';

const dataOf = (event: OpenedEvent): RegistrationData | undefined =>
  event.type === 'Submitted' || isChange(event) ? (event.data as EventOf<'Amended'>).personal?.data : undefined;

/** What an amendment or a correction changed, as the event itself names it: masked answers may look the same. */
const changesOf = (reader: Reader, before: RegistrationData | undefined, event: OpenedEvent) => {
  const after = dataOf(event);
  if (before === undefined || after === undefined || !isChange(event)) return [];
  return (event.data as EventOf<'Amended'>).changed.map((path) => ({
    label: fieldLabel(reader.locale, path),
    before: shownAnswer(reader, path, valueAt(before, path)),
    after: shownAnswer(reader, path, valueAt(after, path)),
  }));
};

/** Every event with who, when, on what basis and what changed, oldest first (S6). */
export const historyOf = async (
  services: Services,
  request: FastifyRequest,
  reader: Reader,
  events: readonly OpenedEvent[],
): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  let declared: RegistrationData | undefined;
  for (const event of events.filter((one) => !isToldAlready(one, events))) {
    const told = recordFacts(services, reader, event);
    entries.push({
      type: event.type,
      title: isOrdinary(event) ? request.text(`history.ordinary.${event.type}`) : eventTitle(request, event.type),
      tone: tones[event.type] ?? '',
      actor: await actorText(services, request, event.meta),
      at: event.meta.at,
      from: networkText(request, event.meta.from),
      facts: [...(await factsOf(services, reader, event)), ...told.facts],
      changes: [...changesOf(reader, declared, event), ...told.changes],
      erased: event.erased,
    });
    if (event.type !== 'CorrectionProposed') declared = dataOf(event) ?? declared;
  }
  return entries;
};
