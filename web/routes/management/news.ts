import type { RecordedEvent } from '#application/ports.ts';
import type { Services } from '#application/services.ts';

/** Called with the ids of the registrations that something is new about. */
type Tell = (changed: readonly string[]) => void;

type Listener = { office: string; tell: Tell };

/** Tells who listens that something about the registrations of an office, or of one below it, is new on the pages. */
export type OfficeNews = {
  listen: (office: string, tell: Tell) => () => void;
  close: () => Promise<void>;
};

type Change = { id: string; offices: readonly string[] };

/** Which registration an event is about, and the offices that see it. */
const changeOf = ({ stream, data }: RecordedEvent): Change => ({
  id: String(data['registrationId'] ?? stream.replace(/^registration-/, '')),
  offices: [data['office'], data['fromOffice']].filter((office) => typeof office === 'string'),
});

const retryMs = 1000;

/** Follows the log from the first listener on, again where that failed; tells once the views have come along. */
export const officeNews = ({ deps }: Services): OfficeNews => {
  const listeners = new Set<Listener>();
  let started = false;
  let closed = false;
  let stop: (() => Promise<void>) | undefined;

  const tell = async (changes: readonly Change[], position: number) => {
    await deps.awaitViews(['inbox', 'counters'], position);
    for (const { office, tell: told } of listeners) {
      const seen = changes.filter(({ offices }) => offices.some((one) => deps.offices.isWithin(one, office)));
      if (seen.length > 0) told([...new Set(seen.map(({ id }) => id))]);
    }
  };

  const follow = async (): Promise<void> => {
    const from = await deps.eventStore.lastPosition();
    if (closed) return;
    stop = deps.eventStore.subscribe(from, {
      onEvents: (events) => tell(events.map(changeOf), events.at(-1)?.position ?? 0),
      onFailure: () => void again(),
    });
  };

  const again = async (): Promise<void> => {
    await deps.wait(retryMs);
    if (!closed) await follow().catch(again);
  };

  return {
    listen: (office, told) => {
      const listener = { office, tell: told };
      listeners.add(listener);
      if (!started) void follow().catch(again);
      started = true;
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      listeners.clear();
      await stop?.();
    },
  };
};
