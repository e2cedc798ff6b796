import type { CertificateEvent } from '#domain/certificate/decide.ts';
import type { RegistrationEvent } from '#domain/registration/events.ts';
import type { Occurred } from './projection.ts';

/** An event as stored: its personal part is a sealed string, which projections copy and never open. */
export type Stored<E> = E extends { type: infer T extends string; data: infer D }
  ? { type: T; data: D extends { personal: unknown } ? Omit<D, 'personal'> & { personal: string } : D }
  : never;

/** What the views of this folder are folded from. */
export type StoredEvent = Stored<RegistrationEvent | CertificateEvent>;

/** When the act happened by the application's clock, UTC ISO 8601. */
export const atOf = (event: Occurred<StoredEvent>): string => String(event.meta['at']);

const prefix = 'registration-';

/** The registration whose stream this event stands in; none for other streams. */
export const registrationOf = ({ stream }: { stream: string }): readonly string[] =>
  stream.startsWith(prefix) ? [stream.slice(prefix.length)] : [];

/** The registration in whose stream an event is known to stand. */
export const idOf = ({ stream }: { stream: string }): string => stream.slice(prefix.length);
