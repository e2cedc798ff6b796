import type { Deps } from '#application/deps.ts';
import type { Act } from '#application/handleCommand.ts';
import { establishOrganisation } from '#application/organisationCommands.ts';
import { type NewAccount, normalisedDetails, possibleAt, registerAccount } from '#application/registerAccount.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { accountName, detailFaults } from '#domain/account/rules.ts';
import type { AccountRow } from '#projections/account.ts';
import { OperationError } from './program.ts';

/** The top of the tree, as it is to be where there is none yet. */
export type Top = { code: string; name: string };

/** What making the first admin needs of the world; views stand where `caughtUp` resolves. */
export type FirstAdmin = Pick<
  Deps,
  'eventStore' | 'dataKeys' | 'sealing' | 'clock' | 'viewStore' | 'offices' | 'ids' | 'identity'
> & {
  hashPassword: (password: string) => Promise<string>;
  caughtUp: () => Promise<void>;
};

const atOnce = 500;

/** An admin who can make others; undefined where nobody can. */
const anyAdmin = async ({ viewStore }: FirstAdmin): Promise<string | undefined> => {
  let after: string | undefined;
  do {
    const query = { index: 'office', equals: [], limit: atOnce, ...(after === undefined ? {} : { after }) };
    const page = await viewStore.find('account', query);
    const found = (page.rows as readonly AccountRow[]).find(
      ({ role, status }) => role === 'admin' && status !== 'closed',
    );
    if (found !== undefined) return found.id;
    after = page.next;
  } while (after !== undefined);
  return undefined;
};

const refuseWhereOneIs = async (deps: FirstAdmin): Promise<void> => {
  const admin = await anyAdmin(deps);
  if (admin === undefined) return;
  throw new OperationError(
    `已有系统管理员（${admin}），第一个管理员只能建立一次：请由其登记和重置其他账号；其自己无法登录时，运行 npm run first-admin -- --reset ${admin}。\n` +
      `There is an admin already (${admin}); the first one is made once: let them register and reset the others. Where they cannot sign in themselves, run npm run first-admin -- --reset ${admin}.`,
  );
};

const words = {
  account: '账号',
  name: '姓名',
  idNumber: '身份证号码',
  mobile: '手机号码',
  workUnit: '工作单位',
  qq: 'QQ',
  note: '备注',
} as const;

const refusals = {
  differs:
    '姓名与身份证号码不一致，请按身份证原件核对后重新运行。\nName and ID number do not belong together: compare them with the ID card and run it again.',
  unreachable:
    'IDENTITY_URL 没有答复，请检查地址和网络后重新运行。\nIDENTITY_URL did not answer; check the address and the network and run it again.',
  malformed:
    'IDENTITY_URL 有答复，但答复的格式不对。应答复的内容见 docs/operations/outside-systems.md。\nIDENTITY_URL answered, but not in the form agreed on; docs/operations/outside-systems.md says what it must answer.',
} as const;

/** What was typed, brought to one spelling, of someone whom the register knows by it; throws `OperationError` else. */
export const soundDetails = async ({ identity }: FirstAdmin, typed: AccountDetails): Promise<AccountDetails> => {
  const details = normalisedDetails(typed);
  const faults = detailFaults(details).map(({ field }) => field);
  if (faults.length > 0) {
    const named = faults.map((field) => words[field]).join('、');
    throw new OperationError(`请核对${named}，然后重新运行。 Check ${faults.join(', ')} and run it again.`);
  }
  const outcome = await identity.check(details);
  if (outcome === 'matches') return details;
  throw new OperationError(refusals[outcome]);
};

const establishTop = async (deps: FirstAdmin, { code, name }: Top, act: Act): Promise<void> => {
  if (deps.offices.find(code) !== undefined) return;
  const top = { code, name, kind: 'administration', level: 'province', parent: '' } as const;
  const made = await establishOrganisation(deps, top, act);
  if (made.outcome !== 'done') {
    throw new OperationError(`${code} ${name}：${JSON.stringify(made)}。 The organisation could not be established.`);
  }
  await deps.caughtUp();
  await deps.offices.refresh();
};

/**
 * Makes the first admin of the whole tree, checked and confirmed by whoever runs the platform, under a password to be
 * changed at the first sign-in; with the top organisation where there is none. Throws `OperationError` where an admin exists.
 */
export const makeFirstAdmin = async (
  deps: FirstAdmin,
  { top, typed, password }: { top: Top; typed: AccountDetails; password: string },
): Promise<string> => {
  await deps.caughtUp();
  await refuseWhereOneIs(deps);
  const details = await soundDetails(deps, typed);
  const actor = { kind: 'system', name: 'firstAdmin' } as const;
  const acting = (): Act => ({ commandId: deps.ids(), actor });
  await establishTop(deps, top, acting());
  const grants = possibleAt(deps, 'admin', top.code).map((authorisation) => ({ authorisation }));
  const account = accountName('admin', top.code, 1);
  const verified = {
    check: { outcome: 'matches', source: 'idRegister', askedAt: new Date(deps.clock()).toISOString() },
    basis: 'document',
  } as const;
  const passwordHash = await deps.hashPassword(password);
  // One act: who was killed in the middle of it has made nobody.
  const made: NewAccount = { office: top.code, role: 'admin', account, details, grants, verified, passwordHash };
  const registered = await registerAccount(deps, made, acting());
  if (registered.outcome !== 'registered') {
    throw new OperationError(`${account}：${JSON.stringify(registered)}。 The account could not be registered.`);
  }
  await deps.caughtUp();
  return registered.account;
};
