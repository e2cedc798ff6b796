import type { Staff } from '#application/actor.ts';
import type { OfficeTree } from '#application/offices.ts';
import type { StaffDirectory } from '#application/staff.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { hashPassword, verifyPassword } from '#infrastructure/passwords.ts';
import { demoPassword, demoStaffOf, featuredAccounts } from '../../src/demo/staff.ts';
import { demoOffices } from './offices.ts';

type Tree = Pick<OfficeTree, 'find' | 'registers' | 'children'>;

/** An account as its stream would have it, for staff that stand in no stream. */
const madeAccount = ({ account, name, role, office, authorisations, person }: Staff, hash: string): MadeAccount => ({
  status: 'active',
  account,
  role,
  office,
  lookup: { name: '', idNumber: person, mobile: '' },
  details: { name, idNumber: '', mobile: '' },
  identity: { matches: true, confirmed: true },
  grants: authorisations.map((authorisation) => ({ authorisation })),
  password: { hash, mustChange: false },
  passkeys: [],
});

/** The featured staff of the demo, out of no log. */
const featuredStaff = (offices: Tree): readonly Staff[] =>
  featuredAccounts.flatMap(({ account }) => demoStaffOf(account, offices) ?? []);

/** The demo province's staff with `demoPassword`, hashed once at the first question, out of no log. */
export const demoStaff = (offices: Tree): StaffDirectory => {
  let hashing: Promise<string> | undefined;
  const find = async (account: string) => demoStaffOf(account.trim(), offices);
  return {
    find,
    account: async (account) => {
      const staff = await find(account);
      if (staff === undefined) return undefined;
      hashing ??= hashPassword(demoPassword);
      return madeAccount(staff, await hashing);
    },
    identify: async (typed) => typed.trim(),
    nameOf: async (account) => demoStaffOf(account, offices)?.name,
    verify: verifyPassword,
  };
};

/** Staff of the demo who sign in with a password that costs nothing to check; `disabled` accounts are out. */
export const testDirectory = (
  password: string,
): StaffDirectory & { disabled: Set<string>; verified: string[]; add: (staff: Staff) => void } => {
  const all: Staff[] = [...featuredStaff(demoOffices(loadDivisions()))];
  const disabled = new Set<string>();
  const verified: string[] = [];
  const named = (account: string) => all.find((staff) => staff.account === account);
  return {
    disabled,
    verified,
    add: (staff) => void all.push(staff),
    find: async (account) => (disabled.has(account) ? undefined : named(account)),
    account: async (account) => {
      const staff = named(account);
      const made = staff && madeAccount(staff, `hash of ${password}`);
      return made && { ...made, status: disabled.has(account) ? 'disabled' : 'active' };
    },
    identify: async (typed) => typed.trim(),
    nameOf: async (account) => named(account)?.name,
    verify: async (given, hash) => {
      verified.push(hash ?? 'absent');
      return hash === `hash of ${given}`;
    },
  };
};
