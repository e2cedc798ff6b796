import { compare, sourceFor } from '#domain/registration/compare.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type Flag, findings } from '#domain/registration/rules.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Staff } from './actor.ts';
import { authorise, entersFor, type Forbidden } from './authorise.ts';
import { coupleKey, idNumberKey, peopleOf, ruleContext } from './declare.ts';
import type { Deps } from './deps.ts';
import { findRelated } from './findRegistrations.ts';
import { load } from './handleCommand.ts';
import { isEnded } from './onSiteCommands.ts';
import { keptForStaff } from './onSiteKept.ts';
import { openData, registrationRow } from './opened.ts';
import { type Held, seenHolder } from './reserveCouple.ts';
import { forgetLookUp, isComparable, type LookUp, lookUpCouple, rememberLookUp } from './verification.ts';

/** The sections that are filled in so far. */
export type Partly = Partial<RegistrationData>;
type Couple = Pick<RegistrationData, 'wife' | 'husband'>;
type Households = Couple & Pick<RegistrationData, 'wifeHousehold' | 'husbandHousehold'>;

/** A registration of the same two people that ended: it can be continued. */
export type Ended = Pick<RegistrationRow, 'id' | 'office' | 'parity' | 'submittedOn' | 'endedAt' | 'reasons'> & {
  status: MadeStatus;
};

/** What is known while an entry is typed; `lookUp` for who would verify it in the same sitting. */
export type Looked = {
  outcome: 'looked';
  duplicate?: Omit<Held, 'outcome'>;
  ended: readonly Ended[];
  lookUp?: LookUp;
  findings: { block: readonly Flag[]; flag: readonly Flag[] };
};

type Refused = { outcome: 'forbidden'; reason: Forbidden };
/** The id is that of a registration by now: nobody is asked for a couple under it. */
type Entered = { outcome: 'entered' };

/** Of an entry at hand: which couple was searched for, which ended ones were found, and what was answered of the couple. */
type Seen = { couple: Couple; found: readonly string[]; lookUp?: LookUp };

const keptMs = 30 * 60_000;

const isCouple = (data: Partly): data is Partly & Couple => data.wife !== undefined && data.husband !== undefined;
const hasHouseholds = (data: Partly): data is Partly & Households =>
  isCouple(data) && data.wifeHousehold !== undefined && data.husbandHousehold !== undefined;
const isSame = (one: Couple | undefined, other: Couple): boolean =>
  one !== undefined &&
  (['wife', 'husband'] as const).every(
    (spouse) => one[spouse].name === other[spouse].name && one[spouse].idNumber === other[spouse].idNumber,
  );

const endedOf = ({ id, status, office, parity, submittedOn, endedAt, reasons }: RegistrationRow): Ended => ({
  id,
  status,
  office,
  parity,
  submittedOn,
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(reasons === undefined ? {} : { reasons }),
});

/** What was answered, beside what is declared by now. */
const compared = (lookUp: LookUp, data: Partly): LookUp => ({
  ...lookUp,
  comparisons: lookUp.answer.outcome === 'found' && isComparable(data) ? compare(data, lookUp.answer.record) : [],
});

