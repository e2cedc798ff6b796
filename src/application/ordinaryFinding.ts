import { ordinaryDecider } from '#domain/certificate/ordinary.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { maskIdNumber, maskName } from '#domain/people/mask.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { normalisedNumber } from './certificateQueries.ts';
import { idNumberKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import { openData } from './opened.ts';

/** A registration as an office anywhere in the province sees it before it issues: masked, and whether one was issued (C4). */
export type FoundForIssue = {
  id: string;
  office: string;
  status: MadeStatus;
  parity: number;
  wife: { name: string; idNumber: string };
  husband: { name: string; idNumber: string };
  issued?: { serial: string; office: string; issuedOn: string };
};

export type FindingForIssue =
  | { outcome: 'found'; registrations: readonly FoundForIssue[] }
  | { outcome: 'forbidden'; reason: Forbidden };

const most = 10;

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

/** Finds the registration of whoever stands at a counter, anywhere in the province (C4); that it was looked for is recorded (S6). */
export const ordinaryFinding = (deps: Deps, access: AccessRecords) => ({
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
    const basis = elsewhere ? ({ task: 'other', reason: { code: 'atTheCounter', text: '' } } as const) : {};
    return access.shown(staffViewer(staff, basis), viewing, async () => ({
      outcome: 'found' as const,
      registrations: (await Promise.all(found.map((row) => foundOf(deps, row)))).flat(),
    }));
  },
});
