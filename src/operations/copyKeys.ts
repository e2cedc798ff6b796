import type { DataKeys, KeptKey } from '#application/ports.ts';
import { destroyed } from '#infrastructure/sealing/wrappedKeys.ts';
import type { Progress } from './copiedFiles.ts';
import { OperationError } from './program.ts';

const page = 1000;

/** Every kept key, in the order of ids that all keepers have: that of their bytes. */
async function* keysOf(keeper: DataKeys): AsyncGenerator<KeptKey> {
  for (let after = ''; ; ) {
    const keys = await keeper.kept(after, page);
    const last = keys.at(-1);
    if (last === undefined) return;
    yield* keys;
    after = last.id;
  }
}

/**
 * Copies data keys as they are, wrapped, then compares every one. The target may hold more. What was destroyed on
 * one side ends on the other. Throws `OperationError` where it holds another key under the same id.
 */
export const copyKeys = async (source: DataKeys, target: DataKeys, onProgress: Progress): Promise<number> => {
  let count = 0;
  for (let after = ''; ; ) {
    const keys = await source.kept(after, page);
    const last = keys.at(-1);
    if (last === undefined) break;
    await target.keep(keys);
    after = last.id;
    count += keys.length;
  }
  await compareKeys(source, target, (done) => onProgress(Math.min(done, count), count));
  return count;
};

const compareKeys = async (source: DataKeys, target: DataKeys, onProgress: (done: number) => void): Promise<void> => {
  const standing = keysOf(target);
  let done = 0;
  for await (const { id, wrapped } of keysOf(source)) {
    let other = await standing.next();
    while (!other.done && other.value.id < id) other = await standing.next();
    const same = !other.done && other.value.id === id && [wrapped, destroyed].includes(other.value.wrapped);
    if (!same) {
      throw new OperationError(
        `数据密钥 ${id} 在目标里缺失或不同。 Data key ${id} is missing in the target, or is another there.`,
      );
    }
    done += 1;
    if (done % page === 0) onProgress(done);
  }
  onProgress(done);
};
