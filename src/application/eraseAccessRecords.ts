import { accessKeyDecider } from '#domain/access/eraseRecords.ts';
import { addYears, type Day, dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import type { AccessKeyRow } from '#projections/accessKeys.ts';
import type { Erasing } from './eraseRegistration.ts';
import { handleCommand } from './handleCommand.ts';
import type { Ids } from './ports.ts';

/** More keys than months and processes can have made. */
const mostKeys = 100_000;

const keysKept = async ({ viewStore }: Erasing, standing: AccessKeyRow['standing'], before?: Day) => {
  const query = { index: 'kept', equals: [standing], limit: mostKeys, ...(before === undefined ? {} : { before }) };
  return (await viewStore.find('accessKeys', query)).rows as readonly AccessKeyRow[];
};

/** Data keys of access records that were kept for as long as the retention in force today asks, and those years. */
export const dueAccessKeys = async (deps: Erasing) => {
  const today = dayInShanghai(deps.clock());
  const years = retentionOn(today).accessYears;
  const before = addYears(today, -years);
  return { years, before, keys: await keysKept(deps, 'kept', before) };
};

/** Erases what identifies people in the access records of those keys; who looked at what stays (S6). */
export const eraseAccessRecords = async (
  deps: Erasing & { ids: Ids },
  keys: readonly AccessKeyRow[],
  onEach: () => void,
): Promise<void> => {
  const today = dayInShanghai(deps.clock());
  const retention = retentionOn(today);
  for (const { id: key, lastOn } of keys) {
    const command = { type: 'EraseAccessRecords', key, lastOn, today, retention } as const;
    const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
    const { outcome } = await handleCommand(deps, accessKeyDecider, key, command, act);
    if (outcome === 'done') await deps.dataKeys.destroy(key);
    onEach();
  }
};

/** Destroys the keys of all erased access records again: after older keys were put back. */
export const finishAccessErasures = async (deps: Erasing): Promise<void> => {
  for (const { id } of await keysKept(deps, 'erased')) await deps.dataKeys.destroy(id);
};
