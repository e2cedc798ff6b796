import type { Services } from '#application/services.ts';

type Listener = { office: string; tell: () => void };

/** Tells who listens that something about the registrations of an office, or of one below it, is new on the pages. */
export type OfficeNews = {
  listen: (office: string, tell: () => void) => () => void;
  close: () => Promise<void>;
};

const officesIn = (data: Readonly<Record<string, unknown>>) =>
  [data['office'], data['fromOffice']].filter((office) => typeof office === 'string');

/** Follows the log from the first listener on; tells once the views have come along. */
export const officeNews = ({ deps }: Services): OfficeNews => {
  const listeners = new Set<Listener>();
  let following: Promise<() => Promise<void>> | undefined;
  let closed = false;

  const tell = async (offices: ReadonlySet<string>, position: number) => {
    await deps.awaitViews(['inbox', 'counters'], position);
    for (const { office, tell: told } of listeners) {
      if ([...offices].some((one) => deps.offices.isWithin(one, office))) told();
    }
  };

  const follow = async () => {
    const from = await deps.eventStore.lastPosition();
    return deps.eventStore.subscribe(from, {
      onEvents: async (events) => {
        const offices = new Set(events.flatMap(({ data }) => officesIn(data)));
        if (offices.size > 0) await tell(offices, events.at(-1)?.position ?? 0);
      },
      onFailure: () => {
        following = undefined;
      },
    });
  };

  return {
    listen: (office, told) => {
      const listener = { office, tell: told };
      if (closed) return () => undefined;
      listeners.add(listener);
      following ??= follow();
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      listeners.clear();
      await (await following)?.();
    },
  };
};
