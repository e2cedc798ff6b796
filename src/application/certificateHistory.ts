import { certificateDecider } from '#domain/certificate/decide.ts';
import { ordinaryDecider } from '#domain/certificate/ordinary.ts';
import type { Deps } from './deps.ts';
import { certificatesOf } from './eraseRegistration.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { load } from './handleCommand.ts';

/** What happened to the certificates of a registration, electronic and ordinary ones, and what was decided about the ordinary. */
export const certificateHistory = async (deps: Deps, registrationId: string): Promise<readonly OpenedEvent[]> => {
  const numbers = await certificatesOf(deps, registrationId);
  const loaded = await Promise.all([
    load(deps, ordinaryDecider, registrationId),
    ...numbers.map((number) => load(deps, certificateDecider, number)),
  ]);
  return loaded.flatMap(({ events }) => events);
};
