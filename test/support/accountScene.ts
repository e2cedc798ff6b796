import { accountDirectory } from '#application/accountDirectory.ts';
import type { Staff } from '#application/actor.ts';
import type { NewAccount } from '#application/registerAccount.ts';
import type { StaffDirectory } from '#application/staff.ts';
import { authorisations, type Role } from '#domain/account/authorisations.ts';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import { type Running, startApplication } from './application.ts';

/** An admin of an office who holds everything that can be handed on. */
export const admin = (office: string, account = `gly-${office}`): Staff => ({
  account,
  name: account,
  role: 'admin',
  office,
  authorisations,
  verified: true,
  person: `person of ${account}`,
});

/** A person by number: each number has one ID number and one mobile. */
export const personNumbered = (number: number) => ({
  name: '王芳',
  idNumber: withCheckCharacter(
    `520111${19900101 + Math.floor(number / 1000)}${String(number % 1000).padStart(3, '0')}`,
  ),
  mobile: `138${String(number).padStart(8, '0')}`,
});

/** An application whose staff are the accounts of its log. */
export type AccountScene = Running & {
  staff: StaffDirectory;
  act: (staff: Staff, basedOn?: number) => { staff: Staff; commandId: string; basedOn?: number };
  /** Registers someone at an office, checked and confirmed where `verified`; rejects where that was refused. */
  registered: (by: Staff, made: NewAccount, verified?: boolean) => Promise<string>;
};

export const startAccounts = async (startAt?: string): Promise<AccountScene> => {
  const app = await startApplication(startAt);
  const { deps, accounts } = app.services;
  const staff = accountDirectory({ ...deps, verify: async (password, hash) => hash === `hash of ${password}` });
  deps.staff = staff;
  deps.signIn = { ...deps.signIn, hashPassword: async (password) => `hash of ${password}` };
  const act: AccountScene['act'] = (by, basedOn) => ({
    staff: by,
    commandId: deps.ids(),
    ...(basedOn === undefined ? {} : { basedOn }),
  });
  const registered: AccountScene['registered'] = async (by, made, verified = false) => {
    const outcome = await accounts.register(act(by), made);
    if (outcome.outcome !== 'registered') throw new Error(JSON.stringify(outcome));
    if (verified) {
      await accounts.checkIdentity(outcome.account, act(by));
      await accounts.confirmIdentity(outcome.account, act(by), 'document');
    }
    return outcome.account;
  };
  return { ...app, staff, act, registered };
};

/** Someone to register: an operator, or whoever is said. */
export const someone = (
  office: string,
  number: number,
  differing: Partial<NewAccount> & { role?: Role } = {},
): NewAccount => ({
  office,
  role: 'operator',
  details: personNumbered(number),
  ...differing,
});
