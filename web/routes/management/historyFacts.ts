import type { FastifyRequest } from 'fastify';
import type { OpenedEvent } from '#application/eventCodec.ts';
import type { Services } from '#application/services.ts';
import { type Policy, policies } from '#domain/calendar/policy.ts';
import type { CertificateEvent } from '#domain/certificate/decide.ts';
import type { Basis, RegistrationEvent } from '#domain/registration/events.ts';
import { type Flag, rules } from '#domain/registration/rules.ts';
import { ruleText } from '../../fieldTexts.ts';
import { momentText } from '../../times.ts';
import { comparisonLabel } from './comparisonModel.ts';
import { officeName, parityText } from './shown.ts';
import { type Reader, shownAnswer } from './shownAnswer.ts';

/** A fact of an event, or of the basis it rests on. */
export type Fact = { label: string; value: string };

type AnyEvent = RegistrationEvent | CertificateEvent;
type Unsealed<D> = D extends { personal: infer P } ? Omit<D, 'personal'> & { personal: P | undefined } : D;

/** The data of an event as opened: its personal part is gone once it was erased. */
export type EventOf<T extends AnyEvent['type']> = Unsealed<Extract<AnyEvent, { type: T }>['data']>;

type Teller = (
  event: OpenedEvent,
  tell: (key: string, value: string | undefined) => readonly Fact[],
) => readonly Fact[] | Promise<readonly Fact[]>;

const policyText = (id: string, among: readonly Policy[] = policies): string => {
  const policy = among.find((one) => one.id === id);
  return policy === undefined ? id : `${id}（${policy.clause}）`;
};

/** What each kind of event says besides its title, actor and time. */
const tellers = (services: Services, request: FastifyRequest, reader: Reader): Readonly<Record<string, Teller>> => {
  const day = (value: string) => shownAnswer(reader, 'marriage.registeredOn', value);
  const place = (code: string) => shownAnswer(reader, 'declaration.place', code);
  const office = (code: string) => officeName(services, code);
  const flagsText = (flags: readonly Flag[]) =>
    flags
      .map((flag) => {
        const clause = rules.find(({ name }) => name === flag.rule)?.clause ?? '';
        return `${ruleText(request.locale, flag, 'staff')}（${clause}）`;
      })
      .join('；') || undefined;
  const reasons = (kind: 'reject' | 'decline', codes: readonly string[]) =>
    codes.map((code) => request.text(`reasons.${kind}.${code}`)).join('；');
  const basis = ({ source, answer, askedAt, differences }: Basis, tell: Parameters<Teller>[1]) => [
    ...tell('source', request.text(`verification.sources.${source}`)),
    ...tell('answer', request.text(`verification.answers.${answer}`)),
    ...tell('askedAt', momentText(request.locale, askedAt)),
    ...(answer === 'found'
      ? tell(
          'differences',
          differences.map((field) => comparisonLabel(request.locale, field)).join('、') ||
            request.text('verification.noDifference'),
        )
      : []),
  ];
  return {
    Submitted: ({ data }, tell) => {
      const submitted = data as EventOf<'Submitted'>;
      return [
        ...tell('channel', request.text('history.online')),
        ...tell('parity', parityText(request, submitted.parity)),
        ...tell('place', place(submitted.declaredPlace)),
        ...tell('office', office(submitted.office)),
        ...tell('reviewDueOn', day(submitted.reviewDueOn)),
        ...tell('outcomeDueOn', day(submitted.outcomeDueOn)),
        ...tell('policy', policyText(submitted.policy)),
        ...tell('flags', flagsText(submitted.flags)),
        ...tell('predecessor', submitted.predecessor && request.text('history.resubmitted')),
      ];
    },
    Amended: ({ data }, tell) => {
      const amended = data as EventOf<'Amended'>;
      const moved = amended.office !== amended.fromOffice;
      return [
        ...tell('movedTo', moved ? office(amended.office) : undefined),
        ...tell('flags', flagsText(amended.flags)),
      ];
    },
    TaskReceived: async ({ data }, tell) => {
      const { handler } = data as EventOf<'TaskReceived'>;
      return tell('handler', (await services.deps.staff.nameOf(handler)) ?? handler);
    },
    Redirected: ({ data }, tell) => {
      const redirected = data as EventOf<'Redirected'>;
      return [
        ...tell('fromOffice', office(redirected.fromOffice)),
        ...tell('toOffice', office(redirected.office)),
        ...tell('reason', redirected.personal?.reason),
      ];
    },
    Accepted: ({ data }, tell) => {
      const accepted = data as EventOf<'Accepted'>;
      return [
        ...tell('acceptedOn', day(accepted.acceptedOn)),
        ...tell('registerDueOn', `${day(accepted.registerDueOn)}（§3.1.1(3)）`),
      ];
    },
    Rejected: ({ data }, tell) => {
      const rejected = data as EventOf<'Rejected'>;
      return [
        ...tell('reasons', `${reasons('reject', rejected.reasons)}（§3.1.1(2)）`),
        ...tell('told', rejected.personal?.text),
      ];
    },
    Registered: ({ data }, tell) => {
      const registered = data as EventOf<'Registered'>;
      return [
        ...tell('registeredOn', day(registered.registeredOn)),
        ...basis(registered.basis, tell),
        ...tell('evidence', registered.personal?.evidence),
      ];
    },
    Declined: ({ data }, tell) => {
      const declined = data as EventOf<'Declined'>;
      return [
        ...tell('reasons', `${reasons('decline', declined.reasons)}（§3.1.1(3)）`),
        ...tell('told', declined.personal?.text),
        ...basis(declined.basis, tell),
        ...tell('evidence', declined.personal?.evidence),
      ];
    },
    CertificateIssued: ({ data }, tell) => tell('number', (data as EventOf<'CertificateIssued'>).number),
    CertificatePrinted: ({ data }, tell) =>
      tell('channel', request.text(`history.printedBy.${(data as EventOf<'CertificatePrinted'>).channel}`)),
  };
};

/** The facts of an event that have something to say. */
export const factsOf = async (
  services: Services,
  request: FastifyRequest,
  reader: Reader,
  event: OpenedEvent,
): Promise<readonly Fact[]> => {
  const tell = (key: string, value: string | undefined): readonly Fact[] =>
    value === undefined || value === '' ? [] : [{ label: request.text(`history.facts.${key}`), value }];
  return (await tellers(services, request, reader)[event.type]?.(event, tell)) ?? [];
};
