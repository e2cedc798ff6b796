import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore, ViewStore } from '#application/ports.ts';
import { DamagedFileError } from '#infrastructure/sqlite/damage.ts';
import { projections } from '#projections/index.ts';

/**
 * Throws `DamagedFileError` where an embedded log ends before what its views were folded from: its file or its WAL was cut
 * off, or an older one was put back. Going on would write other events in the place of those that are gone.
 */
export const requireWholeLog = async (directory: string, eventStore: EventStore, viewStore: ViewStore) => {
  // In this order: other processes may be writing on.
  const folded = Math.max(...(await Promise.all(projections.map(({ name }) => viewStore.checkpoint({ view: name })))));
  const last = await eventStore.lastPosition();
  if (folded <= last) return;
  const file = join(directory, 'events.sqlite');
  throw new DamagedFileError(
    `${file} 不完整：事件止于 ${last}，视图却已到 ${folded}。请恢复事件库；如确要用这一份，请先移走视图（views.sqlite）。\n` +
      `${file} is cut off: its events end at ${last}, but its views were folded up to ${folded}. Restore it; if it is the one ` +
      'you want, move the views (views.sqlite) away first.',
  );
};

/** Throws `DamagedFileError` where a log has events, but the file with its data keys is gone: they would read as erased. */
export const requireKeyring = async (directory: string, eventStore: EventStore): Promise<void> => {
  const file = join(directory, 'keys.sqlite');
  if (existsSync(file) && statSync(file).size > 0) return;
  if ((await eventStore.lastPosition()) === 0) return;
  throw new DamagedFileError(
    `事件库已有内容，但数据密钥 ${file} 缺失或为空：请从备份恢复。\n` +
      `The log has events, but its data keys (${file}) are missing or empty: restore them from your backup.`,
  );
};
