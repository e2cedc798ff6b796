import { type AccountCommand, accountDecider } from '#domain/account/decide.ts';
import { type PasswordFault, passwordFault } from '#domain/account/passwordRules.ts';
import { stageOf } from '#domain/account/signInStage.ts';
import type { MadeAccount } from '#domain/account/state.ts';
import { type AccessRecords, fromOf } from './access.ts';
import { actorOf, type Staff } from './actor.ts';
import { trailPage } from './auditLines.ts';
import { authorise, type Forbidden } from './authorise.ts';
import type { Deps } from './deps.ts';
import { handleCommand } from './handleCommand.ts';
import type { Offices } from './offices.ts';
import { ownWords } from './passwordGuesses.ts';
import type { Json } from './ports.ts';
import { newRecoveryCodes, recoveryHash } from './recoveryCodes.ts';
import type { Caller, SignIns } from './signIn.ts';
import type { OpenSession } from './signInSessions.ts';

/** Done under the token of a new session, or not: why. */
export type Changed<R> = { outcome: 'done'; token: string } | { outcome: 'refused'; reason: R };
export type EndReason = 'byOwner' | 'byAdmin' | 'passwordChanged';

const shownMs = 10 * 60_000;
const enrolmentMs = 15 * 60_000;
const secretBytes = 20;
const recentLines = 10;

/** The names of an office and of those above it, as far as its county: what people would put into a password. */
const officeNames = (offices: Offices, code: string): readonly string[] => {
  const office = offices.find(code);
  if (office === undefined) return [];
  const above = offices.find(office.parent);
  return [office.name, ...(above === undefined || above.parent === '' ? [] : [above.name])];
};

