import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { leaseHolder } from '#application/lease.ts';
import { processName } from '#infrastructure/processName.ts';
import { hasKeys } from '#infrastructure/sealing/keys.ts';
import { beginRotation, endRotation } from '#infrastructure/sealing/masterKey.ts';
import { openKeyring, openTransient, type StorePlaces } from '../stores.ts';
import { argumentsOf, OperationError, opening, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';
import { rewrapKeys } from './rewrapKeys.ts';

// npm run rotate-master-key: makes a new master key and wraps every data key by it, while the platform is stopped.

/** Longer than a lease lives that nobody renews, and than an instance takes to claim one that is free. */
const leaseEndsWithinMs = 8000;
const claimedWithinMs = 2000;
const pauseMs = 250;

/** Throws `OperationError` while any instance runs: one of them always holds the lease of those who carry the views. */
const requireStopped = async (places: StorePlaces): Promise<void> => {
  const transientStore = await opening(openTransient(places));
  try {
    const { gone } = processName();
    const holder = () => leaseHolder({ transientStore, clock: Date.now, gone }, 'followers');
    tell('正在确认平台已停止…… Seeing that the platform is stopped …');
    for (let waited = 0, free = 0; free < claimedWithinMs; waited += pauseMs) {
      free = (await holder()) === undefined ? free + pauseMs : 0;
      if (waited >= leaseEndsWithinMs && free === 0) throw running();
      await wait(pauseMs);
    }
  } finally {
    await transientStore.close();
  }
};

const running = (): OperationError =>
  new OperationError(
    '平台还在运行：请先停止每一个实例，再更换主密钥。什么都没有改动。\n' +
      'The platform runs: stop every instance, then rotate. Nothing was changed.',
  );

const whatIsLeft =
  '主密钥已更换，旧的已销毁。接下来：① 把新的 keys/master.key 复制到每个实例；② 启动平台，运行 npm run verify-store；' +
  '③ 重新备份（含 --with-keys）；④ 销毁旧的 keys/ 副本——此后旧备份里的数据密钥再也打不开。\n' +
  'The master key is new, the old one is gone. Now: 1 copy keys/master.key to every instance; 2 start, and run npm run verify-store; ' +
  '3 make new backups, --with-keys too; 4 destroy the old copies of keys/: from then on no data key in an older backup opens.';

const goOn =
  '更换没有完成：再运行一次会从停下处继续，在此之前平台不会启动。\n' +
  'The rotation has not ended: run this again to go on where it stopped; until then no platform starts.';

const rotate = async (places: StorePlaces): Promise<void> => {
  const masters = beginRotation(places.directory);
  // What is kept is read and written wrapped: no key of the keeper's own opens anything.
  const keeper = await opening(openKeyring(places, createSecretKey(randomBytes(32))));
  try {
    tell(`已换封数据密钥 data keys wrapped anew: ${await rewrapKeys(keeper, masters, progressBar)}`);
  } finally {
    await keeper.close();
  }
  endRotation(places.directory);
};

await runProgram(async () => {
  argumentsOf({}, 0, 'npm run rotate-master-key');
  const places = placesFromEnvironment();
  if (!hasKeys(places.directory)) {
    throw new OperationError(`${places.directory} 里没有密钥。 ${places.directory} has no keys: put keys/ back.`);
  }
  await requireStopped(places);
  await rotate(places).catch((fault: unknown) => {
    tell(goOn);
    throw fault;
  });
  tell(whatIsLeft);
});
