import { randomBytes } from 'node:crypto';
import type { DataKeys, KeptKey, Rewrapped } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import type { MasterKeys } from '#infrastructure/sealing/masterKey.ts';
import { destroyed, masterProof, openKey, wrapKey } from '#infrastructure/sealing/wrappedKeys.ts';
import type { Progress } from './copiedFiles.ts';

/** Small enough that a slow server has written a page before it is given up. */
const page = 50;
const place = 'keys.sqlite / dataKeys';

async function* pagesOf(keeper: DataKeys): AsyncGenerator<readonly KeptKey[]> {
  for (let after = ''; ; ) {
    const keys = await keeper.kept(after, page);
    const last = keys.at(-1);
    if (last === undefined) return;
    yield keys;
    after = last.id;
  }
}

const countOf = async (keeper: DataKeys): Promise<number> => {
  let count = 0;
  for await (const keys of pagesOf(keeper)) count += keys.length;
  return count;
};

/** The key under the next master key; undefined where it already is, or was destroyed. Throws `SealBroken` where neither opens it. */
const rewrapped = ({ present, next }: MasterKeys, kept: KeptKey): Rewrapped | undefined => {
  if (kept.wrapped === destroyed) return undefined;
  try {
    openKey(next, kept, place);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof SealBroken)) throw fault;
    const { key } = openKey(present, kept, place);
    return { ...wrapKey(next, kept.id, key.export()), from: kept.wrapped };
  }
};

const rewrapPage = async (keeper: DataKeys, masters: MasterKeys, keys: readonly KeptKey[]): Promise<number> => {
  const changed = keys.map((kept) => rewrapped(masters, kept)).filter((kept) => kept !== undefined);
  await keeper.rewrap(changed);
  return changed.length;
};

/** From here on whoever still has the present master key makes no more keys: the proof is the first to change. */
const fence = async (keeper: DataKeys, masters: MasterKeys): Promise<void> => {
  await keeper.keep([wrapKey(masters.present, masterProof, randomBytes(32))]);
  await rewrapPage(keeper, masters, await keeper.kept(masterProof.slice(0, -1), 1));
};

/**
 * Wraps every data key by the next master key, again and again until a whole pass has found none left; stopped at any
 * moment, a further run goes on. Returns how many it changed. Throws `SealBroken`.
 */
export const rewrapKeys = async (
  keeper: DataKeys,
  masters: MasterKeys,
  progressOf: (pass: 'keys' | 'check') => Progress,
): Promise<number> => {
  await fence(keeper, masters);
  let changed = 0;
  for (;;) {
    const total = await countOf(keeper);
    const onProgress = progressOf(changed === 0 ? 'keys' : 'check');
    let [done, now] = [0, 0];
    for await (const keys of pagesOf(keeper)) {
      now += await rewrapPage(keeper, masters, keys);
      done += keys.length;
      onProgress(done, Math.max(done, total));
    }
    changed += now;
    if (now === 0) return changed;
  }
};
