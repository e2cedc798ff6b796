import { dueAccessKeys, eraseAccessRecords, finishAccessErasures } from '#application/eraseAccessRecords.ts';
import { type Due, dueForErasure, eraseDue, erasedBefore, finishErasures, lastEndedOn } from '#application/eraseDue.ts';
import type { Erasing } from '#application/eraseRegistration.ts';
import { dayInShanghai, daysBetween } from '#domain/calendar/day.ts';
import { uuids } from '#infrastructure/ids.ts';
import { hasKeys, loadKeys } from '#infrastructure/sealing/keys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { openKeyring, openLog, openScans, openViews } from '../stores.ts';
import { argumentsOf, OperationError, opening, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';

// npm run erase [-- --dry-run]: erases the personal data of registrations and accounts that were kept long enough (PIPL art. 47).
const options = {
  'dry-run': { type: 'boolean' },
  again: { type: 'boolean' },
  'clock-is-right': { type: 'boolean' },
} as const;
const usage = 'npm run erase [-- --dry-run | --again | --clock-is-right]';

/** A province that registers nobody for so many days has a wrong clock, and an erasure cannot be taken back. */
const quietDays = 62;

const withStores = async (work: (deps: Erasing) => Promise<void>): Promise<void> => {
  const places = placesFromEnvironment();
  if (!hasKeys(places.directory)) {
    throw new OperationError(`${places.directory} 里没有密钥。 ${places.directory} has no keys: put keys/ back.`);
  }
  const keys = loadKeys(places.directory);
  const eventStore = await opening(openLog(places));
  const viewStore = await opening(openViews(places));
  const dataKeys = await opening(openKeyring(places, keys.master));
  const scanStore = await opening(openScans(places));
  try {
    await work({ eventStore, viewStore, dataKeys, scanStore, sealing: createSealing(keys, dataKeys), clock: Date.now });
  } finally {
    for (const store of [eventStore, viewStore, dataKeys, scanStore]) await store.close();
  }
};

const requireSoundClock = async (deps: Erasing): Promise<void> => {
  const [today, last] = [dayInShanghai(deps.clock()), await lastEndedOn(deps)];
  if (last === undefined || daysBetween(last, today) <= quietDays) return;
  throw new OperationError(
    `今天是 ${today}，最近一次办结却在 ${last}。请核对时钟；确认无误的，加 --clock-is-right 再运行。\n` +
      `Today is ${today}, but the last registration ended on ${last}. Check the clock; if it is right, run again with --clock-is-right.`,
  );
};

const words = {
  registered: '已登记',
  rejected: '不受理',
  declined: '不予登记',
  withdrawn: '已撤回',
  revoked: '已撤销',
  closed: '已注销账号',
} as const;

const preview = (due: readonly Due[]): number => {
  for (const { standing, years, before, count } of due) {
    tell(
      `${words[standing]} ${standing}: 保存 ${years} 年 kept for ${years} year(s); ${before} 之前办结 last act before ${before}: ${count}`,
    );
  }
  return due.reduce((sum, { count }) => sum + count, 0);
};

/** A bar that is told of one more each time. */
const bar = (label: string, total: number): (() => void) => {
  const draw = progressBar(label);
  let done = 0;
  return () => {
    done += 1;
    draw(Math.min(done, total), total);
  };
};

/** The access records that are due: how many data keys, each of one month and process. */
const previewAccess = async (deps: Erasing) => {
  const { years, before, keys } = await dueAccessKeys(deps);
  tell(
    `访问记录 access records: 保存 ${years} 年 kept for ${years} year(s); ${before} 之前 before ${before}: ${keys.length}`,
  );
  return keys;
};

const erase = async (deps: Erasing, { dryRun, clockIsRight }: { dryRun: boolean; clockIsRight: boolean }) => {
  const due = await dueForErasure(deps);
  const total = preview(due);
  const keys = await previewAccess(deps);
  if (dryRun) return tell(`试运行：没有删除。共 ${total} 件到期。 Dry run: nothing was erased; ${total} are due.`);
  if (!clockIsRight) await requireSoundClock(deps);
  const { erased, kept } = await eraseDue({ ...deps, ids: uuids(deps.clock) }, due, bar('erase', total));
  await eraseAccessRecords({ ...deps, ids: uuids(deps.clock) }, keys, bar('access', keys.length));
  tell(`已删除个人信息 erased ${erased}, 仍须保存 still to be kept ${kept}`);
  tell(
    '视图由运行中的平台更新，平台停着的，下次启动时更新。备份里的旧数据密钥在更换主密钥后失效（npm run rotate-master-key）。\n' +
      'Views follow as soon as a platform runs. Data keys in older backups end with the next npm run rotate-master-key.',
  );
};

await runProgram(async () => {
  const { values } = argumentsOf(options, 0, usage);
  await withStores(async (deps) => {
    if (values.again !== true) {
      return erase(deps, {
        dryRun: values['dry-run'] === true,
        clockIsRight: values['clock-is-right'] === true,
      });
    }
    const total = await erasedBefore(deps);
    await finishErasures(deps, bar('again', total));
    await finishAccessErasures(deps);
    tell(`已再次销毁数据密钥 data keys destroyed again: ${total}`);
  });
}, '\n已删除的保持删除；再运行一次会继续。What was erased stays erased; run again to go on.');
