import type { OpenedEvent } from '#application/eventCodec.ts';
import { decode } from '#application/eventCodec.ts';
import type { PersonalDataViewed } from '#domain/access/events.ts';
import type { Running } from './application.ts';

/** A look as the log has it, opened, and who looked. */
export type RecordedLook = PersonalDataViewed['data'] & { actor: OpenedEvent['meta']['actor'] };

/** What `perform` answers, and the access events of one type that it left in the log. */
export const accessesOf = async <T>({ services, stores }: Running, type: string, perform: () => Promise<T>) => {
  const before = await stores.eventStore.lastPosition();
  const answer = await perform();
  const recorded = await stores.eventStore.readAll(before, 1000);
  const accesses = recorded.filter(({ stream }) => stream.startsWith('access-'));
  const opened = await Promise.all(accesses.map((event) => decode(event, services.deps.sealing)));
  return { answer, accesses: opened.filter((event) => event.type === type), stored: JSON.stringify(accesses) };
};

/** What `perform` answers, and the looks at personal data that it left in the log. */
export const looksOf = async <T>(app: Running, perform: () => Promise<T>) => {
  const { answer, accesses, stored } = await accessesOf(app, 'PersonalDataViewed', perform);
  const looks = accesses.map(({ data, meta }) => ({ ...(data as RecordedLook), actor: meta.actor }));
  return { answer, looks, stored };
};
