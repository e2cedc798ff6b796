import type { Services } from '#application/services.ts';

type Listener = { office: string; tell: () => void };

/** Tells who listens that something about the registrations of an office, or of one below it, is new on the pages. */
export type OfficeNews = {
  listen: (office: string, tell: () => void) => () => void;
  close: () => Promise<void>;
};

const officesIn = (data: Readonly<Record<string, unknown>>) =>
  [data['office'], data['fromOffice']].filter((office) => typeof office === 'string');

const retryMs = 1000;

/** Follows the log from the first listener on, again where that failed; tells once the views have come along. */
export const officeNews = ({ deps }: Services): OfficeNews => {
  const listeners = new Set<Listener>();
  let started = false;
  let closed = false;
  let stop: (() => Promise<void>) | undefined;

  const tell = async (offices: ReadonlySet<string>, position: number) => {
    await deps.awaitViews(['inbox', 'counters'], position);
    for (const { office, tell: told } of listeners) {
      if ([...offices].some((one) => deps.offices.isWithin(one, office))) told();
    }
  };

  const follow = async (): Promise<void> => {
    const from = await deps.eventStore.lastPosition();
    if (closed) return;
    stop = deps.eventStore.subscribe(from, {
      onEvents: async (events) => {
        const offices = new Set(events.flatMap(({ data }) => officesIn(data)));
        if (offices.size > 0) await tell(offices, events.at(-1)?.position ?? 0);
      },
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
