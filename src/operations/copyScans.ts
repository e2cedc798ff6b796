import type { ScanStore } from '#application/ports.ts';
import type { Progress } from './copiedFiles.ts';
import { OperationError } from './program.ts';

const page = 100;

/** Every id of a store, in order. */
async function* idsOf(store: ScanStore): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const ids = await store.list(after, page);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield* ids;
    after = last;
  }
}

/**
 * Copies scans as they are, sealed, each compared once it is there; what the target has already is left. The target may hold
 * more. Throws `OperationError` where one does not arrive as it was.
 */
export const copyScans = async (source: ScanStore, target: ScanStore, onProgress: Progress): Promise<number> => {
  let count = 0;
  for await (const id of idsOf(source)) {
    const bytes = await source.get(id);
    // Removed or erased since it was listed.
    if (bytes === undefined) continue;
    const standing = await target.get(id);
    if (standing === undefined || !Buffer.from(bytes).equals(standing)) await target.put(id, bytes);
    const arrived = await target.get(id);
    if (arrived === undefined || !Buffer.from(bytes).equals(arrived)) {
      throw new OperationError(`扫描件 ${id} 没有完整复制。 Scan ${id} did not arrive whole.`);
    }
    count += 1;
    onProgress(count, count);
  }
  return count;
};
