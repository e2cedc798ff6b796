import { type CheckKind, checkDecider, isSameCheck } from '#domain/check/decide.ts';
import type { CheckedBy, CheckOutcome, WomanTold } from '#domain/check/events.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { maskIdNumber, maskName } from '#domain/people/mask.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { CheckRow } from '#projections/check.ts';
import type { InstitutionMonthRow } from '#projections/institutionMonth.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { annotationsOf, type OpenedBirth } from './births.ts';
import { idNumberKey, peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { type Handled, handleCommand, load } from './handleCommand.ts';
import { type Asked, type Checked, checkedBy, outcomeOf, registrationsOf } from './institutionFinding.ts';
import { openData, registrationRow } from './opened.ts';

type Refused = { outcome: 'forbidden'; reason: Forbidden } | { outcome: 'absent' };

/** `malformed`: no such number, code or ID number can be; nothing was looked for, and nothing recorded. `otherContent`: the act was a check of someone else. */
export type Checking =
  | { outcome: 'checked'; id: string }
  | { outcome: 'malformed' }
  | { outcome: 'otherContent' }
  | Refused;

/** The registration that a check found, masked, as it stands now; children of the birth for the institution that annotated it. */
export type FoundByCheck = {
  id: string;
  office: string;
  status: MadeStatus;
  parity: number;
  now: CheckOutcome;
  wife?: { name: string; idNumber: string };
  husband?: { name: string; idNumber: string };
  birth?: OpenedBirth;
};

/** A check as its screen shows it. */
export type ShownCheck = {
  id: string;
  at: string;
  by: CheckedBy;
  outcome: CheckOutcome;
  certificate?: string;
  /** Whether that certificate is void as it stands now. */
  isVoid: boolean;
  told?: { at: string; how: WomanTold['data']['how']; office?: string };
  found?: FoundByCheck;
};

/** A woman who was told, by her check: whether she has registered since, where that can be known. */
export type FollowUp = Pick<CheckRow, 'id' | 'at' | 'by' | 'outcome' | 'office' | 'how'> & {
  toldAt: string;
  since: 'registered' | 'underReview' | 'nothing' | 'unknown';
};

export type Telling =
  | Handled<CheckKind>
  | { outcome: 'rejected'; rejection: { type: 'unknownOffice' } }
  | { outcome: 'forbidden'; reason: Forbidden };

const views = ['check', 'institutionMonth'] as const;
const most = 200;
const atTheCounter = { task: 'other', reason: { code: 'atTheCounter', text: '' } } as const;

/** Where she may go (M1): an office that registers, or a committee. */
const isPlaceToRegister = ({ offices }: Deps, office: string): boolean =>
  offices.registers(office) || offices.find(office)?.kind === 'committee';

/** Where a registration of hers stands that was made after she was told. */
const since = async (deps: Deps, { woman, toldAt = '' }: CheckRow): Promise<FollowUp['since']> => {
  if (woman === undefined) return 'unknown';
  const outcomes = (await registrationsOf(deps, woman))
    .filter(({ submittedAt, endedAt }) => (endedAt ?? submittedAt) > toldAt)
    .map(outcomeOf);
  if (outcomes.some((outcome) => outcome === 'registered' || outcome === 'born')) return 'registered';
  return outcomes.includes('underReview') ? 'underReview' : 'nothing';
};

const masked = ({ name, idNumber }: { name: string; idNumber: string }) => ({
  name: maskName(name),
  idNumber: maskIdNumber(idNumber),
});

const isVoid = async ({ viewStore }: Deps, number: string | undefined): Promise<boolean> => {
  if (number === undefined) return false;
  const [row] = (await viewStore.get('certificate', [number])) as readonly (CertificateRow | undefined)[];
  return row?.reason !== undefined;
};

const withoutChildren = ({ children: _, ...birth }: OpenedBirth): OpenedBirth => birth;

const foundOf = async (deps: Deps, row: RegistrationRow, own: string): Promise<FoundByCheck> => {
  const [data, opened] = await Promise.all([openData(deps, row), annotationsOf(deps, row)]);
  const { id, office, status, parity } = row;
  const people = data && { wife: masked(data.wife), husband: masked(data.husband) };
  const isOwn = opened !== undefined && deps.offices.current(opened.institution) === own;
  return {
    id,
    office,
    status: status as MadeStatus,
    parity,
    now: outcomeOf(row),
    ...people,
    ...(opened && { birth: isOwn ? opened : withoutChildren(opened) }),
  };
};

/** Checks of institutions and what they tell (M1, §3.3.1); that someone was looked for or seen stands in the log first (S6). */
export const institutionChecks = (deps: Deps, access: AccessRecords) => {
  const ownOf = (staff: Staff) => deps.offices.current(staff.office);
  const may = (staff: Staff, people: readonly string[] = []) =>
    authorise(staff, { act: 'checkRegistration', office: ownOf(staff), people }, deps.offices);

  /** Whether the act is this check, now or by an earlier sending. */
  const record = async (act: ActOfStaff, { by }: Asked, found: Checked) => {
    const { outcome, registrationId, certificate, woman } = found;
    const checked = {
      institution: ownOf(act.staff),
      by,
      outcome,
      ...(registrationId !== undefined && { registrationId }),
      ...(certificate !== undefined && { certificate }),
      ...(woman !== undefined && { lookup: { womanIdNumber: woman } }),
    };
    const command = { type: 'CheckRegistration', checked } as const;
    const handled = await handleCommand(deps, checkDecider, act.commandId, command, actingFor(deps.sealing, act));
    if (handled.outcome !== 'done') return false;
    await deps.awaitViews(views, handled.position);
    return handled.state.status === 'made' && isSameCheck(handled.state.checked, checked);
  };

  /** The check with this id, where it is the own institution's. */
  const own = async (staff: Staff, id: string) => {
    const { state, events } = await load(deps, checkDecider, id);
    const isOwn = state.status === 'made' && deps.offices.current(state.checked.institution) === ownOf(staff);
    return isOwn ? { checked: state.checked, events } : undefined;
  };

  return {
    /** Whether they may check at all. */
    mayCheck: (staff: Staff): boolean => may(staff).outcome === 'allowed',

    /** Checks, and writes down what was asked by and found; its id is that of the act, which happens once. */
    check: async (staff: Staff, act: ActOfStaff, asked: Asked): Promise<Checking> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      const found = await checkedBy(deps, asked);
      if (found === undefined) return { outcome: 'malformed' };
      const office = ownOf(staff);
      const key = found.woman ?? idNumberKey(deps.sealing, normaliseIdNumber(asked.text));
      const { registrationId } = found;
      const viewing = {
        subject: { kind: 'organisation', id: office, office },
        what: 'searched',
        count: registrationId === undefined ? 0 : 1,
        shown: registrationId === undefined ? [] : [registrationId],
        searched: { text: asked.text.trim(), key },
      } as const;
      const viewer = staffViewer(staff, atTheCounter);
      const isThis = await access.shown(viewer, viewing, () => record(act, asked, found));
      return isThis ? { outcome: 'checked', id: act.commandId } : { outcome: 'otherContent' };
    },

    /** A check of the own institution and what it found, as that stands now; nobody's own registration. */
    shown: async (staff: Staff, id: string): Promise<{ outcome: 'found'; check: ShownCheck } | Refused> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      const made = await own(staff, id);
      if (made === undefined) return { outcome: 'absent' };
      const { by, outcome, registrationId, certificate } = made.checked;
      const told = made.events.find(({ type }) => type === 'WomanTold');
      const { how, office } = (told?.data ?? {}) as WomanTold['data'];
      const check: ShownCheck = {
        id,
        at: made.events[0]?.meta.at ?? '',
        by,
        outcome,
        isVoid: await isVoid(deps, certificate),
        ...(certificate !== undefined && { certificate }),
        ...(told && { told: { at: told.meta.at, how, ...(office !== undefined && { office }) } }),
      };
      const row = registrationId === undefined ? undefined : await registrationRow(deps, registrationId);
      if (row === undefined) return { outcome: 'found', check };
      const notOwn = may(staff, peopleOf(deps.sealing, await openData(deps, row)));
      if (notOwn.outcome === 'forbidden') return notOwn;
      const viewing = { subject: registrationSubject(row), what: 'opened' } as const;
      const viewer = staffViewer(staff, atTheCounter);
      const found = await access.shown(viewer, viewing, () => foundOf(deps, row, ownOf(staff)));
      return { outcome: 'found', check: { ...check, found } };
    },

    /** Writes down that she was told to register, and where she may go (M1); once for a check. */
    tell: async (
      staff: Staff,
      id: string,
      act: ActOfStaff,
      { how, office }: { how: WomanTold['data']['how']; office?: string | undefined },
    ): Promise<Telling> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      const isKnown = office === undefined || isPlaceToRegister(deps, office);
      if (!isKnown) return { outcome: 'rejected', rejection: { type: 'unknownOffice' } };
      const made = await own(staff, id);
      const command = {
        type: 'TellWoman',
        institution: made?.checked.institution ?? ownOf(staff),
        how,
        ...(office !== undefined && { office }),
      } as const;
      const handled = await handleCommand(deps, checkDecider, id, command, actingFor(deps.sealing, act));
      if (handled.outcome === 'done') await deps.awaitViews(views, handled.position);
      return handled;
    },

    /** Whom the own institution told, the latest first, and whether they registered since: without anything about them. */
    followUps: async (staff: Staff): Promise<readonly FollowUp[]> => {
      if (may(staff).outcome === 'forbidden') return [];
      const query = { index: 'told', equals: [ownOf(staff)], descending: true, limit: most };
      const { rows } = await deps.viewStore.find('check', query);
      // Checks after which nobody was told stand in the index too, behind all others.
      const told = (rows as readonly CheckRow[]).filter(({ toldAt }) => toldAt !== undefined);
      return Promise.all(
        told.map(async (row) => {
          const { woman, institution, toldAt = '', ...line } = row;
          return { ...line, toldAt, since: await since(deps, row) };
        }),
      );
    },

    /** What the own institution checked, told and annotated, by month, the latest first. */
    months: async (staff: Staff): Promise<readonly InstitutionMonthRow[]> => {
      if (may(staff).outcome === 'forbidden') return [];
      const query = { index: 'institution', equals: [ownOf(staff)], descending: true, limit: 60 };
      return (await deps.viewStore.find('institutionMonth', query)).rows as readonly InstitutionMonthRow[];
    },
  };
};
