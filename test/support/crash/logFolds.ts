import { decode } from '#application/eventCodec.ts';
import type { RecordedEvent } from '#application/ports.ts';
import type { Sealing } from '#application/sealing.ts';
import { type CertificateState, certificateDecider } from '#domain/certificate/decide.ts';
import type { Decider, Kind } from '#domain/decider.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { isLive, type RegistrationState } from '#domain/registration/state.ts';

/** Adds an event to the aggregate that it belongs to, where it is one of this kind. */
const folding = <K extends Kind>(decider: Decider<K>) => {
  const states = new Map<string, K['state']>();
  const prefix = `${decider.category}-`;
  return {
    states: states as ReadonlyMap<string, K['state']>,
    add: (stream: string, event: object): void => {
      if (!stream.startsWith(prefix)) return;
      const id = stream.slice(prefix.length);
      states.set(id, decider.evolve(states.get(id) ?? decider.initialState, event as K['event']));
    },
  };
};

type Lookup = { lookup?: { couple: string; queryCode: string } };

/** Registrations and certificates as their events make them, and what cannot be so of all of them together. */
export const logFolds = () => {
  const registrations = folding(registrationDecider);
  const certificates = folding(certificateDecider);
  const couples = new Map<string, string[]>();
  const byQueryCode = new Map<string, string>();
  const standing = (id: string): RegistrationState => registrations.states.get(id) ?? registrationDecider.initialState;
  const lives = (id: string): boolean => isLive(standing(id));
  /** Two live registrations of one couple and parity (R9). */
  const rivals = (): string[] =>
    [...couples]
      .filter(([, ids]) => ids.filter(lives).length > 1)
      .map(([couple, ids]) => `couple ${couple} has live registrations ${ids.filter(lives).join(', ')}`);
  /** Not exactly one certificate for a registered couple, or one for another (C2). */
  const misissued = (): string[] => {
    const valid = [...certificates.states.values()].filter(
      (state): state is Exclude<CertificateState, { status: 'absent' }> => state.status === 'valid',
    );
    const issued = Map.groupBy(valid, ({ registrationId }) => registrationId);
    return [...registrations.states]
      .map(([id, { status }]) => ({ id, status, count: issued.get(id)?.length ?? 0 }))
      .filter(({ status, count }) => count !== (status === 'registered' ? 1 : 0))
      .map(({ id, status, count }) => `registration ${id}, ${status}, has ${count} certificates`);
  };
  return {
    registrations: registrations.states,
    ofQueryCode: (key: string): string | undefined => byQueryCode.get(key),
    faults: (): string[] => [...rivals(), ...misissued()],
    /** Opens what is sealed: a torn event would not open. */
    add: async (event: RecordedEvent, sealing: Sealing): Promise<void> => {
      const opened = await decode(event, sealing);
      if (opened.erased) throw new Error(`The data key of ${event.stream} is lost.`);
      registrations.add(event.stream, opened);
      certificates.add(event.stream, opened);
      const { lookup } = event.data as Lookup;
      if (event.type !== 'Submitted.v1' || lookup === undefined) return;
      const id = event.stream.slice('registration-'.length);
      byQueryCode.set(lookup.queryCode, id);
      couples.set(lookup.couple, [...(couples.get(lookup.couple) ?? []), id]);
    },
  };
};
