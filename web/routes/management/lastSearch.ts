import type { Services } from '#application/services.ts';

const keptMs = 30 * 60_000;
const longest = 60;

/** What was searched for last in a session, sealed: names never stand in an address, and the way back works. */
export const lastSearchOf = ({ deps }: Services, kind: 'search' | 'people' | 'ordinary', token: string | undefined) => {
  const { sealing, transientStore, clock } = deps;
  const id = sealing.lookupKey(kind, token ?? '');
  return {
    keep: (text: string) =>
      transientStore.put(kind, id, { sealed: sealing.sealTransient({ text }, id) }, clock() + keptMs),
    /** `unsent`: what was asked for when the session ended, which goes before what was found in it. */
    recall: async (unsent?: unknown): Promise<string> => {
      if (typeof unsent === 'string') return unsent.trim().slice(0, longest);
      const kept = (await transientStore.get(kind, id, clock())) as { sealed: string } | undefined;
      const opened = kept && (sealing.openTransient(kept.sealed, id) as { text: string } | undefined);
      return opened?.text ?? '';
    },
  };
};