/** What people change of what they sign in with, and what admins undo for them. */
export const signInCommands = (deps: Deps, access: AccessRecords, signIn: SignIns) => {
  const act = (staff: Staff, account: string, command: AccountCommand) =>
    handleCommand(deps, accountDecider, account, command, {
      commandId: deps.ids(),
      actor: actorOf(staff),
      from: fromOf(deps.sealing, staff.from),
    });

  /** Ends those sessions of an account that are chosen, each recorded. */
  const endSessions = async (
    account: string,
    { by, reason, caller, chosen }: { by: Staff; reason: EndReason; caller: Caller; chosen: (id: string) => boolean },
  ): Promise<number> => {
    const ended = await signIn.sessions.endWhere(account, ({ id }) => chosen(id));
    const { from, personal } = signIn.recordedOf(caller);
    const { address } = personal;
    for (const session of ended) {
      const data = { account, session: session.signIn, reason, ...(from && { from }), personal: { address } };
      await access.record(actorOf(by), { type: 'SessionRevoked', data });
    }
    return ended.length;
  };

  /** A new token after what was changed; refused where the account may not be signed in to any more. */
  const risen = async <R>(open: OpenSession, caller: Caller): Promise<Changed<R | 'gone'>> => {
    const made = await deps.staff.account(open.account);
    const entered = made && (await signIn.enter(made, open.proofs, caller, open));
    return entered ? { outcome: 'done', token: entered.token } : { outcome: 'refused', reason: 'gone' };
  };

  const faultOf = async (made: MadeAccount, password: string): Promise<PasswordFault | undefined> => {
    const lists = await deps.signIn.passwordLists();
    const { name, idNumber, mobile } = made.details;
    const offices = officeNames(deps.offices, made.office);
    const own = ownWords({ account: made.account, name, idNumber, mobile, offices }, lists);
    const fault = passwordFault(password, { common: lists.isCommon, own });
    if (fault !== undefined) return fault;
    return (await deps.staff.verify(password, made.password?.hash)) ? 'unchanged' : undefined;
  };

  const secretId = (account: string) => deps.sealing.lookupKey('enrolment', account);
  const pendingSecret = async (account: string): Promise<string | undefined> => {
    const found = await deps.transientStore.get('enrolment', secretId(account), deps.clock());
    return found && (deps.sealing.openTransient(String(found['sealed']), account) as string);
  };

  /** New recovery codes, kept sealed for a few minutes so that their page can be looked at again. */
  const freshCodes = async (session: string): Promise<readonly string[]> => {
    const codes = newRecoveryCodes(deps);
    const sealed = deps.sealing.sealTransient(codes, session);
    await deps.transientStore.put('recoveryCodes', session, { sealed }, deps.clock() + shownMs);
    return codes;
  };

  /** Takes away one thing that someone signs in with, unless nothing would be left where something is demanded. */
  const giveUp = async (
    open: OpenSession,
    command: AccountCommand,
  ): Promise<{ outcome: 'done' | 'demanded' | 'gone' }> => {
    const made = await deps.staff.account(open.account);
    if (made === undefined) return { outcome: 'gone' };
    const { totp: _, ...rest } = made;
    const left =
      command.type === 'RemovePasskey'
        ? { ...made, passkeys: made.passkeys.filter(({ credential }) => credential !== command.credential) }
        : rest;
    if (stageOf(['passkey'], left, deps.signIn.secondFactor) === 'enrolment') return { outcome: 'demanded' };
    const handled = await act(open.staff, open.account, command);
    return { outcome: handled.outcome === 'done' ? 'done' : 'gone' };
  };

  return {
    /** How an account is secured, who is in it, and who came in or was kept out lately: for its owner. */
    own: async (open: OpenSession) => {
      const made = await deps.staff.account(open.account);
      const sessions = await signIn.sessions.list(open.account);
      const asked = { index: 'account', equals: [open.account] };
      const { lines } = await trailPage(deps, asked, { kind: 'signIns' }, recentLines);
      return { made, sessions, recent: lines };
    },

    /** One session of one's own ends, or all others but the one someone is in. */
    endOwn: (open: OpenSession, which: string | 'others', caller: Caller) =>
      endSessions(open.account, {
        by: open.staff,
        reason: 'byOwner',
        caller,
        chosen: (id) => (which === 'others' ? id !== open.id : id === which),
      }),

    /**
     * Another password, checked against the rules; the old one is asked for unless an admin issued it and it was just
     * typed. All other sessions end. Refused: `wrong` (old one), `locked`, or what is wrong with the new one.
     */
    changePassword: async (
      open: OpenSession,
      { old, next }: { old?: string; next: string },
      caller: Caller,
    ): Promise<Changed<PasswordFault | 'wrong' | 'locked' | 'gone'>> => {
      const tried = await (open.stage === 'newPassword'
        ? deps.staff.account(open.account).then((made) => made && { outcome: 'right' as const, made })
        : signIn.guarded('password', open.account, caller, async (made) =>
            (await signIn.proofs.password(made, old ?? '')) ? true : undefined,
          ));
      if (tried === undefined) return { outcome: 'refused', reason: 'gone' };
      if (tried.outcome !== 'right') {
        return { outcome: 'refused', reason: tried.outcome === 'locked' ? 'locked' : 'wrong' };
      }
      const fault = await faultOf(tried.made, next);
      if (fault !== undefined) return { outcome: 'refused', reason: fault };
      const passwordHash = await deps.signIn.hashPassword(next);
      const handled = await act(open.staff, open.account, { type: 'ChangePassword', passwordHash });
      if (handled.outcome !== 'done') return { outcome: 'refused', reason: 'gone' };
      await endSessions(open.account, {
        by: open.staff,
        reason: 'passwordChanged',
        caller,
        chosen: (id) => id !== open.id,
      });
      return risen(open, caller);
    },

    /** The secret that is being set up, the same for a quarter of an hour, and what an app reads of it. */
    beginEnrolment: async ({ account }: OpenSession): Promise<{ secret: string; uri: string }> => {
      const { oneTimeCodes } = deps.signIn;
      const known = await pendingSecret(account);
      const secret = known ?? oneTimeCodes.secretOf(deps.randomBytes(secretBytes));
      if (known === undefined) {
        const sealed = deps.sealing.sealTransient(secret, account);
        await deps.transientStore.put('enrolment', secretId(account), { sealed }, deps.clock() + enrolmentMs);
      }
      return { secret, uri: oneTimeCodes.uriOf(secret, account) };
    },

    /** Takes the secret into use once a code shows that the app has it; the recovery codes are shown next. */
    enrol: async (open: OpenSession, code: string, caller: Caller): Promise<Changed<'wrong' | 'expired' | 'gone'>> => {
      const { account } = open;
      const secret = await pendingSecret(account);
      if (secret === undefined) return { outcome: 'refused', reason: 'expired' };
      const digits = code.normalize('NFKC').replace(/[\s-]/g, '');
      if (!(await signIn.proofs.totp(account, secret, digits))) return { outcome: 'refused', reason: 'wrong' };
      const codes = await freshCodes(open.signIn);
      const recoveryHashes = codes.map((one) => recoveryHash(deps, account, one));
      const handled = await act(open.staff, account, { type: 'EnrolTotp', secret, recoveryHashes });
      if (handled.outcome !== 'done') return { outcome: 'refused', reason: 'gone' };
      await deps.transientStore.remove('enrolment', secretId(account));
      return risen({ ...open, proofs: [...new Set([...open.proofs, 'totp' as const])] }, caller);
    },

    /** New recovery codes in the place of all old ones; false where no app is set up. */
    renewCodes: async (open: OpenSession): Promise<boolean> => {
      const codes = await freshCodes(open.signIn);
      const recoveryHashes = codes.map((one) => recoveryHash(deps, open.account, one));
      const handled = await act(open.staff, open.account, { type: 'RenewRecoveryCodes', recoveryHashes });
      return handled.outcome === 'done';
    },

    /** The recovery codes just made, for as long as they may be looked at. */
    codesToShow: async ({ signIn: session }: OpenSession): Promise<readonly string[] | undefined> => {
      const found = await deps.transientStore.get('recoveryCodes', session, deps.clock());
      return found && (deps.sealing.openTransient(String(found['sealed']), session) as readonly string[]);
    },
    codesKept: ({ signIn: session }: OpenSession): Promise<void> =>
      deps.transientStore.remove('recoveryCodes', session),

    removeTotp: (open: OpenSession) => giveUp(open, { type: 'RemoveTotp' }),

    /** What a browser needs to make a passkey for the owner of a session. */
    passkeyCreation: async (open: OpenSession): Promise<Json> => {
      const made = await deps.staff.account(open.account);
      const challenge = await signIn.proofs.challenge(open.account);
      const known = made?.passkeys.map(({ credential }) => credential) ?? [];
      return deps.signIn.passkeys.creation(challenge, open.account, known);
    },

    /** Adds the passkey that a browser made; the session then counts as opened with it. */
    addPasskey: async (
      open: OpenSession,
      { answer, label }: { answer: unknown; label: string },
      caller: Caller,
    ): Promise<Changed<'wrong' | 'gone'>> => {
      const { passkeys } = deps.signIn;
      const challenge = passkeys.challengeOf(answer);
      if (challenge === undefined || !(await signIn.proofs.answered(challenge, open.account))) {
        return { outcome: 'refused', reason: 'wrong' };
      }
      const passkey = await passkeys.created(answer, challenge);
      if (passkey === undefined) return { outcome: 'refused', reason: 'wrong' };
      const handled = await act(open.staff, open.account, { type: 'AddPasskey', ...passkey, label });
      if (handled.outcome !== 'done') return { outcome: 'refused', reason: 'gone' };
      return risen({ ...open, proofs: [...new Set([...open.proofs, 'passkey' as const])] }, caller);
    },

    removePasskey: (open: OpenSession, credential: string) => giveUp(open, { type: 'RemovePasskey', credential }),

    /** An admin ends all sessions of one of their people (O3). */
    endAllOf: async (
      admin: Staff,
      account: string,
      caller: Caller,
    ): Promise<
      { outcome: 'done'; ended: number } | { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden }
    > => {
      const made = await deps.staff.account(account);
      if (made === undefined) return { outcome: 'absent' };
      const asked = {
        act: 'manageAccount',
        account,
        office: deps.offices.current(made.office),
        role: made.role,
      } as const;
      const allowed = authorise(admin, asked, deps.offices);
      if (allowed.outcome === 'forbidden') return allowed;
      return {
        outcome: 'done',
        ended: await endSessions(account, { by: admin, reason: 'byAdmin', caller, chosen: () => true }),
      };
    },
  };
};
