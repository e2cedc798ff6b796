import type { Authorisation } from '#domain/account/authorisations.ts';
import { type AccountCommand, type AccountKind, accountDecider } from '#domain/account/decide.ts';
import type { AccountDetails, ConfirmationBasis } from '#domain/account/events.ts';
import { detailFaults } from '#domain/account/rules.ts';
import type { Grant, MadeAccount } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { type Several, several } from '#domain/decider.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import { accountLookup } from './accountOpened.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import { isActOf, type Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import { type Act, type Handled, handleCommand, type Loaded, load } from './handleCommand.ts';
import { type NewAccount, normalisedDetails, possibleAt, type Registered, registerAccount } from './registerAccount.ts';
import { reservePerson } from './reservePerson.ts';

/** An act on an account, based on the revision their page showed where there is one. */
export type AccountAct = ActOfStaff;

/** Several commands on an account are one act. */
type AccountActs = Several<AccountKind>;
const accounts = several(accountDecider);

type Refused = { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden };

/**
 * `held`: the person has another account already, at this office; `late`: it stands in the log and is not in force yet, since
 * the view that sign-in and rights are read from is behind.
 */
export type AccountOutcome = (Handled<AccountActs> & { late?: true }) | Refused | { outcome: 'held'; office: string };

/** What is granted and withdrawn in one act. */
export type GrantChanges = { grant: readonly Grant[]; withdraw: readonly Authorisation[] };

/** The password is told once, to whoever issued it; a repeated act tells none. */
export type PasswordOutcome = AccountOutcome & { password?: string };

type Build = {
  /** What is asked besides managing the account. */
  needs?: (target: { account: string; office: string; role: MadeAccount['role'] }) => readonly WhatIsAsked[];
  commands: (state: MadeAccount) => readonly AccountCommand[];
};

const passwordBytes = 10;
const mostTries = 20;

/** What of their own data people keep up to date themselves; their name and ID number are an admin's matter (O4). */
export type OwnDetails = Pick<AccountDetails, 'mobile' | 'workUnit' | 'qq'>;

/** What admins do with the accounts of their people, and people with their own data (O3, O4; §1.2.1, §3.2.3). */
export const accountCommands = (deps: Deps) => {
  const acting = (act: AccountAct): Act => actingFor(deps.sealing, act);
  const firstForbidden = (staff: Staff, asked: readonly WhatIsAsked[]) =>
    asked.map((one) => authorise(staff, one, deps.offices)).find((one) => one.outcome === 'forbidden');
  const shown = async <O extends { outcome: string; position?: number }>(outcome: O): Promise<O & { late?: true }> => {
    const { position } = outcome;
    return position === undefined || (await deps.awaitViews(['account'], position))
      ? outcome
      : { ...outcome, late: true };
  };

  const perform = async (account: string, act: AccountAct, { needs, commands }: Build): Promise<AccountOutcome> => {
    const loaded = await load(deps, accounts, account);
    const { state, events } = loaded;
    if (state.status === 'absent') return { outcome: 'absent' };
    const target = { account, office: deps.offices.current(state.office), role: state.role };
    const asked: readonly WhatIsAsked[] = [{ act: 'manageAccount', ...target }, ...(needs?.(target) ?? [])];
    const refused = firstForbidden(act.staff, asked);
    if (refused !== undefined && !events.some(isActOf(act.staff, act.commandId))) return refused;
    return decideOn(account, act, commands(state), loaded);
  };
  const decideOn = async (
    account: string,
    act: AccountAct,
    commands: readonly AccountCommand[],
    loaded: Loaded<AccountActs>,
  ): Promise<AccountOutcome> => {
    const [first] = commands;
    if (first === undefined) throw new Error('An act is at least one command.');
    const command = { type: first.type, commands };
    return shown(await handleCommand(deps, accounts, account, command, acting(act), loaded));
  };
  const one = (account: string, act: AccountAct, command: AccountCommand) =>
    perform(account, act, { commands: () => [command] });

  /** Another ID number is another person, who must not have an account already. */
  const heldElsewhere = async (account: string, act: AccountAct, state: MadeAccount, details: AccountDetails) => {
    const person = accountLookup(deps.sealing, details).idNumber;
    if (person === state.lookup.idNumber) return undefined;
    const { commandId: _, ...rest } = acting(act);
    const reserved = await reservePerson(deps, { person, account, act: { ...rest, basedOn: undefined }, anew: true });
    return reserved.outcome === 'held' ? { outcome: 'held' as const, office: reserved.by.office } : undefined;
  };

  const changeOnce = async (account: string, act: AccountAct, typed: AccountDetails): Promise<AccountOutcome> => {
    const loaded = await load(deps, accounts, account);
    const { state, revision } = loaded;
    if (state.status === 'absent') return { outcome: 'absent' };
    const target = { account, office: deps.offices.current(state.office), role: state.role };
    const refused = firstForbidden(act.staff, [{ act: 'manageAccount', ...target }]);
    if (refused !== undefined) return refused;
    const personal = normalisedDetails(typed);
    const basedOn = act.basedOn ?? (revision === 'none' ? undefined : revision);
    // What cannot be kept, or is based on what is no longer so, reserves nobody.
    const isSound = detailFaults(personal).length === 0 && basedOn === revision && state.status !== 'closed';
    const lookup = accountLookup(deps.sealing, personal);
    return (
      (isSound ? await heldElsewhere(account, act, state, personal) : undefined) ??
      decideOn(account, { ...act, basedOn }, [{ type: 'ChangeAccount', lookup, personal }], loaded)
    );
  };

  return {
    /** Registers a person (§1.2.1): an operator of one's own office, or an admin of one right below, with what they may do. */
    register: async (act: AccountAct, made: NewAccount): Promise<Registered | Refused> => {
      const target = { account: made.account ?? '', office: deps.offices.current(made.office), role: made.role };
      const grants = (made.grants ?? []).map(
        ({ authorisation, until }) => ({ act: 'grant', authorisation, until, ...target }) as const,
      );
      const refused = firstForbidden(act.staff, [{ act: 'manageAccount', ...target }, ...grants]);
      if (refused !== undefined) return refused;
      // There is nothing yet that a page could have shown.
      return shown(await registerAccount(deps, made, acting({ ...act, basedOn: undefined })));
    },

    /** Asks the register whether name and ID number belong together, and records its answer (O4). */
    checkIdentity: async (account: string, act: AccountAct): Promise<AccountOutcome> => {
      const { state } = await load(deps, accounts, account);
      if (state.status === 'absent') return { outcome: 'absent' };
      const target = { account, office: deps.offices.current(state.office), role: state.role };
      const refused = firstForbidden(act.staff, [{ act: 'manageAccount', ...target }]);
      if (refused !== undefined) return refused;
      const { name, idNumber } = state.details;
      const askedAt = new Date(deps.clock()).toISOString();
      const answered = await deps.identity.check({ name, idNumber });
      const outcome = answered === 'malformed' ? 'unreachable' : answered;
      const check = { outcome, source: 'idRegister', askedAt } as const;
      return one(account, act, { type: 'RecordIdentityCheck', check, about: state.lookup });
    },

    /** Confirms that the person was seen, or their document (O4). */
    confirmIdentity: (account: string, act: AccountAct, basis: ConfirmationBasis) =>
      one(account, act, { type: 'ConfirmIdentity', basis }),

    /** Corrects the data of a person; another name or ID number has to be checked and confirmed anew. */
    change: async (account: string, act: AccountAct, typed: AccountDetails): Promise<AccountOutcome> => {
      // Another person is theirs as they stood when that one was reserved: where they moved on, it is all asked once more.
      for (let tries = 1; ; tries += 1) {
        const outcome = await changeOnce(account, act, typed);
        if (outcome.outcome !== 'stale' || act.basedOn !== undefined || tries === mostTries) return outcome;
      }
    },

    /** Grants and withdraws in one act: what is granted must be held by whoever grants, and be work of that office. */
    changeGrants: (account: string, act: AccountAct, { grant, withdraw }: GrantChanges) =>
      perform(account, act, {
        needs: (target) => grant.map(({ authorisation, until }) => ({ act: 'grant', authorisation, until, ...target })),
        commands: ({ role, office }) => {
          const possible = possibleAt(deps, role, deps.offices.current(office));
          const today = dayInShanghai(deps.clock());
          return [
            ...grant.map((each) => ({ type: 'GrantAuthorisation', today, possible, ...each }) as const),
            ...withdraw.map((authorisation) => ({ type: 'WithdrawAuthorisation', authorisation }) as const),
          ];
        },
      }),

    disable: (account: string, act: AccountAct, reason: string) =>
      one(account, act, { type: 'DisableAccount', reason }),
    enable: (account: string, act: AccountAct) => one(account, act, { type: 'EnableAccount' }),
    close: (account: string, act: AccountAct, reason: string) => one(account, act, { type: 'CloseAccount', reason }),

    /** Issues a one-time password, and takes away the second factor where that was lost too. */
    resetPassword: async (account: string, act: AccountAct, factorLost: boolean): Promise<PasswordOutcome> => {
      const password = queryCodeFrom(deps.randomBytes(passwordBytes));
      const passwordHash = await deps.signIn.hashPassword(password);
      const outcome = await perform(account, act, {
        commands: () => [
          { type: 'IssuePassword', passwordHash },
          ...(factorLost ? [{ type: 'ResetFactors' } as const] : []),
        ],
      });
      return outcome.outcome === 'done' && !outcome.repeated ? { ...outcome, password } : outcome;
    },

    /** Completes what people keep up to date themselves, verified or not. */
    completeOwn: async (act: AccountAct, typed: OwnDetails): Promise<AccountOutcome> => {
      const { account } = act.staff;
      const refused = firstForbidden(act.staff, [{ act: 'ownData', account }]);
      if (refused !== undefined) return refused;
      const loaded = await load(deps, accounts, account);
      if (loaded.state.status === 'absent') return { outcome: 'absent' };
      const personal = normalisedDetails({ ...loaded.state.details, ...typed });
      const lookup = accountLookup(deps.sealing, personal);
      return decideOn(account, act, [{ type: 'ChangeAccount', lookup, personal }], loaded);
    },
  };
};
