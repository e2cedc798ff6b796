import type { Proof, Stage } from '#domain/account/signInStage.ts';
import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';

/** Who keeps a session's token: a browser as its cookie, or a program as its bearer token; neither is taken for the other. */
export type Client = 'browser' | 'program';

/** A session ends so long after it was last used, and in any case so long after the sign-in, in ms. */
const sessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 60 * 60_000 } as const;

/** By what people recognise a session of theirs: the network (coarse) and the browser. */
export type Where = { network: string; agent: string };

/** What is known of a session from its start; it never changes: whoever proves more gets another one. */
type Session = {
  account: string;
  client: Client;
  proofs: readonly Proof[];
  stage: Stage;
  startedAt: number;
  /** When its owner last proved who they are. */
  provenAt: number;
  /** Keyed hash of the token's secret part: by it the session is known. */
  id: string;
  /** The id under which it was first signed in; it stays the same through what is proved later. */
  signIn: string;
  where: string;
};

/** A session someone is in. */
export type OpenSession = Omit<Session, 'where'> & {
  staff: Staff;
  /** When it ends if nothing more is done in it, ms. */
  endsAt: number;
};

/** A session as its owner sees it in the list. */
export type ListedSession = Where & Pick<Session, 'id' | 'signIn' | 'startedAt' | 'stage'> & { lastSeenAt: number };

/** What a session starts from; `before`: the one that it takes the place of, whose end stays its own. */
export type Start = {
  account: string;
  client: Client;
  proofs: readonly Proof[];
  stage: Stage;
  where: Where;
  before?: OpenSession | undefined;
};

const kind = 'session';
const seenKind = 'sessionSeen';
/** So many sessions one account has at most; a further one ends the one that was used least recently. */
const slots = 20;
/** How often a session in use is written down again, in ms. */
const noteEvery = 60_000;
const secretBytes = 32;
/** Of a session from before the master key was replaced. */
const nowhere: Where = { network: '', agent: '' };
const tokenForm = /^([\w-]{24}\.\d{1,2})\.([\w-]{43})$/;

type Kept = { slot: string; session: Session; seenAt: number };

const endOf = ({ startedAt }: Session, seenAt: number): number =>
  Math.min(seenAt + sessionLimits.idleMs, startedAt + sessionLimits.absoluteMs);

/**
 * Sessions in the transient store, one in each of an account's slots, so that they can be listed. A session's last use
 * stands apart from it, under its own id: ended by removing that, it never comes back, whatever else is under way.
 */
export const signInSessions = (deps: Deps) => {
  const store = () => deps.transientStore;
  const idOf = (secret: string) => deps.sealing.lookupKey(kind, secret);
  const slotsOf = (account: string) => {
    const owner = deps.sealing.lookupKey('sessions', account);
    return Array.from({ length: slots }, (_, n) => `${owner}.${n}`);
  };

  const kept = async (slot: string): Promise<Kept | undefined> => {
    const now = deps.clock();
    const session = (await store().get(kind, slot, now)) as Session | undefined;
    if (session === undefined) return undefined;
    const seen = (await store().get(seenKind, session.id, now)) as { at: number } | undefined;
    return seen && { slot, session, seenAt: seen.at };
  };

  const end = async ({ slot, session }: Pick<Kept, 'slot' | 'session'>): Promise<void> => {
    await store().remove(seenKind, session.id);
    await store().remove(kind, slot);
  };

  const keptOf = async (account: string): Promise<readonly Kept[]> => {
    const all = await Promise.all(slotsOf(account).map(kept));
    return all.filter((one) => one !== undefined);
  };

  /**
   * Ends those sessions of an account that are chosen, each after it was `noted`: whoever is killed between finds it again.
   * Answers how many there were.
   */
  const endWhere = async (
    account: string,
    chosen: (session: Session) => boolean,
    noted: (session: Session) => Promise<void> = async () => {},
  ): Promise<number> => {
    const ended = (await keptOf(account)).filter(({ session }) => chosen(session));
    await Promise.all(
      ended.map(async (one) => {
        await noted(one.session);
        await end(one);
      }),
    );
    return ended.length;
  };

  /** A free slot, or that of an ended session, or of the one used least recently. */
  const place = async (session: Session): Promise<string> => {
    const now = deps.clock();
    const end = session.startedAt + sessionLimits.absoluteMs;
    const all = slotsOf(session.account);
    for (const slot of all) if (await store().putIfAbsent(kind, slot, session, now, end)) return slot;
    const living = await keptOf(session.account);
    const taken = new Set(living.map(({ slot }) => slot));
    const oldest = living.toSorted((a, b) => a.seenAt - b.seenAt)[0];
    const slot = all.find((one) => !taken.has(one)) ?? oldest?.slot ?? `${all[0]}`;
    if (slot === oldest?.slot) await store().remove(seenKind, oldest.session.id);
    await store().put(kind, slot, session, end);
    return slot;
  };

  return {
    /** Starts a session under a new token, which only its owner is ever given, and ends the one before. */
    start: async ({ where, before, ...known }: Start): Promise<{ token: string; session: string }> => {
      const secret = Buffer.from(deps.randomBytes(secretBytes)).toString('base64url');
      const now = deps.clock();
      const id = idOf(secret);
      const [signIn, startedAt] = [before?.signIn ?? id, before?.startedAt ?? now];
      const sealed = deps.sealing.sealTransient(where, id);
      const session: Session = { ...known, startedAt, provenAt: now, id, signIn, where: sealed };
      if (before !== undefined) await endWhere(known.account, (one) => one.id === before.id);
      await store().put(seenKind, id, { at: now }, endOf(session, now));
      return { token: `${await place(session)}.${secret}`, session: signIn };
    },

    /**
     * The session of a token that such a client has, its owner read anew from the directory: one who may no longer sign in is out at once.
     * `background` asks without counting as use, as pages do that refresh themselves.
     */
    open: async (token: string, client: Client, { background = false } = {}): Promise<OpenSession | undefined> => {
      const [, slot = '', secret = ''] = tokenForm.exec(token) ?? [];
      if (secret === '') return undefined;
      const found = await kept(slot);
      if (found === undefined || found.session.id !== idOf(secret)) return undefined;
      const { session, seenAt } = found;
      if (session.client !== client) return undefined;
      const staff = await deps.staff.find(session.account);
      if (staff === undefined) {
        await end(found);
        return undefined;
      }
      const now = deps.clock();
      const used = !background && now - seenAt >= noteEvery;
      if (used) await store().replaceIfPresent(seenKind, session.id, { at: now }, now, endOf(session, now));
      const { where: _, ...known } = session;
      return { ...known, staff, endsAt: endOf(session, background ? seenAt : now) };
    },

    /** The sessions of an account, the one used last first. */
    list: async (account: string): Promise<readonly ListedSession[]> => {
      const all = await keptOf(account);
      return all
        .map(({ session: { id, signIn, startedAt, stage, where }, seenAt }) => ({
          ...((deps.sealing.openTransient(where, id) as Where | undefined) ?? nowhere),
          ...{ id, signIn, startedAt, stage, lastSeenAt: seenAt },
        }))
        .toSorted((a, b) => b.lastSeenAt - a.lastSeenAt);
    },

    endWhere,
  };
};
