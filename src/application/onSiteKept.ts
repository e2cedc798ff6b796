import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';

type Kept = { sealed: string };

/** What is remembered for one member of staff alone, sealed, for a while: `kind` says of what, `name` of which one. */
export const keptForStaff = <T>(deps: Deps, kind: string, lifetimeMs: number) => {
  const keyOf = ({ account }: Staff, name: string) => `${account}:${name}`;
  return {
    get: async (staff: Staff, name: string): Promise<T | undefined> => {
      const key = keyOf(staff, name);
      const kept = (await deps.transientStore.get(kind, key, deps.clock())) as Kept | undefined;
      return kept && (deps.sealing.openTransient(kept.sealed, `${kind}:${key}`) as T | undefined);
    },
    put: (staff: Staff, name: string, value: T): Promise<void> => {
      const key = keyOf(staff, name);
      const sealed = deps.sealing.sealTransient(value, `${kind}:${key}`);
      return deps.transientStore.put(kind, key, { sealed } satisfies Kept, deps.clock() + lifetimeMs);
    },
    remove: (staff: Staff, name: string): Promise<void> => deps.transientStore.remove(kind, keyOf(staff, name)),
  };
};
