import { type OrdinaryCertificateAssigned, type OrdinaryState, ordinaryDecider } from '#domain/certificate/ordinary.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { maskIdNumber, maskName } from '#domain/people/mask.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import { isPrinted } from '#domain/stock/serial.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { normalisedNumber } from './certificateQueries.ts';
import { idNumberKey, peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import { openData, registrationRow } from './opened.ts';
import { lowestHeld, voidingOffices } from './ordinaryCertificates.ts';
import { nameOf } from './staffView.ts';

/** A registration as an office anywhere in the province sees it before it issues: masked, and whether one was issued (C4). */
export type FoundForIssue = {
  id: string;
  office: string;
  status: MadeStatus;
  parity: number;
  wife: { name: string; idNumber: string };
  husband: { name: string; idNumber: string };
  issued?: NonNullable<OrdinaryState['current']>;
};

/** What the desk needs to issue, replace or void: what holds and by whose hand, what is void, and the next serial of the own stock. */
export type DeskView = FoundForIssue & {
  handler: string | undefined;
  voided: OrdinaryState['voided'];
  /** Whether ordinary certificates are printed for this child. */
  printed: boolean;
  lowest: string | undefined;
  voidingOffices: readonly string[];
  mayVoid: boolean;
};

export type FindingForIssue =
  | { outcome: 'found'; registrations: readonly FoundForIssue[] }
  | { outcome: 'forbidden'; reason: Forbidden };

const most = 10;
const atTheCounter = { task: 'other', reason: { code: 'atTheCounter', text: '' } } as const;

/** Ids of registrations of whoever has this ID number, or of the certificate with this number. */
const idsOf = async (deps: Deps, text: string): Promise<readonly string[]> => {
  const number = normalisedNumber(text);
  if (number !== undefined) {
    const [row] = (await deps.viewStore.get('certificate', [number])) as readonly (CertificateRow | undefined)[];
    return row === undefined ? [] : [row.registrationId];
  }
  const equals = [idNumberKey(deps.sealing, normaliseIdNumber(text))];
  const pages = await Promise.all(
    ['wifeIdNumber', 'husbandIdNumber'].map((index) => deps.viewStore.find('search', { index, equals, limit: most })),
  );
  return [...new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => String(id))))].slice(0, most);
};

const maskedPerson = ({ name, idNumber }: { name: string; idNumber: string }) => ({
  name: maskName(name),
  idNumber: maskIdNumber(idNumber),
});

const foundOf = async (deps: Deps, row: RegistrationRow): Promise<readonly FoundForIssue[]> => {
  const data = await openData(deps, row);
  if (data === undefined) return [];
  const { id, office, status, parity } = row;
  const { current } = (await load(deps, ordinaryDecider, id)).state;
  const couple = { wife: maskedPerson(data.wife), husband: maskedPerson(data.husband) };
  return [{ id, office, status: status as MadeStatus, parity, ...couple, ...(current && { issued: current }) }];
};

const deskView = async (deps: Deps, row: RegistrationRow, own: string): Promise<DeskView | undefined> => {
  const [found] = await foundOf(deps, row);
  if (found === undefined) return undefined;
  const { events, state } = await load(deps, ordinaryDecider, row.id);
  const assigned = events.findLast(({ type }) => type === 'OrdinaryCertificateAssigned');
  const handler = (assigned?.data as OrdinaryCertificateAssigned['data'] | undefined)?.handler;
  const offices = found.issued ? voidingOffices(deps, found.issued.office, row.office) : [];
  return {
    ...found,
    handler: found.issued && ((await nameOf(deps, handler)) ?? handler),
    voided: state.voided,
    printed: isPrinted(row.parity),
    lowest: await lowestHeld(deps, own, row.parity),
    voidingOffices: offices,
    mayVoid: offices.includes(own),
  };
};

/** Finds the registration of whoever stands at a counter, anywhere in the province (C4); that it was looked for is recorded (S6). */
export const ordinaryFinding = (deps: Deps, access: AccessRecords) => ({
  /** One of those found, as it stands now; `absent` also where its personal data are erased. */
  desk: async (
    staff: Staff,
    id: string,
  ): Promise<
    { outcome: 'found'; view: DeskView } | { outcome: 'forbidden'; reason: Forbidden } | { outcome: 'absent' }
  > => {
    const row = await registrationRow(deps, id);
    const data = row && (await openData(deps, row));
    const office = deps.offices.current(staff.office);
    const people = data === undefined ? [] : peopleOf(deps.sealing, data);
    const allowed = authorise(staff, { act: 'issueOrdinary', office, people }, deps.offices);
    if (allowed.outcome === 'forbidden') return allowed;
    if (row === undefined || data === undefined) return { outcome: 'absent' };
    const viewing = { subject: registrationSubject(row), what: 'opened' } as const;
    const basis = deps.offices.current(row.office) === office ? {} : atTheCounter;
    const view = await access.shown(staffViewer(staff, basis), viewing, () => deskView(deps, row, office));
    return view === undefined ? { outcome: 'absent' } : { outcome: 'found', view };
  },

  /** By the ID number of a spouse or the number of a certificate. */
  find: async (staff: Staff, text: string): Promise<FindingForIssue> => {
    const office = deps.offices.current(staff.office);
    const allowed = authorise(staff, { act: 'issueOrdinary', office, people: [] }, deps.offices);
    if (allowed.outcome === 'forbidden') return allowed;
    const ids = await idsOf(deps, text);
    const rows = (await deps.viewStore.get('registration', [...ids])) as readonly (RegistrationRow | undefined)[];
    const found = rows.filter((row) => row !== undefined);
    const searched = { text, key: idNumberKey(deps.sealing, normaliseIdNumber(text)) };
    const subject = { kind: 'organisation', id: office, office } as const;
    const viewing = {
      subject,
      what: 'searched',
      count: found.length,
      shown: found.map(({ id }) => id),
      searched,
    } as const;
    const elsewhere = found.some((row) => deps.offices.current(row.office) !== office);
    // Whoever stands at the counter of another office asked for it there.
    const basis = elsewhere ? atTheCounter : {};
    return access.shown(staffViewer(staff, basis), viewing, async () => ({
      outcome: 'found' as const,
      registrations: (await Promise.all(found.map((row) => foundOf(deps, row)))).flat(),
    }));
  },
});