/** What staff look at while they enter a registration in the couple's presence (R8): all of it recorded, nothing changed. */
export const onSiteLooking = (deps: Deps, access: AccessRecords) => {
  const memory = keptForStaff<Seen>(deps, 'onSiteSeen', keptMs);

  const mayEnter = (staff: Staff, data: Partial<Couple> | undefined) => {
    const office = entersFor(staff, deps.offices);
    return authorise(staff, { act: 'enterOnSite', office, people: peopleOf(deps.sealing, data) }, deps.offices);
  };

  const isMade = async (id: string): Promise<boolean> => {
    const { state } = await load(deps, registrationDecider, id);
    return state.status !== 'absent' && state.status !== 'abandoned';
  };

  /** Ended ones of these two people, wherever they lie. */
  const endedBefore = async (id: string, couple: Couple): Promise<readonly Ended[]> => {
    const people = peopleOf(deps.sealing, couple);
    const rows = (await findRelated(deps, id, couple)).filter(({ status }) => isEnded(status));
    const opened = await Promise.all(rows.map(async (row) => peopleOf(deps.sealing, await openData(deps, row))));
    return rows.filter((_, n) => people.every((person) => opened[n]?.includes(person))).map(endedOf);
  };

  /** Written down for each of the two, once for the same couple. */
  const recordSearch = (staff: Staff, couple: Couple, shown: readonly string[]) => {
    const office = deps.offices.current(staff.office);
    const subject = { kind: 'organisation', id: office, office } as const;
    return Promise.all(
      [couple.wife, couple.husband].map(({ idNumber }) => {
        const searched = { text: idNumber, key: idNumberKey(deps.sealing, idNumber) };
        const viewing = { subject, what: 'searched', count: shown.length, shown, searched } as const;
        return access.shown(staffViewer(staff), viewing, () => undefined);
      }),
    );
  };

  /** Asks for a couple before it is registered: only for who would verify it in the same sitting. */
  const answered = async (staff: Staff, id: string, data: Partly & Households): Promise<LookUp | undefined> => {
    const office = entersFor(staff, deps.offices);
    const people = peopleOf(deps.sealing, data);
    if (authorise(staff, { act: 'register', office, people }, deps.offices).outcome === 'forbidden') return undefined;
    const viewing = { subject: registrationSubject({ id, office }), what: 'lookedUp' } as const;
    await access.shown(staffViewer(staff), viewing, () => undefined);
    return lookUpCouple(deps, staff, id, data);
  };

  /** What ended of theirs, written down once for the same couple, and what was answered of them; `ask`: now. */
  const known = async (staff: Staff, id: string, data: Partly & Couple, ask: boolean) => {
    const before = await memory.get(staff, id);
    const seen = isSame(before?.couple, data) ? before : undefined;
    const ended = await endedBefore(id, data);
    const found = ended.map((one) => one.id);
    if (seen?.found.join() !== found.join()) await recordSearch(staff, data, found);
    const anew = ask && hasHouseholds(data) ? await answered(staff, id, data) : undefined;
    const lookUp = anew ?? seen?.lookUp;
    const { wife, husband } = data;
    await memory.put(staff, id, { couple: { wife, husband }, found, ...(lookUp && { lookUp }) });
    return { ended, ...(lookUp && { lookUp: compared(lookUp, data) }) };
  };

  const duplicateOf = async (id: string, { wife, husband, application }: Partly & Couple) => {
    if (application === undefined) return {};
    const held = await seenHolder(deps, coupleKey(deps.sealing, { wife, husband, application }));
    if (held === undefined || held.registrationId === id) return {};
    const { outcome: _, ...duplicate } = held;
    return { duplicate };
  };

  return {
    /**
     * What is known of what is filled in so far: who holds the couple, what of theirs ended, which rules fire, and what the
     * population system answered; `ask`: it is asked, once both households are there.
     */
    look: async (staff: Staff, id: string, data: Partly, { ask = false } = {}): Promise<Looked | Refused | Entered> => {
      const may = mayEnter(staff, data);
      if (may.outcome === 'forbidden') return may;
      if (await isMade(id)) return { outcome: 'entered' };
      const context = ruleContext(deps);
      const fired = { block: findings('block', data, context), flag: findings('flag', data, context) };
      const isFaulty = fired.block.some(({ field }) => /^(wife|husband)\./.test(field));
      if (!isCouple(data) || isFaulty) return { outcome: 'looked', ended: [], findings: fired };
      const [duplicate, theirs] = [await duplicateOf(id, data), await known(staff, id, data, ask)];
      return { outcome: 'looked', ...duplicate, ...theirs, findings: fired };
    },

    /** Lets the verification go on with what was answered, where that was of the couple that was entered. */
    handOn: async (staff: Staff, id: string, data: RegistrationData): Promise<void> => {
      const seen = await memory.get(staff, id);
      if (seen?.lookUp === undefined) return;
      const same = isSame(seen.couple, data) && seen.lookUp.source === sourceFor(data);
      if (same) await rememberLookUp(deps, staff, { id, couple: data }, compared(seen.lookUp, data));
      else await forgetLookUp(deps, staff, id);
      await memory.remove(staff, id);
    },

    /** The data of an ended registration to go on from: of the own office, or one that the search for `entry` found; recorded. */
    takeOver: async (
      staff: Staff,
      id: string,
      entry?: string,
    ): Promise<{ outcome: 'found'; data: RegistrationData } | { outcome: 'absent' } | Refused> => {
      const row = await registrationRow(deps, id);
      const data = row && (await openData(deps, row));
      const may = mayEnter(staff, data);
      if (may.outcome === 'forbidden') return may;
      if (row === undefined || data === undefined || !isEnded(row.status)) return { outcome: 'absent' };
      const own = deps.offices.current(row.office) === entersFor(staff, deps.offices);
      const found = entry !== undefined && (await memory.get(staff, entry))?.found.includes(id) === true;
      if (!own && !found) return { outcome: 'absent' };
      const basis = own ? {} : ({ task: 'other', reason: { code: 'atTheCounter', text: '' } } as const);
      const viewing = { subject: registrationSubject(row), what: 'opened' } as const;
      return access.shown(staffViewer(staff, basis), viewing, () => ({ outcome: 'found', data }) as const);
    },
  };
};
