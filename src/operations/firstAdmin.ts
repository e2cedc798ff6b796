import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { viewProgress } from '#application/awaitViews.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import { runProjections } from '#application/runProjections.ts';
import { upcast } from '#application/upcast.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import { placesOf, readConfig } from '#infrastructure/config.ts';
import { httpIdentityCheck } from '#infrastructure/identity/httpIdentityCheck.ts';
import { uuids } from '#infrastructure/ids.ts';
import { hashPassword } from '#infrastructure/passwords.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { account } from '#projections/account.ts';
import { organisation } from '#projections/organisation.ts';
import { openStores } from '../stores.ts';
import { type FirstAdmin, makeFirstAdmin, type Top } from './makeFirstAdmin.ts';
import { argumentsOf, OperationError, opening, runProgram, tell } from './program.ts';

// npm run first-admin: the admin of the top organisation, who registers all others, where DEMO=0 has nobody yet.
const usage = 'npm run first-admin';
const passwordBytes = 10;
const checkBoundMs = 10_000;
const viewsBoundMs = 120_000;

const pause = (ms: number): Promise<void> => wait(ms, undefined, { ref: false });
const silent = {
  warn: (line: object) => tell(JSON.stringify(line)),
  error: (line: object) => tell(JSON.stringify(line)),
};

type Answers = { top: Top; typed: AccountDetails };

/** Asks line by line; an empty answer takes what stands in brackets. Input that ends early is told. */
const ask = async (): Promise<Answers> => {
  const lines = createInterface({ input: process.stdin });
  const typed = lines[Symbol.asyncIterator]();
  const answer = async (question: string, otherwise = ''): Promise<string> => {
    process.stderr.write(`${question}${otherwise === '' ? '' : ` [${otherwise}]`}: `);
    const { value, done } = await typed.next();
    if (done === true) throw new OperationError('输入不完整。 The input ended before all was answered.');
    return value.trim() === '' ? otherwise : value.trim();
  };
  try {
    const code = await answer('顶级机构代码 code of the top organisation', '52');
    const name = await answer('顶级机构名称 its name', '贵州省卫生健康委员会');
    const person = {
      name: await answer('管理员姓名 name of the admin'),
      idNumber: await answer('身份证号码 ID number'),
      mobile: await answer('手机号码 mobile'),
    };
    return { top: { code, name }, typed: person };
  } finally {
    lines.close();
  }
};

/** Opens the stores, carries the two views that are needed, and does the work over them. */
const withStores = async (identityUrl: string, work: (deps: FirstAdmin) => Promise<void>): Promise<void> => {
  const stores = await opening(openStores(placesOf(readConfig({ ...process.env, DEMO: '1' }))));
  const { eventStore, viewStore, dataKeys, keys } = stores;
  const elsewhere = { carried: () => true, checkpoint: (view: string) => viewStore.checkpoint({ view }) };
  const progress = viewProgress(pause, viewsBoundMs, elsewhere);
  const running = { eventStore, viewStore, upcast, wait: pause, log: silent };
  const views = runProjections({ ...running, projections: [organisation, account], onProgress: progress.moved });
  const offices = await openOfficeDirectory({ viewStore, wait: pause });
  const caughtUp = async () => {
    if (!(await progress.until(['organisation', 'account'], await eventStore.lastPosition()))) {
      throw new OperationError('视图没有及时更新，请重新运行。 The views did not come along in time; run it again.');
    }
    await offices.refresh();
  };
  try {
    const identity = httpIdentityCheck({ identityUrl, timeoutMs: checkBoundMs });
    const sealing = createSealing(keys, dataKeys);
    const ids = uuids(Date.now);
    await work({
      eventStore,
      viewStore,
      dataKeys,
      sealing,
      clock: Date.now,
      offices,
      ids,
      identity,
      hashPassword,
      caughtUp,
    });
  } finally {
    offices.stop();
    await views.stop();
    await stores.close();
  }
};

await runProgram(async () => {
  argumentsOf({}, 0, usage);
  const { IDENTITY_URL: identityUrl } = readConfig({ ...process.env, DEMO: '1' });
  if (identityUrl === undefined) {
    throw new OperationError(
      '请设置 IDENTITY_URL，用来核对姓名和身份证号码。 Set IDENTITY_URL, where names are checked.',
    );
  }
  const answers = await ask();
  await withStores(identityUrl, async (deps) => {
    const password = queryCodeFrom(randomBytes(passwordBytes));
    const made = await makeFirstAdmin(deps, { ...answers, password });
    tell('\n管理员已建立，首次登录时须更换密码。下面的密码只显示这一次：');
    tell('The admin is made; the password has to be changed at the first sign-in and is shown this once:');
    process.stdout.write(`${made}\n${password}\n`);
  });
});
