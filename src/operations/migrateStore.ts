import { createSecretKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasKeys } from '#infrastructure/sealing/keys.ts';
import { openKeyring, openLog, openScans } from '../stores.ts';
import { copyKeys } from './copyKeys.ts';
import { copyLog } from './copyLog.ts';
import { copyScans } from './copyScans.ts';
import { requireSensible, type Side, shareKeys, sideOf } from './migrationPlaces.ts';
import { argumentsOf, OperationError, opening, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';

// npm run migrate-store -- --from <place> --to <place>: copies log and data keys between embedded stores and servers.
const place = { type: 'string', multiple: true } as const;
const usage =
  'npm run migrate-store -- --from <directory | esdb://… [--from mongodb://… | <directory>]> --to <the same>';

// One transaction takes so many appends at once, all or none of them; a server takes one append after another.
const embeddedAtOnce = 256;

const migrateLog = async (from: Side, to: Side): Promise<void> => {
  if (from.log.eventStoreUrl === undefined && !existsSync(join(from.log.directory, 'events.sqlite'))) {
    throw new OperationError(
      `${from.log.directory} 里没有事件库。 There is no events.sqlite in ${from.log.directory}.`,
    );
  }
  const source = await opening(openLog(from.log, true));
  try {
    const target = await opening(openLog(to.log));
    try {
      const appendsAtOnce = to.log.eventStoreUrl === undefined ? embeddedAtOnce : 1;
      const { events, copied, sha256, ended } = await copyLog({
        source,
        target,
        appendsAtOnce,
        progressOf: progressBar,
      });
      tell(`事件 events ${events}, 本次复制 copied now ${copied}, SHA-256 ${sha256}`);
      if (ended === 'target') throw wentOn();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

const wentOn = (): OperationError =>
  new OperationError(
    '复制时来源又有新事件：请停止平台后再运行一次，只会复制其余部分。\n' +
      'The source went on meanwhile: stop the platform and run this again; only the rest is copied.',
  );

const migrateKeys = async (from: Side, to: Side): Promise<void> => {
  if (from.keys === undefined || to.keys === undefined || shareKeys(from, to)) {
    return tell('数据密钥留在原处。 The data keys stay where they are.');
  }
  // Keys travel wrapped: nothing here opens or makes any.
  const unused = createSecretKey(randomBytes(32));
  const source = await opening(openKeyring(from.keys, unused));
  const target = await opening(openKeyring(to.keys, unused));
  try {
    tell(`数据密钥 data keys ${await copyKeys(source, target, progressBar('keys'))}`);
  } finally {
    await source.close();
    await target.close();
  }
};

/** Scans lie where the data keys lie, and move with them. */
const migrateScans = async (from: Side, to: Side): Promise<void> => {
  if (from.keys === undefined || to.keys === undefined || shareKeys(from, to)) return;
  const source = await opening(openScans(from.keys));
  const target = await opening(openScans(to.keys));
  try {
    tell(`扫描件 scans ${await copyScans(source, target, progressBar('scans'))}`);
  } finally {
    await source.close();
    await target.close();
  }
};

const whatIsLeft = ({ directory }: Side): void => {
  if (directory !== undefined && !hasKeys(directory)) {
    tell(`请把 keys/ 也放进 ${directory}。 Copy keys/ into ${directory} as well, before the platform starts there.`);
  }
  tell(
    '已逐个事件核对。启动前请移走旧视图（views.sqlite，或 MongoDB 的 views、checkpoints、view.* 集合），视图会自动重建。\n' +
      'Every event was compared. Before the start, remove old views (views.sqlite, or in MongoDB the collections views, ' +
      'checkpoints and view.*): they are built anew from the log.',
  );
};

await runProgram(async () => {
  const { values } = argumentsOf({ from: place, to: place }, 0, usage);
  const [from, to] = [sideOf('--from', values.from ?? []), sideOf('--to', values.to ?? [])];
  requireSensible(from, to);
  await migrateLog(from, to);
  await migrateKeys(from, to);
  await migrateScans(from, to);
  whatIsLeft(to);
}, '\n来源未被改动；再运行一次会从停下处继续。The source is untouched; run again to go on where this stopped.');
