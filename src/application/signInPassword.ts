import { type PasswordFault, passwordFault } from '#domain/account/passwordRules.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import type { Deps } from './deps.ts';
import type { Offices } from './offices.ts';
import { ownWords } from './passwordGuesses.ts';
import type { Caller, SignIns } from './signIn.ts';
import type { Changed, SignInChanges } from './signInChanges.ts';
import type { OpenSession } from './signInSessions.ts';

/** The names of an office and of the one above it, but for the top: what people would put into a password. */
const officeNames = (offices: Offices, code: string): readonly string[] => {
  const office = offices.find(code);
  if (office === undefined) return [];
  const above = offices.find(office.parent);
  return [office.name, ...(above === undefined || above.parent === '' ? [] : [above.name])];
};

/** Changing one's own password. */
export const signInPassword = (deps: Deps, signIn: SignIns, { act, endSessions, risen }: SignInChanges) => {
  const faultOf = async (made: MadeAccount, password: string): Promise<PasswordFault | undefined> => {
    const lists = await deps.signIn.passwordLists();
    const { name, idNumber, mobile } = made.details;
    const offices = officeNames(deps.offices, made.office);
    const own = ownWords({ account: made.account, name, idNumber, mobile, offices }, lists);
    const fault = passwordFault(password, { common: lists.isCommon, own });
    if (fault !== undefined) return fault;
    return (await deps.staff.verify(password, made.password?.hash)) ? 'unchanged' : undefined;
  };

  /** Whose password it is, shown by the old one, unless an admin issued that and it was just typed. */
  const owner = async (
    open: OpenSession,
    old: string,
    caller: Caller,
  ): Promise<MadeAccount | 'wrong' | 'locked' | 'gone'> => {
    if (open.stage === 'newPassword') return (await deps.staff.account(open.account)) ?? 'gone';
    const tried = await signIn.guarded('password', open.account, caller, async (made) =>
      (await signIn.proofs.password(made, old)) ? true : undefined,
    );
    if (tried.outcome === 'right') return tried.made;
    return tried.outcome === 'locked' ? 'locked' : 'wrong';
  };

  return {
    /**
     * Another password, checked against the rules. All other sessions end. Refused: `wrong` (the old one), `locked`, or what
     * is wrong with the new one.
     */
    changePassword: async (
      open: OpenSession,
      { old = '', next }: { old?: string; next: string },
      caller: Caller,
    ): Promise<Changed<PasswordFault | 'wrong' | 'locked' | 'gone'>> => {
      const made = await owner(open, old, caller);
      if (typeof made === 'string') return { outcome: 'refused', reason: made };
      const fault = await faultOf(made, next);
      if (fault !== undefined) return { outcome: 'refused', reason: fault };
      const passwordHash = await deps.signIn.hashPassword(next);
      const handled = await act(open.staff, open.account, { type: 'ChangePassword', passwordHash });
      if (handled.outcome !== 'done') return { outcome: 'refused', reason: 'gone' };
      const chosen = (id: string) => id !== open.id;
      await endSessions(open.account, { by: open.staff, reason: 'passwordChanged', caller, chosen });
      return risen(open, caller);
    },
  };
};
