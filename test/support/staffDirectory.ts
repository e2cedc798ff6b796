import type { Staff } from '#application/actor.ts';
import type { StaffDirectory } from '#application/staff.ts';
import { featuredAccounts, madeAccount } from '../../src/demo/staff.ts';

/** Staff of the demo who sign in with a password that costs nothing to check; `disabled` accounts are out. */
export const testDirectory = (
  password: string,
): StaffDirectory & { disabled: Set<string>; verified: string[]; add: (staff: Staff) => void } => {
  const all: Staff[] = [...featuredAccounts];
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
