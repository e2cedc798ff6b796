import type { FaultyRow } from '#domain/account/roster.ts';
import { accountLookup } from '../accountOpened.ts';
import { actingFor } from '../acting.ts';
import type { Staff } from '../actor.ts';
import { inBatches } from '../batches.ts';
import type { Deps } from '../deps.ts';
import type { Act } from '../handleCommand.ts';
import { registerAccount } from '../registerAccount.ts';
import { reservePerson } from '../reservePerson.ts';
import { uuidV7 } from '../uuidV7.ts';
import type { PlannedAccount } from './kept.ts';
import { rosterRights } from './places.ts';

/** What an import did: `registered` with what they sign in with; `problems` are rows of which someone else was first. */
export type Imported = {
  registered: readonly PlannedAccount[];
  present: number;
  problems: readonly FaultyRow[];
  position: number;
};

/** Told after every batch: how many of all steps are done; each person takes two. */
export type OnProgress = (done: number, total: number) => Promise<void>;

type Importing = { deps: Deps; staff: Staff; id: string; onProgress: OnProgress };

const atOnce = 100;

/** The act by which a row is registered: the same whenever the import goes on after a break. */
const actFor = ({ deps, staff, id }: Importing, row: number): Act => {
  const key = deps.sealing.lookupKey('rosterRow', `${id}\n${row}`);
  const commandId = uuidV7(Buffer.from(key, 'base64url').subarray(0, 16));
  return actingFor(deps.sealing, { staff, commandId });
};

type Taken = { office: string; role: PlannedAccount['role'] };

const elsewhere = ({ row }: PlannedAccount, { office, role }: Taken): FaultyRow => ({
  row,
  faults: [{ column: 'idNumber', fault: 'elsewhere', office, role }],
});

const isSame = (deps: Deps, one: PlannedAccount, { office, role }: Taken): boolean =>
  deps.offices.current(office) === deps.offices.current(one.office) && role === one.role;

/** Rows that the importer may no longer register: offices move, and rights are taken away, between preview and import. */
const noLongerTheirs = ({ deps, staff }: Importing, plan: readonly PlannedAccount[]): readonly FaultyRow[] => {
  const { mayRegister, registrarOf } = rosterRights(deps.offices, staff);
  return plan.flatMap(({ row, office, role }) => {
    const by = registrarOf(office, role);
    return mayRegister(office, role) ? [] : [{ row, faults: [{ column: 'role', fault: 'notYours', by }] }];
  });
};

type Reserved =
  | { outcome: 'reserved'; planned: PlannedAccount }
  | { outcome: 'present' }
  | { outcome: 'problem'; problem: FaultyRow };

const reserve = async (importing: Importing, planned: PlannedAccount): Promise<Reserved> => {
  const { deps } = importing;
  const { commandId: _, ...act } = actFor(importing, planned.row);
  const person = accountLookup(deps.sealing, planned.details).idNumber;
  const reserved = await reservePerson(deps, { person, account: planned.account, act });
  if (reserved.outcome === 'reserved') return { outcome: 'reserved', planned };
  if (isSame(deps, planned, reserved.by)) return { outcome: 'present' };
  const office = deps.offices.current(reserved.by.office);
  return { outcome: 'problem', problem: elsewhere(planned, { office, role: reserved.by.role }) };
};

type Done = { registered?: PlannedAccount; problem?: FaultyRow; position: number };

const register = async (importing: Importing, planned: PlannedAccount): Promise<Done> => {
  const { deps } = importing;
  const { account, password, office, role, details } = planned;
  const passwordHash = await deps.signIn.hashOneTimePassword(password);
  const act = actFor(importing, planned.row);
  const asked = { office, role, details, passwordHash };
  const named = await registerAccount(deps, { ...asked, account }, act);
  const occupied = named.outcome === 'rejected' && named.rejection.type === 'occupied';
  const ended = occupied ? await registerAccount(deps, asked, act) : named;
  if (ended.outcome === 'held') return { problem: elsewhere(planned, ended), position: 0 };
  if (ended.outcome === 'rejected') throw new Error(`A checked row of a roster was rejected: ${ended.rejection.type}`);
  // Registered by someone else meanwhile, with a password of theirs.
  if (ended.position === 0) return { position: 0 };
  return { registered: { ...planned, account: ended.account }, position: ended.position };
};

/**
 * Registers everybody or, where anyone got another account since the preview, nobody: all people are reserved before the
 * first is registered. What can still come between is told by row. Repeatable: who is registered already stays as they are.
 */
export const importRoster = async (importing: Importing, plan: readonly PlannedAccount[]): Promise<Imported> => {
  const { onProgress } = importing;
  const lost = noLongerTheirs(importing, plan);
  if (lost.length > 0) return { registered: [], present: 0, problems: lost, position: 0 };
  const total = plan.length * 2;
  let done = 0;
  const counted = async <R>(work: Promise<R>): Promise<R> => {
    const result = await work;
    done += 1;
    if (done % atOnce === 0) await onProgress(done, total);
    return result;
  };
  const reserved = await inBatches(plan, atOnce, (one) => counted(reserve(importing, one)));
  const present = reserved.filter(({ outcome }) => outcome === 'present').length;
  const problems = reserved.flatMap((one) => (one.outcome === 'problem' ? [one.problem] : []));
  if (problems.length > 0) return { registered: [], present, problems, position: 0 };
  const ours = reserved.flatMap((one) => (one.outcome === 'reserved' ? [one.planned] : []));
  const ended = await inBatches(ours, atOnce, (one) => counted(register(importing, one)));
  const registered = ended.flatMap((one) => one.registered ?? []);
  const late = ended.flatMap((one) => one.problem ?? []);
  return {
    registered,
    present: plan.length - registered.length - late.length,
    problems: late,
    position: Math.max(0, ...ended.map(({ position }) => position)),
  };
};
