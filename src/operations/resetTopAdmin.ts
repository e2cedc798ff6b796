import { type Act, handleCommand, load } from '#application/handleCommand.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { isVerified, type MadeAccount } from '#domain/account/state.ts';
import { several } from '#domain/decider.ts';
import { type FirstAdmin, soundDetails } from './makeFirstAdmin.ts';
import { OperationError } from './program.ts';

const topAdmin = async (deps: FirstAdmin, account: string): Promise<MadeAccount> => {
  const { state } = await load(deps, accountDecider, account);
  if (state.status === 'absent' || state.status === 'closed') {
    throw new OperationError(
      `没有可用的账号 ${account}，请核对账号。\nThere is no account ${account} that is not closed; check its name.`,
    );
  }
  if (state.role !== 'admin' || deps.offices.find(deps.offices.current(state.office))?.parent !== '') {
    throw new OperationError(
      `${account} 不是顶级机构的管理员：请由上级管理员重置。\n` +
        `${account} is no admin of the top organisation: let the admin above reset it.`,
    );
  }
  return state;
};

/**
 * Gives an admin of the top organisation, above whom there is nobody, a way back in: a one-time password, no second factor,
 * enabled again, checked and confirmed where they were not. It stands in the log as what the platform's own people did.
 * Throws `OperationError` for anybody else.
 */
export const resetTopAdmin = async (deps: FirstAdmin, account: string, password: string): Promise<void> => {
  await deps.caughtUp();
  const { lookup, details, identity } = await topAdmin(deps, account);
  if (!isVerified(identity)) await soundDetails(deps, details);
  const askedAt = new Date(deps.clock()).toISOString();
  const check = { outcome: 'matches', source: 'idRegister', askedAt } as const;
  const commands = [
    { type: 'EnableAccount' },
    ...(isVerified(identity)
      ? []
      : [
          { type: 'RecordIdentityCheck', check, about: lookup } as const,
          { type: 'ConfirmIdentity', basis: 'document' } as const,
        ]),
    { type: 'IssuePassword', passwordHash: await deps.hashPassword(password) },
    { type: 'ResetFactors' },
  ] as const;
  const act: Act = { commandId: deps.ids(), actor: { kind: 'system', name: 'firstAdmin' } };
  const command = { type: 'IssuePassword', commands } as const;
  const done = await handleCommand(deps, several(accountDecider), account, command, act);
  if (done.outcome !== 'done') throw new OperationError(`${account}：${JSON.stringify(done)}。 Run it again.`);
  await deps.caughtUp();
};
