import type { Origin, Staff } from '../actor.ts';
import type { Deps } from '../deps.ts';

/** An import that was confirmed and has not ended: whose, and from where that was (sealed). */
export type OpenJob = { id: string; account: string; from?: Origin };

type Kept = { id: string; account: string; sealed?: string };

const kind = 'rosterOpen';
/** So many imports are found again at once; one more goes on only where its owner asks for its state. */
const places = Array.from({ length: 32 }, (_, n) => String(n));

/**
 * The list of open imports, by which any process finds what another left behind: in numbered places, since the transient
 * store finds nothing but by its name.
 */
export const openJobs = ({ transientStore, sealing, clock }: Pick<Deps, 'transientStore' | 'sealing' | 'clock'>) => {
  const context = (id: string) => `${kind}:${id}`;
  const at = async (place: string) => (await transientStore.get(kind, place, clock())) as Kept | undefined;
  const opened = ({ id, account, sealed }: Kept): OpenJob => {
    const from = sealed && (sealing.openTransient(sealed, context(id)) as Origin | undefined);
    return { id, account, ...(from ? { from } : {}) };
  };
  return {
    add: async (id: string, { account, from }: Staff, keptMs: number): Promise<void> => {
      const now = clock();
      const kept: Kept = { id, account, ...(from && { sealed: sealing.sealTransient(from, context(id)) }) };
      for (const place of places) if (await transientStore.putIfAbsent(kind, place, kept, now, now + keptMs)) return;
    },
    all: async (): Promise<readonly OpenJob[]> =>
      (await Promise.all(places.map(at))).flatMap((kept) => (kept === undefined ? [] : [opened(kept)])),
    remove: async (id: string): Promise<void> => {
      for (const place of places) if ((await at(place))?.id === id) await transientStore.remove(kind, place);
    },
  };
};
