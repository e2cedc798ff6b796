import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { AccountDetails } from '#domain/account/events.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import { placesOf, readConfig } from '#infrastructure/config.ts';
import { overStores } from './firstAdminStores.ts';
import { makeFirstAdmin, type Top } from './makeFirstAdmin.ts';
import { argumentsOf, OperationError, runProgram, tell } from './program.ts';
import { resetTopAdmin } from './resetTopAdmin.ts';

// npm run first-admin: the admin of the top organisation, who registers all others, where DEMO=0 has nobody yet; with
// --reset a way back for one of these admins, above whom there is nobody.
const usage = 'npm run first-admin [-- --reset <账号 account>]';
const passwordBytes = 10;

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

await runProgram(async () => {
  const { reset } = argumentsOf({ reset: { type: 'string' } }, 0, usage).values;
  const config = readConfig({ ...process.env, DEMO: '1' });
  const { IDENTITY_URL: identityUrl } = config;
  if (identityUrl === undefined) {
    throw new OperationError(
      '请设置 IDENTITY_URL，用来核对姓名和身份证号码。 Set IDENTITY_URL, where names are checked.',
    );
  }
  const answers = reset === undefined ? await ask() : undefined;
  await overStores({ places: placesOf(config), identityUrl, clock: Date.now }, async (deps) => {
    const password = queryCodeFrom(randomBytes(passwordBytes));
    const account = reset?.toLowerCase() ?? '';
    if (answers === undefined) await resetTopAdmin(deps, account, password);
    const ready = answers === undefined ? account : await makeFirstAdmin(deps, { ...answers, password });
    tell('\n管理员账号可以登录，首次登录时须更换密码。下面的密码只显示这一次：');
    tell('The admin can sign in; the password has to be changed at the first sign-in and is shown this once:');
    process.stdout.write(`${ready}\n${password}\n`);
    const site = config.MANAGEMENT_URL ?? `http://localhost:${config.MANAGEMENT_PORT}`;
    tell(`接下来在 ${site} 登录，按提示设置密码和第二步验证，再填报单位信息、设立下级机构。`);
    tell(`Next, sign in at ${site}: set a password and a second step, complete the record, establish the level below.`);
  });
});
